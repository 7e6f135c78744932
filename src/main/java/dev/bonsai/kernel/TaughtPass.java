package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.bonsai.distillation.Teacher;
import java.util.Optional;

/** A training pass to whose inputs the teacher answers as well. */
record TaughtPass(Pass pass, Teacher teacher, Block root, NDList inputs) implements Pass {

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
        NDList ended = pass.end(outputs, params);
        teacher.teach(root, inputs, params, ended);
        return ended;
    }

    @Override
    public void close() {
        pass.close();
    }
}
