package dev.bonsai.kernel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.distillation.Student;
import java.util.List;
import java.util.function.Function;

/** The model of a session as a teacher sees it. */
record TrainedModel(ModelWeights weights, NDManager manager) implements Student {

    @Override
    public List<TargetWeight> parameters() {
        return weights.parameters();
    }

    @Override
    public boolean readsStore() {
        return !weights.hasImported();
    }

    @Override
    public Device device() {
        return weights.device();
    }

    @Override
    public Function<Parameter, NDArray> remember() {
        return LatentSnapshot.of(weights, manager)::value;
    }
}
