package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The values of parameters at one moment, running statistics included. */
final class LatentSnapshot implements AutoCloseable {

    private final ModelWeights weights;
    private final NDManager manager;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, NDArray> values = new LinkedHashMap<>();

    private LatentSnapshot(ModelWeights weights, NDManager parent) {
        this.weights = weights;
        manager = parent.newSubManager();
    }

    /** Copies all parameters of the model. */
    static LatentSnapshot of(ModelWeights weights, NDManager parent) {
        return of(weights, parent, weight -> true);
    }

    /** Copies all parameters of the model, and those of a plan's transforms. */
    static LatentSnapshot of(ModelWeights weights, NDManager parent, List<Parameter> own) {
        LatentSnapshot snapshot = of(weights, parent);
        own.forEach(snapshot::add);
        return snapshot;
    }

    /** Copies some of the parameters. */
    static LatentSnapshot of(
            ModelWeights weights, NDManager parent, Predicate<TargetWeight> which) {
        LatentSnapshot snapshot = new LatentSnapshot(weights, parent);
        for (TargetWeight weight : weights.distinct()) {
            if (which.test(weight)) {
                snapshot.add(weight.parameter());
            }
        }
        return snapshot;
    }

    private void add(Parameter parameter) {
        parameters.put(parameter.getId(), parameter);
        values.put(parameter.getId(), Tensors.copy(weights.value(parameter), manager));
    }

    /** Returns the value that a parameter had; null if it was not copied. */
    NDArray value(Parameter parameter) {
        return values.get(weights.weightId(parameter));
    }

    /** Returns all values, in the order in which they were copied. */
    List<NDArray> values() {
        return List.copyOf(values.values());
    }

    /** Returns the id that the weight of a parameter goes by. */
    String weightId(Parameter parameter) {
        return weights.weightId(parameter);
    }

    /** Copies the values back into the arrays that they came from. */
    void restore() {
        values.forEach((id, value) -> weights.write(parameters.get(id), value));
    }

    @Override
    public void close() {
        manager.close();
    }
}
