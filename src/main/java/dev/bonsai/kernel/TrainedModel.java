package dev.bonsai.kernel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.distillation.Student;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The model of a session as a teacher sees it. */
final class TrainedModel implements Student {

    private final ModelWeights weights;
    private final NDManager manager;
    private Optional<LatentSnapshot> remembered = Optional.empty();

    TrainedModel(ModelWeights weights, NDManager manager) {
        this.weights = weights;
        this.manager = manager;
    }

    /** Returns the values that were remembered last. */
    Optional<LatentSnapshot> remembered() {
        return remembered;
    }

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
        LatentSnapshot now = LatentSnapshot.of(weights, manager);
        remembered = Optional.of(now);
        return now::value;
    }
}
