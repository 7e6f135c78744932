package dev.bonsai.block;

import ai.djl.nn.Parameter;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.LayerNormalization;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.type.Constants;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds out what each weight is to the model, by the operators that take it. */
final class ParameterRoles {

    private static final List<Parameter.Type> BATCH_NORM =
            List.of(
                    Parameter.Type.OTHER,
                    Parameter.Type.GAMMA,
                    Parameter.Type.BETA,
                    Parameter.Type.RUNNING_MEAN,
                    Parameter.Type.RUNNING_VAR);
    private static final List<Parameter.Type> LAYER_NORM =
            List.of(Parameter.Type.OTHER, Parameter.Type.GAMMA, Parameter.Type.BETA);

    private static final int BIAS_OF_PRODUCT = 2;
    private static final int BIAS_OF_RECURRENCE = 3;

    private final Map<String, Parameter.Type> types = new HashMap<>();
    private final Set<String> sure = new HashSet<>();

    ParameterRoles(Graph graph) {
        graph.nodes().forEach(this::look);
    }

    private void look(Node node) {
        for (int i = 0; i < node.inputs().size(); ++i) {
            Parameter.Type type = type(node.operator(), i);
            if (isSure(node.operator(), i)) {
                sure.add(node.inputs().get(i));
            }
            if (type != Parameter.Type.OTHER) {
                types.merge(
                        node.inputs().get(i), type, (a, b) -> a == b ? a : Parameter.Type.OTHER);
            }
        }
    }

    /** Whether the operand is what {@link #type} says, however many axes it has. */
    private static boolean isSure(Operator operator, int operand) {
        if (operator instanceof BatchNormalization || operator instanceof LayerNormalization) {
            return operand > 0;
        }
        return operator instanceof Recurrence
                ? operand == BIAS_OF_RECURRENCE
                : operator == Plain.PRELU
                        ? operand == 1
                        : isProduct(operator) && operand == BIAS_OF_PRODUCT;
    }

    private static boolean isProduct(Operator operator) {
        return operator instanceof Gemm
                || operator instanceof Conv
                || operator instanceof ConvTranspose;
    }

    /** OTHER where the operator does not tell. */
    private static Parameter.Type type(Operator operator, int operand) {
        if (operator instanceof BatchNormalization) {
            return BATCH_NORM.get(operand);
        }
        if (operator instanceof LayerNormalization) {
            return LAYER_NORM.get(operand);
        }
        boolean bias =
                (isProduct(operator) && operand == BIAS_OF_PRODUCT)
                        || (operator instanceof Recurrence && operand == BIAS_OF_RECURRENCE);
        if (bias || operator == Binary.ADD) {
            return Parameter.Type.BIAS;
        }
        boolean scales = operator == Binary.MUL || operator == Binary.DIV;
        return scales || operator == Plain.PRELU ? Parameter.Type.GAMMA : Parameter.Type.OTHER;
    }

    /**
     * Returns what a weight is: what the operators say for one of rank 0 or 1, a bias if they don't
     * say it, and a weight if it has more axes and is not unmistakably something else.
     */
    Parameter.Type of(Weight weight) {
        if (!Constants.isFloat(weight.type())) {
            return Parameter.Type.OTHER;
        }
        boolean many = weight.shape().rank() > 1;
        Parameter.Type told = types.getOrDefault(weight.path(), Parameter.Type.OTHER);
        if (told != Parameter.Type.OTHER && (!many || sure.contains(weight.path()))) {
            return told;
        }
        return many ? Parameter.Type.WEIGHT : Parameter.Type.BIAS;
    }
}
