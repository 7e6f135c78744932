package dev.bonsai.rewrite;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Optional;

/** What a rule sees: everything that stands before the node that it looks at. */
interface Draft {

    /** The inputs of the graph. */
    List<Input> inputs();

    /** What is known of a value. */
    ValueInfo info(String name);

    /** The shape of a value, or empty if its rank is not known. */
    default Optional<Shape> shape(String name) {
        return info(name).shape();
    }

    /** What a node would result in. */
    ValueInfo infer(Node node);

    /** The node whose result a value is; empty for an input, a weight or a constant. */
    Optional<Node> producer(String name);

    /** The node whose result a value is, if it has an operator. */
    default Optional<Node> producer(String name, Operator operator) {
        return producer(name).filter(node -> node.operator().equals(operator));
    }

    /** How often a value is used, as an operand or an output; perhaps more than it is. */
    int uses(String name);

    /** Whether a value is an output of the graph. */
    boolean isOutput(String name);

    /** The value of a constant. */
    default Optional<EncodedWeight> constant(String name) {
        return info(name).constant();
    }

    /** The value of a weight, if it is known. */
    Optional<EncodedWeight> weight(String path);

    /** An earlier node that does the same with the same operands. */
    Optional<Node> equal(Node node);

    /** A name that is not in use. */
    String fresh(String stem);
}
