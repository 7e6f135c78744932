package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Optional;

/**
 * A pass that lets go of something more when it is closed.
 *
 * @param pass the pass
 * @param release lets go
 */
record HeldPass(Pass pass, Runnable release) implements Pass {

    @Override
    public ParameterStore store() {
        return pass.store();
    }

    @Override
    public Optional<RoundedForward> rounded() {
        return pass.rounded();
    }

    @Override
    public NDList end(NDList outputs, PairList<String, Object> params) {
        return pass.end(outputs, params);
    }

    @Override
    public void close() {
        pass.close();
        release.run();
    }
}
