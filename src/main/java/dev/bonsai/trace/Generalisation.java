package dev.bonsai.trace;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one graph with free dimensions of graphs that were seen at several sizes: these have the
 * same nodes, and constants of which some differ. A constant that differs is computed from the
 * sizes.
 */
final class Generalisation {

    private final List<FreeAxis> free;
    private final Sizes sizes;
    private final List<Graph> graphs;
    private final List<Map<String, ValueInfo>> values;
    private final SizeNodes nodes;

    /**
     * @param free the free axes
     * @param sizes the sizes per graph
     * @param graphs the graphs, with fixed shapes
     */
    Generalisation(List<FreeAxis> free, Sizes sizes, List<Graph> graphs) {
        this.free = free;
        this.sizes = sizes;
        this.graphs = graphs;
        values = graphs.stream().map(Graph::values).toList();
        nodes = new SizeNodes(first(), free);
    }

    private Graph first() {
        return graphs.get(0);
    }

    Graph graph() {
        for (int i = 0; i < first().nodes().size(); ++i) {
            Node node = first().nodes().get(i);
            for (int k = 1; k < graphs.size(); ++k) {
                List<Node> others = graphs.get(k).nodes();
                checkSame(node, i < others.size() ? others.get(i).toString() : "nothing", k);
            }
            add(node);
        }
        for (int k = 1; k < graphs.size(); ++k) {
            List<Node> others = graphs.get(k).nodes();
            if (others.size() > first().nodes().size()) {
                throw differs("nothing more", others.get(first().nodes().size()).toString(), k);
            }
            if (!graphs.get(k).outputs().equals(first().outputs())) {
                throw differs(first().outputs().toString(), graphs.get(k).outputs().toString(), k);
            }
        }
        List<String> outputs = first().outputs().stream().map(this::operand).toList();
        return nodes.graph(inputs(), first().weights(), outputs);
    }

    private void checkSame(Node node, String other, int k) {
        if (!node.toString().equals(other)) {
            throw differs(node.toString(), other, k);
        }
    }

    private TraceException differs(String one, String other, int k) {
        return new TraceException(
                "The operators of the block depend on its sizes: with "
                        + sizes.passes().get(0)
                        + " it gives "
                        + one
                        + ", but with "
                        + sizes.passes().get(k)
                        + " "
                        + other
                        + ". A graph has the same operators for all sizes: name the axes that are"
                        + " free, or leave fixed what can't be");
    }

    private List<Graph.Input> inputs() {
        List<Graph.Input> inputs = new ArrayList<>();
        for (int i = 0; i < first().inputs().size(); ++i) {
            Graph.Input input = first().inputs().get(i);
            List<Dim> dims = new ArrayList<>(input.shape().dims());
            for (FreeAxis axis : free) {
                if (axis.input() == i) {
                    dims.set(axis.axis(), Dim.free(axis.name()));
                }
            }
            inputs.add(new Graph.Input(input.name(), input.type(), new Shape(dims)));
        }
        return inputs;
    }

    private void add(Node node) {
        if (node.operator() instanceof Reshape) {
            reshape(node);
            return;
        }
        List<String> operands = node.inputs().stream().map(this::operand).toList();
        nodes.add(new Node(node.operator(), operands, node.outputs()));
    }

    private List<Shape> shapes(String name) {
        return values.stream().map(of -> of.get(name).shape().orElseThrow()).toList();
    }

    private void reshape(Node node) {
        String data = operand(node.inputs().get(0));
        List<Shape> from = shapes(node.inputs().get(0));
        List<Shape> to = shapes(node.output());
        boolean matrix = to.get(0).rank() == 2 && from.get(0).rank() > 2;
        for (int i = 0; i < from.size() && matrix; ++i) {
            matrix = from.get(i).get(0).equals(to.get(i).get(0));
        }
        if (matrix) {
            nodes.add(Node.of(new Flatten(1), node.output(), data));
            return;
        }
        String target = node.inputs().get(1);
        List<EncodedWeight> all = constants(target);
        String shape = areEqual(all) ? operand(target) : nodes.numbers(dims(node, all, from));
        nodes.add(Node.of(node.operator(), node.output(), data, shape));
    }

