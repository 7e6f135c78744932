package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Optional;

/** One forward pass of the root block, which holds the arrays that it uses until it is closed. */
interface Pass extends AutoCloseable {

    /** Returns the store that the root block is to read its weights from. */
    ParameterStore store();

    /**
     * Returns what is run in place of the root block.
     *
     * @return the network with rounded activations; empty where nothing is rounded
     */
    default Optional<RoundedForward> rounded() {
        return Optional.empty();
    }

    /**
     * Ends the pass.
     *
     * @param outputs what the root block gave
     * @param params the further arguments of the pass
     * @return the outputs, which outlive the pass
     */
    NDList end(NDList outputs, PairList<String, Object> params);

    @Override
    void close();
}
