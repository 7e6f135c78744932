package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * A pass with the weights as they are.
 *
 * @param store the trainer's or a predictor's store
 */
record PlainPass(ParameterStore store) implements Pass {

    @Override
    public NDList end(NDList outputs, PairList<String, Object> params) {
        return outputs;
    }

    @Override
    public void close() {
        // nothing was taken hold of
    }
}
