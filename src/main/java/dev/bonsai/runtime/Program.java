package dev.bonsai.runtime;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import dev.bonsai.runtime.arithmetic.Arithmetic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The steps of a model, with a place for each value. It never changes. */
final class Program {

    private static final int ABSENT = -1;

    /**
     * One step.
     *
     * @param node the operator
     * @param kernel its arithmetic
     * @param operands the place of each operand
     * @param results the place of each result
     * @param spent the places of values that are not used any more
     * @param prepared what is made of operands that are the same in every run
     */
    private record Step(
            Node node,
            Kernel kernel,
            int[] operands,
            int[] results,
            int[] spent,
            Arguments.Prepared prepared) {}

    private final List<Step> steps;
    private final Tensor[] values;
    private final int[] inputs;
    private final int[] outputs;
    private final Arithmetic arithmetic;

    private Program(
            List<Step> steps, Tensor[] values, int[] inputs, int[] outputs, Arithmetic arithmetic) {
        this.arithmetic = arithmetic;
        this.steps = steps;
        this.values = values;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /** Numbers the values of a graph, and decodes those that stand fast. */
    static Program of(GraphModel model, Arithmetic arithmetic) {
        Graph graph = model.graph();
        Map<String, Integer> places = new HashMap<>();
        for (Graph.Input input : graph.inputs()) {
            places.put(input.name(), places.size());
        }
        for (Weight weight : graph.weights()) {
            places.put(weight.path(), places.size());
        }
        for (String name : graph.constants().keySet()) {
            places.put(name, places.size());
        }
        int fixed = places.size();
        List<Node> nodes = needed(graph);
        for (Node node : nodes) {
            for (String name : node.outputs()) {
                places.putIfAbsent(name, places.size());
            }
        }
        places.put(Node.ABSENT, ABSENT);
        Tensor[] values = new Tensor[places.size()];
        for (Map.Entry<String, EncodedWeight> each : model.weights().entrySet()) {
            values[places.get(each.getKey())] = Tensor.of(each.getValue());
        }
        for (Map.Entry<String, EncodedWeight> each : graph.constants().entrySet()) {
            values[places.get(each.getKey())] = Tensor.of(each.getValue());
        }
        return new Program(
                steps(graph, nodes, places, fixed, values),
                values,
                inputs(graph),
                places(graph.outputs(), places),
                arithmetic);
    }

    /** The places of the inputs, which are the first. */
    private static int[] inputs(Graph graph) {
        int[] inputs = new int[graph.inputs().size()];
        for (int i = 0; i < inputs.length; ++i) {
            inputs[i] = i;
        }
        return inputs;
    }

    /** The nodes that an output depends on. */
    private static List<Node> needed(Graph graph) {
        Set<String> used = new HashSet<>(graph.outputs());
        List<Node> nodes = new ArrayList<>();
        for (int i = graph.nodes().size() - 1; i >= 0; --i) {
            Node node = graph.nodes().get(i);
            if (!Collections.disjoint(node.outputs(), used)) {
                used.addAll(node.inputs());
                nodes.add(node);
            }
        }
        Collections.reverse(nodes);
        return nodes;
    }

    private static List<Step> steps(
            Graph graph,
            List<Node> nodes,
            Map<String, Integer> places,
            int fixed,
            Tensor... values) {
        Set<Integer> later = new HashSet<>();
        for (String name : graph.outputs()) {
            later.add(places.get(name));
        }
        List<Step> steps = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; --i) {
            Node node = nodes.get(i);
            int[] operands = places(node.inputs(), places);
            int[] results = places(node.outputs(), places);
            int[] spent = spent(operands, graph, fixed, later);
            Arguments.Prepared prepared = prepared(operands, graph, fixed, spent);
            checkDoubles(node, given(operands, values));
            steps.add(new Step(node, kernel(node), operands, results, spent, prepared));
        }
        Collections.reverse(steps);
        return steps;
    }

    /** The operands that stand fast; null for each other. */
    private static Tensor[] given(int[] places, Tensor... values) {
        Tensor[] given = new Tensor[places.length];
        for (int i = 0; i < places.length; ++i) {
            given[i] = places[i] == ABSENT ? null : values[places[i]];
        }
        return given;
    }

