package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.bonsai.activation.IntegerForm;
import dev.bonsai.block.GraphRun;
import dev.bonsai.core.Effect;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.TracedNetwork;
import dev.bonsai.graph.Graph;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * The user's block as a graph over the user's own parameters, which is run in place of the block
 * where activations are rounded.
 */
final class RoundedNetwork {

    private final Graph traced;
    private final Map<String, Parameter> parameters = new HashMap<>();
    private final GraphRun run;
    private final NDManager manager;
    private final KeptArrays kept;
    private List<RoundedBias> biases = List.of();

    private RoundedNetwork(
            TracedNetwork network, ModelWeights weights, NDManager manager, KeptArrays kept) {
        this.manager = manager;
        this.kept = kept;
        traced = network.graph();
        for (TargetWeight weight : weights.parameters()) {
            parameters.put(weight.path(), weight.parameter());
        }
        run = new GraphRun(IntegerForm.of(traced, Set.of()).graph(), parameters::get);
    }

    /**
     * Makes the network, if a technique rounds activations.
     *
     * @param network what was traced
     * @param inputs the input of the first training pass
     * @param kept has the input that is observed
     * @throws dev.bonsai.trace.TraceException if the graph trains otherwise than the block
     */
    static Optional<RoundedNetwork> of(
            List<Technique> techniques,
            Optional<TracedNetwork> network,
            ModelWeights weights,
            NDManager manager,
            NDList inputs,
            KeptArrays kept) {
        if (techniques.stream().noneMatch(t -> t.getEffect() == Effect.ACTIVATIONS)) {
            return Optional.empty();
        }
        TracedNetwork traced = network.orElseThrow();
        RoundedNetwork rounded = new RoundedNetwork(traced, weights, manager, kept);
        new TrainingCheck(weights.root(), rounded.run, traced.graph()).check(inputs, manager);
        return Optional.of(rounded);
    }

    /** Says whose products are computed in integers. */
    void select(List<TargetWeight> targets) {
        Set<String> paths = new HashSet<>();
        targets.forEach(weight -> paths.add(weight.path()));
        biases = RoundedBias.of(IntegerForm.of(traced, IntegerForm.floats(traced, paths)));
    }

    /** Runs the network. */
    NDList forward(RoundedPass pass, NDList inputs) {
        boolean training = pass.known().mode() == Mode.TRAINING;
        Map<String, UnaryOperator<NDArray>> changes = new HashMap<>();
        pass.transforms()
                .forEach((name, t) -> changes.put(name, value -> t.apply(value, pass.known())));
        if (!training) {
            for (RoundedBias bias : biases) {
                bias.change(pass, parameters::get)
                        .ifPresent(change -> changes.put(bias.changed(), change));
            }
        }
        return run.run(pass.store(), inputs, training, changes);
    }

    /**
     * Shows what the network computes of the input that is kept, in inference.
     *
     * @param store what is asked for the weights; its manager owns what is computed
     */
    void observe(ParameterStore store, Set<String> names, BiConsumer<String, NDArray> observer) {
        Map<String, UnaryOperator<NDArray>> changes = new HashMap<>();
        for (String name : names) {
            changes.put(
                    name,
                    value -> {
                        observer.accept(name, value);
                        return value;
                    });
        }
        try (NDManager scratch = manager.newSubManager()) {
            run.run(store, Tensors.aliases(kept.inputs(), scratch), false, changes);
        }
    }
}
