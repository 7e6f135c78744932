package dev.bonsai.thinning;

import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Map;

/**
 * What a model costs: the numbers that it stores, and the multiplications with an addition that it
 * takes to run.
 *
 * @param parameters the elements of all weights, running statistics included
 * @param multiplyAdds the multiplications of convolutions, products of matrices and recurrent
 *     layers; what goes element by element, pools and normalisations are not counted
 */
public record Cost(long parameters, long multiplyAdds) {

    /** Checks that nothing is negative. */
    public Cost {
        if (parameters < 0 || multiplyAdds < 0) {
            throw new ThinningException(
                    "A cost of "
                            + parameters
                            + " parameters and "
                            + multiplyAdds
                            + " multiply-adds",
                    "numbers of at least 0",
                    "subtract the smaller cost from the larger one");
        }
    }

    /**
     * Counts what a graph costs.
     *
     * @param graph the graph
     * @param inputs a shape per input, without free dimensions
     * @return the cost of one run
     * @throws GraphException if the shapes don't fit, or the size of a product is not known before
     *     it is computed
     */
    public static Cost of(Graph graph, List<Shape> inputs) {
        Map<String, ValueInfo> values = graph.values(inputs);
        long parameters = 0;
        for (Graph.Weight weight : graph.weights()) {
            parameters = Math.addExact(parameters, weight.shape().elements().size());
        }
        long multiplyAdds = 0;
        for (Node node : graph.nodes()) {
            multiplyAdds = Math.addExact(multiplyAdds, ofNode(node, values));
        }
        return new Cost(parameters, multiplyAdds);
    }

    /**
     * Counts what goes with one unit of a group: removing several saves about as many times that,
     * less what they have in common.
     *
     * @param graph the graph
     * @param group a group of {@link ChannelGroups#of} the graph; all its units cost the same
     * @param inputs a shape per input, without free dimensions
     * @return the cost of the graph, less that without the unit
     * @throws ThinningException if the group is of another graph
     */
    public static Cost ofUnit(Graph graph, ChannelGroup group, List<Shape> inputs) {
        return of(graph, inputs).minus(of(withoutOne(graph, group), inputs));
    }

    /** A unit may be all that is left of a part, and can't go then; another one can. */
    private static Graph withoutOne(Graph graph, ChannelGroup group) {
        for (int unit = 0; unit < group.size() - 1; ++unit) {
            try {
                return Thinner.remove(graph, Map.of(group, List.of(unit)));
            } catch (ThinningException e) {
                // the next one
            }
        }
        return Thinner.remove(graph, Map.of(group, List.of(group.size() - 1)));
    }

    /**
     * Returns the difference.
     *
     * @param other a cost that is not larger
     * @return this less the other
     */
    public Cost minus(Cost other) {
        return new Cost(parameters - other.parameters, multiplyAdds - other.multiplyAdds);
    }

    /**
     * Counts the multiplications of one operator.
     *
     * @param node a node of the graph
     * @param values what is known of the graph's values
     * @return the multiplications with an addition
     * @throws GraphException if the size of a product is not known before it is computed
     */
    public static long ofNode(Node node, Map<String, ValueInfo> values) {
        Operator operator = node.operator();
        if (operator instanceof Conv) {
            Shape weight = shape(node, 1, values);
            return times(result(node, values), weight.product(1, weight.rank()));
        }
        if (operator instanceof ConvTranspose) {
            Shape weight = shape(node, 1, values);
            return times(shape(node, 0, values).elements(), weight.product(1, weight.rank()));
        }
        if (operator instanceof Gemm gemm) {
            return times(result(node, values), shape(node, 0, values).get(gemm.transA() ? 0 : 1));
        }
        if (operator == Plain.MATMUL) {
            return times(result(node, values), shape(node, 0, values).get(-1));
        }
        if (operator instanceof Recurrence) {
            Shape x = shape(node, 0, values);
            Dim weights = shape(node, 1, values).elements().plus(shape(node, 2, values).elements());
            return times(x.get(0).times(x.get(1)), weights);
        }
        return 0;
    }

    private static Dim result(Node node, Map<String, ValueInfo> values) {
        return shape(node, node.output(), values).elements();
    }

    private static Shape shape(Node node, int operand, Map<String, ValueInfo> values) {
        return shape(node, node.inputs().get(operand), values);
    }

    private static Shape shape(Node node, String name, Map<String, ValueInfo> values) {
        return values.get(name)
                .shape()
                .filter(Shape::isFixed)
                .orElseThrow(
                        () ->
                                new GraphException(
                                        "%s: the size of %s is not known before it is computed: count"
                                                + " a graph without such sizes",
                                        node, name));
    }

    private static long times(Dim a, Dim b) {
        return Math.multiplyExact(a.size(), b.size());
    }
}
