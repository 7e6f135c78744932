package dev.bonsai.activation;

import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.GlobalPool;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.WindowPool;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which products of a graph are computed in integers, and which values lie on an 8-bit grid for it:
 * what the products read, what convolutions write (behind the activation that is part of their
 * kernel), and what lies between.
 */
public final class ActivationPlan {

    private final Map<Node, IntegerTarget> targets = new LinkedHashMap<>();
    private final Map<String, String> grids = new LinkedHashMap<>();
    private final Map<String, List<Node>> readers = new HashMap<>();
    private final Set<String> outputs;

    private ActivationPlan(Graph graph) {
        outputs = new HashSet<>(graph.outputs());
        for (Node node : graph.nodes()) {
            for (String input : node.inputs()) {
                readers.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
            }
        }
    }

    /**
     * Makes the plan of a graph.
     *
     * @param model the graph, simplified for inference
     * @param isFloat whether a product stays in floats
     * @return the plan
     */
    public static ActivationPlan of(GraphModel model, Predicate<IntegerTarget> isFloat) {
        Graph graph = model.graph();
        ActivationPlan plan = new ActivationPlan(graph);
        Set<String> fixed = new HashSet<>(model.weights().keySet());
        fixed.addAll(graph.constants().keySet());
        for (Node node : graph.nodes()) {
            IntegerTarget.of(node, model)
                    .filter(target -> target.isPlain() && !isFloat.test(target))
                    .filter(target -> !fixed.contains(target.data()))
                    .ifPresent(target -> plan.add(target));
        }
        graph.nodes().forEach(plan::carry);
        return plan;
    }

    private void add(IntegerTarget target) {
        targets.put(target.node(), target);
        grids.putIfAbsent(target.data(), target.data());
        if (target.node().operator() instanceof Conv) {
            String result = activated(target.node());
            grids.putIfAbsent(result, result);
        }
    }

    /**
     * Tells what a kernel writes: behind a ReLU or a clip that alone reads the result.
     *
     * @param node a node of the graph
     * @return the name of the value
     */
    public String activated(Node node) {
        List<Node> next = readers.getOrDefault(node.output(), List.of());
        boolean fuses =
                next.size() == 1
                        && !outputs.contains(node.output())
                        && (next.get(0).operator() == Unary.RELU
                                || next.get(0).operator() == Plain.CLIP);
        return fuses ? next.get(0).output() : node.output();
    }

    /** Takes a grid along where a kernel works on codes. */
    private void carry(Node node) {
        String result = node.output();
        if (outputs.contains(result) || targets.containsKey(node)) {
            return;
        }
        if (keepsValues(node.operator()) && grids.containsKey(node.inputs().get(0))) {
            grids.put(result, grids.get(node.inputs().get(0)));
        } else if (makesValues(node.operator()) && grids.keySet().containsAll(node.inputs())) {
            String behind = outputs.contains(activated(node)) ? result : activated(node);
            grids.putIfAbsent(behind, behind);
        }
    }

    /** The values of the result are some of the operand's. */
    private static boolean keepsValues(Operator operator) {
        return (operator instanceof WindowPool pool && pool.kind() == WindowPool.Kind.MAX)
                || operator instanceof Reshape
                || operator instanceof Flatten
                || operator instanceof Transpose
                || operator == Plain.SQUEEZE
                || operator == Plain.UNSQUEEZE;
    }

    /** The values of the result are others. */
    private static boolean makesValues(Operator operator) {
        return (operator instanceof WindowPool pool && pool.kind() == WindowPool.Kind.AVERAGE)
                || operator == GlobalPool.AVERAGE
                || operator == Unary.SIGMOID
                || operator == Binary.ADD
                || operator == Binary.MUL
                || operator instanceof Concat;
    }

    /**
     * Returns the product of a node.
     *
     * @param node a node of the graph
     * @return the product, or null if it stays in floats
     */
    public @Nullable IntegerTarget target(Node node) {
        return targets.get(node);
    }

    /**
     * Tells on which grid a value lies.
     *
     * @param value the name of a value
     * @return the value whose grid it is, perhaps itself; null if it lies on none
     */
    public @Nullable String grid(String value) {
        return grids.get(value);
    }

    /**
     * Returns the values that have a grid of their own: those that are rounded. All others on a
     * grid are made of them without being changed.
     *
     * @return their names, in the order of the graph
     */
    public Set<String> rounded() {
        return new LinkedHashSet<>(grids.values());
    }

    /**
     * Returns the products that are computed in integers.
     *
     * @return the products
     */
    public Collection<IntegerTarget> products() {
        return targets.values();
    }

    /**
     * Returns the values that lie on a grid.
     *
     * @return their names
     */
    public Set<String> values() {
        return Set.copyOf(grids.keySet());
    }

    /**
     * Tells whether no product is computed in integers.
     *
     * @return whether there is nothing to round
     */
    public boolean isEmpty() {
        return targets.isEmpty();
    }
}