    /**
     * Says before the first run what no kernel computes, as ONNX Runtime has none for it either.
     */
    private static void checkDoubles(Node node, Tensor... operands) {
        boolean inFloats =
                node.operator() instanceof Conv
                        || node.operator() instanceof ConvTranspose
                        || node.operator() instanceof Recurrence;
        for (Tensor operand : operands) {
            if (inFloats && operand != null && operand.type() == ElementType.FLOAT64) {
                throw new GraphException(
                        "%s has 64-bit floats, of which there is no %s: export the model in 32-bit"
                                + " floats",
                        node, node.operator().onnxName());
            }
        }
    }

    private static Kernel kernel(Node node) {
        Kernel kernel = Kernels.find(node.operator());
        if (kernel == null) {
            throw new GraphException(
                    node + ": there is no kernel for " + node.operator().onnxName());
        }
        return kernel;
    }

    /** The places that no later step reads; those that are read are added to the later ones. */
    private static int[] spent(int[] operands, Graph graph, int fixed, Set<Integer> later) {
        int[] spent = new int[operands.length];
        int count = 0;
        for (int place : operands) {
            if ((place >= fixed || isInput(place, graph)) && later.add(place)) {
                spent[count++] = place;
            }
        }
        return Arrays.copyOf(spent, count);
    }

    private static Arguments.Prepared prepared(
            int[] operands, Graph graph, int fixed, int[] spent) {
        boolean[] last = new boolean[operands.length];
        boolean[] stays = new boolean[operands.length];
        for (int i = 0; i < stays.length; ++i) {
            for (int place : spent) {
                last[i] |= place == operands[i];
            }
            stays[i] = operands[i] >= graph.inputs().size() && operands[i] < fixed;
        }
        return new Arguments.Prepared(stays, last);
    }

    private static boolean isInput(int place, Graph graph) {
        return place >= 0 && place < graph.inputs().size();
    }

    private static int[] places(List<String> names, Map<String, Integer> places) {
        int[] found = new int[names.size()];
        for (int i = 0; i < found.length; ++i) {
            found[i] = places.get(names.get(i));
        }
        return found;
    }

    /** Tells which steps have operands or results whose shape is not known beforehand. */
    boolean[] unknown(Map<String, ValueInfo> known) {
        boolean[] unknown = new boolean[steps.size()];
        for (int i = 0; i < unknown.length; ++i) {
            Node node = steps.get(i).node();
            unknown[i] = isUnknown(node.inputs(), known) || isUnknown(node.outputs(), known);
        }
        return unknown;
    }

    private static boolean isUnknown(List<String> names, Map<String, ValueInfo> known) {
        for (String name : names) {
            if (isUnknown(name, known)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUnknown(String name, Map<String, ValueInfo> known) {
        if (name.equals(Node.ABSENT)) {
            return false;
        }
        Optional<Shape> shape = known.get(name).shape();
        return shape.isEmpty() || !shape.get().isFixed();
    }

    /** Computes the outputs; the steps that are named are checked first. */
    List<Tensor> run(Tensor[] given, boolean[] unknown) {
        Tensor[] now = values.clone();
        Spares spares = new Spares();
        for (int i = 0; i < given.length; ++i) {
            now[inputs[i]] = given[i];
        }
        for (int i = 0; i < unknown.length; ++i) {
            Step step = steps.get(i);
            List<Tensor> results = results(step, now, unknown[i], spares);
            for (int k = 0; k < step.results().length; ++k) {
                if (step.results()[k] != ABSENT) {
                    now[step.results()[k]] = results.get(k);
                    spares.hold(results.get(k));
                }
            }
            for (int place : step.spent()) {
                spares.release(now[place]);
                now[place] = null;
            }
        }
        List<Tensor> results = new ArrayList<>(outputs.length);
        for (int output : outputs) {
            results.add(now[output]);
        }
        return Collections.unmodifiableList(results);
    }

    private List<Tensor> results(Step step, Tensor[] now, boolean unknown, Spares spares) {
        Node node = step.node();
        Tensor[] operands = new Tensor[step.operands().length];
        for (int i = 0; i < operands.length; ++i) {
            operands[i] = step.operands()[i] == ABSENT ? null : now[step.operands()[i]];
        }
        try {
            int count = node.outputs().size();
            if (unknown) {
                Kernels.check(node.operator(), operands, count);
            }
            return step.kernel()
                    .apply(new Arguments(operands, count, arithmetic, step.prepared(), spares));
        } catch (GraphException e) {
            throw new GraphException(node + ": " + e.getMessage(), e);
        } catch (ArithmeticException e) {
            throw new GraphException(node + ": a size is too large", e);
        }
    }
}
