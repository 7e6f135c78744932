package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Optional;
import java.util.function.Function;

/** A pass with effective weights, which are freed when it ends: a graph keeps what it needs. */
class EffectivePass implements Pass {

    private final NDManager parent;
    private final NDManager owner;
    private final ParameterStore store;
    private final Runnable release;
    private final Optional<RoundedForward> rounded;

    /**
     * @param inputs the input, whose manager is to own the output
     * @param given the trainer's or predictor's store
     * @param store makes the store that the block reads from, given the owner of effective weights
     * @param rounding makes what is run in place of the block, given that store
     * @param release lets go of what was taken hold of for this pass
     */
    EffectivePass(
            NDList inputs,
            ParameterStore given,
            Function<NDManager, ParameterStore> store,
            Function<ParameterStore, Optional<RoundedForward>> rounding,
            Runnable release) {
        this.release = release;
        parent = inputs.isEmpty() ? given.getManager() : inputs.head().getManager();
        owner = parent.newSubManager();
        this.store = store.apply(owner);
        rounded = rounding.apply(this.store);
    }

    @Override
    public Optional<RoundedForward> rounded() {
        return rounded;
    }

    @Override
    public ParameterStore store() {
        return store;
    }

    @Override
    public NDList end(NDList outputs, PairList<String, Object> params) {
        for (NDArray output : outputs) {
            if (output.getManager() == owner) {
                output.attach(parent);
            }
        }
        return outputs;
    }

    @Override
    public void close() {
        owner.close();
        release.run();
    }
}
