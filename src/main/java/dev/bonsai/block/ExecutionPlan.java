package dev.bonsai.block;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A graph with numbers in the place of names, made once: which kernel takes which values, and which
 * values are not needed behind it. The numbers of the inputs come first, then those of the weights,
 * the constants and the results of nodes.
 */
final class ExecutionPlan {

    private static final int NONE = -1;

    /**
     * A node.
     *
     * @param node the node, for messages
     * @param kernel computes it on the device
     * @param host computes it of integers on Java's side, where there is such a kernel
     * @param operands the number of each operand; -1 where one is left out
     * @param results the number of each result; -1 where one is not used
     * @param dying the numbers of the values that are used here for the last time
     */
    record Step(
            Node node,
            Kernel kernel,
            Optional<HostKernel> host,
            int[] operands,
            int[] results,
            int[] dying) {}

    private final Map<String, Integer> numbers = new HashMap<>();
    private final int inputs;
    private final int weights;
    private final List<EncodedWeight> constants;
    private final List<Step> steps = new ArrayList<>();
    private final int[] outputs;
    private final List<Integer> unused;

    ExecutionPlan(Graph graph) {
        graph.inputs().forEach(input -> number(input.name()));
        inputs = numbers.size();
        graph.weights().forEach(weight -> number(weight.path()));
        weights = graph.weights().size();
        graph.constants().keySet().forEach(this::number);
        constants = List.copyOf(graph.constants().values());
        int given = numbers.size();
        Map<Integer, Integer> lastUse = new HashMap<>();
        for (int i = 0; i < graph.nodes().size(); ++i) {
            int step = i;
            Node node = graph.nodes().get(i);
            node.inputs().forEach(name -> lastUse.put(numbers.getOrDefault(name, NONE), step));
            node.outputs().stream().filter(n -> !n.equals(Node.ABSENT)).forEach(this::number);
        }
        outputs = graph.outputs().stream().mapToInt(numbers::get).toArray();
        Set<Integer> kept = new HashSet<>();
        Arrays.stream(outputs).forEach(kept::add);
        for (int i = 0; i < graph.nodes().size(); ++i) {
            int step = i;
            int[] dying =
                    lastUse.entrySet().stream()
                            .filter(use -> use.getValue() == step)
                            .mapToInt(Map.Entry::getKey)
                            .filter(n -> n >= 0 && (n < inputs || n >= given) && !kept.contains(n))
                            .toArray();
            steps.add(step(graph.nodes().get(i), lastUse.keySet(), kept, dying));
        }
        unused =
                IntStream.range(inputs, inputs + weights)
                        .filter(n -> !lastUse.containsKey(n) && !kept.contains(n))
                        .boxed()
                        .toList();
    }

    private void number(String name) {
        numbers.put(name, numbers.size());
    }

    private Step step(Node node, Set<Integer> used, Set<Integer> kept, int[] dying) {
        int[] results =
                node.outputs().stream()
                        .mapToInt(name -> numbers.getOrDefault(name, NONE))
                        .map(n -> used.contains(n) || kept.contains(n) ? n : NONE)
                        .toArray();
        return new Step(
                node,
                Kernels.of(node.operator()),
                HostKernels.of(node.operator()),
                node.inputs().stream().mapToInt(name -> numbers.getOrDefault(name, NONE)).toArray(),
                results,
                dying);
    }

    List<Step> steps() {
        return steps;
    }

    /** Returns the number of values. */
    int slots() {
        return numbers.size();
    }

    int[] outputs() {
        return outputs;
    }

    List<EncodedWeight> constants() {
        return constants;
    }

    /** Returns the number of a value. */
    int slot(String name) {
        return numbers.get(name);
    }

    /** Returns the numbers of the weights that no node takes. */
    List<Integer> unused() {
        return unused;
    }

    /** Returns which weight of the graph a value is. */
    int weight(int slot) {
        return slot - inputs;
    }

    /** Returns which constant of the graph a value is, or -1 if it is none. */
    int constant(int slot) {
        int constant = slot - inputs - weights;
        return constant >= 0 && constant < constants.size() ? constant : NONE;
    }
}
