package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.bonsai.block.GraphRun;
import dev.bonsai.core.FixedParameterStore;
import dev.bonsai.core.Tensors;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.trace.TraceException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Checks that the graph of a block, which was traced in inference, stands for the block in training
 * too: that the block does not read labels, and computes in training what the graph does. Where the
 * graph has dropout the two draw different numbers, and are not compared.
 */
record TrainingCheck(Block root, GraphRun run, Graph graph) {

    /** Of the largest output: sums of floats in another order. */
    private static final double TOLERANCE = 1e-3;

    /** The blocks of DJL that read no labels, though they pass them on. */
    private static final String PLAIN = "ai.djl.nn.";

    /**
     * Compares the outputs of a training pass. Parameters and statistics stay as they are.
     *
     * @throws TraceException if they differ
     */
    void check(NDList inputs, NDManager manager) {
        checkLabels(root);
        if (graph.nodes().stream().anyMatch(node -> node.operator() == Plain.DROPOUT)) {
            return;
        }
        try (NDManager scratch = manager.newSubManager()) {
            Copies ofRoot = new Copies(new LinkedHashMap<>(), scratch);
            Copies ofGraph = new Copies(new LinkedHashMap<>(), scratch);
            NDList expected = root.forward(ofRoot.store(), Tensors.aliases(inputs, scratch), true);
            NDList actual =
                    run.run(ofGraph.store(), Tensors.aliases(inputs, scratch), true, Map.of());
            for (int i = 0; i < expected.size(); ++i) {
                compare(expected.get(i), actual.get(i));
            }
            ofGraph.values.forEach(
                    (parameter, value) -> compare(ofRoot.of(parameter), value)); // statistics
        }
    }

    /** Copies of parameters, in which statistics are updated. */
    private record Copies(Map<Parameter, NDArray> values, NDManager owner) {

        NDArray of(Parameter parameter) {
            return values.computeIfAbsent(parameter, p -> Tensors.copy(p.getArray(), owner));
        }

        ParameterStore store() {
            return new FixedParameterStore(owner, this::of);
        }
    }

    private static void compare(NDArray expected, NDArray actual) {
        if (expected.getShape().size() == 0 || !expected.getDataType().isFloating()) {
            return;
        }
        NDArray exact = expected.stopGradient();
        double largest = number(exact.abs().max());
        double difference = number(actual.stopGradient().sub(exact).abs().max());
        if (!(difference <= TOLERANCE * Math.max(largest, Float.MIN_NORMAL))) {
            throw new TraceException(
                    String.format(
                            Locale.ROOT,
                            "The block computes something else in training than its graph, by %s of"
                                    + " outputs up to %s: it must not ask whether it is trained, but"
                                    + " for DJL's own dropout and batch normalisation. Or leave"
                                    + " ActivationQuantization out",
                            difference,
                            largest));
        }
    }

    private static double number(NDArray scalar) {
        return scalar.toType(DataType.FLOAT64, false).getDouble();
    }

    private static void checkLabels(Block block) {
        for (String method : new String[] {"forward", "forwardInternal"}) {
            Class<?> declaring = declaring(block.getClass(), method);
            if (declaring != null && !declaring.getName().startsWith(PLAIN)) {
                throw new TraceException(
                        String.format(
                                Locale.ROOT,
                                "%s reads labels in its training pass (%s overrides %s with labels),"
                                        + " which its graph does not have: leave"
                                        + " ActivationQuantization out",
                                block.getClass().getSimpleName(),
                                declaring.getSimpleName(),
                                method));
            }
        }
        block.getChildren().values().forEach(TrainingCheck::checkLabels);
    }

    private static Class<?> declaring(Class<?> type, String method) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            try {
                return at.getDeclaredMethod(
                                method,
                                ParameterStore.class,
                                NDList.class,
                                NDList.class,
                                PairList.class)
                        .getDeclaringClass();
            } catch (NoSuchMethodException e) {
                // the class above may have it
            }
        }
        return null;
    }
}
