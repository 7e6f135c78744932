package dev.bonsai.thinning;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Shape;
import java.util.Optional;
import java.util.Set;

/**
 * Tells which operators make zeros of zeros, element by element: only then does a zero of a weight
 * mean that what is multiplied with the result is not used. exp(0) is 1.
 */
final class ZeroKeeping {

    private static final Set<Operator> ALWAYS =
            Set.of(
                    Plain.SQUEEZE,
                    Plain.UNSQUEEZE,
                    Plain.SLICE,
                    Unary.IDENTITY,
                    Unary.RELU,
                    Unary.TANH,
                    Unary.NEG,
                    Unary.ABS,
                    Unary.SIGN,
                    Binary.MUL);

    private ZeroKeeping() {}

    /** Tells it of a node whose inputs are made of weights and constants alone. */
    static boolean holds(Node node, Flow flow) {
        Operator operator = node.operator();
        if (operator == Binary.ADD || operator == Binary.SUB) {
            Optional<Shape> result = flow.shape(node.output());
            return node.inputs().stream().allMatch(input -> flow.shape(input).equals(result));
        }
        return ALWAYS.contains(operator)
                || operator instanceof Cast
                || operator instanceof Concat
                || operator instanceof Flatten
                || operator instanceof Gather
                || operator instanceof Reshape
                || operator instanceof Split
                || operator instanceof Transpose
                || (operator instanceof ConstantOfShape made && made.value() == 0);
    }
}