    /** Says a shape: 0 where a dimension is kept, once -1 for what is left, else a number. */
    private List<Sizes.Expression> dims(Node node, List<EncodedWeight> all, List<Shape> from) {
        List<long[]> wanted = numbers(node, all);
        boolean mayInfer = wanted.stream().noneMatch(dim -> dim[0] == -1);
        List<Sizes.Expression> dims = new ArrayList<>();
        for (int i = 0; i < wanted.size(); ++i) {
            long[] dim = wanted.get(i);
            if (areEqual(dim)) {
                dims.add(fixed(dim[0]));
            } else if (isKept(dim, i, from)) {
                dims.add(fixed(0));
            } else if (mayInfer) {
                dims.add(fixed(-1));
                mayInfer = false;
            } else {
                dims.add(fit(node, dim));
            }
        }
        return dims;
    }

    private static boolean isKept(long[] dim, int axis, List<Shape> from) {
        boolean kept = true;
        for (int k = 0; k < dim.length; ++k) {
            kept &= axis < from.get(k).rank() && from.get(k).get(axis).is(dim[k]);
        }
        return kept;
    }

    private static Sizes.Expression fixed(long number) {
        return new Sizes.Expression(List.of(), number);
    }

    private static boolean areEqual(long[] numbers) {
        for (long number : numbers) {
            if (number != numbers[0]) {
                return false;
            }
        }
        return true;
    }

    private static boolean areEqual(List<EncodedWeight> values) {
        return values.stream().allMatch(values.get(0)::equals);
    }

    private List<EncodedWeight> constants(String name) {
        return graphs.stream().map(graph -> graph.constants().get(name)).toList();
    }

    /** Returns the numbers of constants, per number those of all passes. */
    private List<long[]> numbers(Object user, List<EncodedWeight> all) {
        int count = all.get(0).size();
        if (all.stream().anyMatch(value -> value.size() != count)) {
            throw unfit(user, all.stream().map(value -> value.size() + " numbers").toList());
        }
        List<List<Long>> lists = all.stream().map(Constants::integers).toList();
        List<long[]> numbers = new ArrayList<>();
        for (int i = 0; i < count; ++i) {
            int at = i;
            numbers.add(lists.stream().mapToLong(list -> list.get(at)).toArray());
        }
        return numbers;
    }

    private Sizes.Expression fit(Object user, long[] numbers) {
        return areEqual(numbers)
                ? fixed(numbers[0])
                : sizes.fit(numbers)
                        .orElseThrow(
                                () ->
                                        unfit(
                                                user,
                                                java.util.Arrays.stream(numbers).boxed().toList()));
    }

    private TraceException unfit(Object user, List<?> seen) {
        return new TraceException(
                "A value of the block's own making differs from pass to pass, and can't be said by"
                        + " the sizes: "
                        + user
                        + " takes "
                        + seen
                        + " with the sizes "
                        + sizes.passes()
                        + ". Leave out random numbers, make the axis fixed, or compute the value by"
                        + " operators of arrays");
    }

    /** Returns the name of an operand: a constant is shared, or computed where it differs. */
    private String operand(String name) {
        if (!first().constants().containsKey(name)) {
            return name;
        }
        List<EncodedWeight> all = constants(name);
        if (all.stream().anyMatch(value -> value == null)) {
            throw unfit(name, List.of("a constant in some of the passes only"));
        }
        if (areEqual(all)) {
            return nodes.constant(all.get(0));
        }
        boolean numbers =
                Constants.type(all.get(0)) == ElementType.INT64
                        && all.get(0).shape().length <= 1
                        && all.stream().allMatch(value -> value.size() == all.get(0).size());
        if (numbers) {
            List<Sizes.Expression> list =
                    numbers(name, all).stream().map(number -> fit(name, number)).toList();
            return all.get(0).shape().length == 0 ? nodes.number(list.get(0)) : nodes.numbers(list);
        }
        return varying(name, all);
    }

    private String varying(String name, List<EncodedWeight> all) {
        int rank = all.get(0).shape().length;
        if (all.stream().anyMatch(value -> value.shape().length != rank)) {
            throw unfit(name, all.stream().map(value -> Shape.of(value.shape())).toList());
        }
        List<Sizes.Expression> shape = new ArrayList<>();
        for (int i = 0; i < rank; ++i) {
            int axis = i;
            shape.add(fit(name, all.stream().mapToLong(value -> value.shape()[axis]).toArray()));
        }
        Optional<String> made = new VaryingConstant(all, shape, sizes, nodes).name();
        return made.orElseThrow(
                () -> unfit(name, all.stream().map(value -> Shape.of(value.shape())).toList()));
    }
}
