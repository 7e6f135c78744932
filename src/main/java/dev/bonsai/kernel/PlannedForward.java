package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.ForwardPass;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs forward passes of a block through the view of the store that shows effective weights. */
final class PlannedForward {

    private final ModelWeights weights;
    private final EffectiveWeights baking;
    private final NDManager manager;

    PlannedForward(ModelWeights weights, EffectiveWeights baking, NDManager manager) {
        this.weights = weights;
        this.baking = baking;
        this.manager = manager;
    }

    /**
     * Runs one pass.
     *
     * @param plan what is done to the weights
     * @param store the trainer's or predictor's store
     * @param inputs the input, whose manager is to own the output
     * @param training whether a gradient will be asked for
     * @param forward the block's pass, given a store
     * @param asked told the ids of the parameters that the block has asked for
     */
    NDList run(
            Plan plan,
            ParameterStore store,
            NDList inputs,
            boolean training,
            Function<ParameterStore, NDList> forward,
            Consumer<Set<String>> asked) {
        if (training || !weights.hasImported()) {
            return throughView(plan, store, inputs, training, forward, asked);
        }
        try (LatentSnapshot now = LatentSnapshot.of(weights, manager, weights::isImported)) {
            try {
                baking.bake(plan, weights::isImported);
                return throughView(plan, store, inputs, false, forward, asked);
            } finally {
                now.restore();
            }
        }
    }

    private static NDList throughView(
            Plan plan,
            ParameterStore store,
            NDList inputs,
            boolean training,
            Function<ParameterStore, NDList> forward,
            Consumer<Set<String>> asked) {
        NDManager parent = inputs.isEmpty() ? store.getManager() : inputs.head().getManager();
        try (NDManager pass = parent.newSubManager()) {
            ForwardPass.Mode mode =
                    training ? ForwardPass.Mode.TRAINING : ForwardPass.Mode.INFERENCE;
            EffectiveParameterStore view = new EffectiveParameterStore(store, plan, pass, mode);
            NDList outputs = forward.apply(view);
            asked.accept(view.asked());
            for (NDArray output : outputs) {
                if (output.getManager() == pass) {
                    output.attach(parent);
                }
            }
            return outputs;
        }
    }
}
