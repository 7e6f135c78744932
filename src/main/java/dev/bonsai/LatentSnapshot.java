package dev.bonsai;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.TargetWeight;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The values of parameters at one moment, running statistics included. */
final class LatentSnapshot implements AutoCloseable {

    private final ModelWeights weights;
    private final NDManager manager;
    private final Map<TargetWeight, NDArray> values = new LinkedHashMap<>();

    private LatentSnapshot(ModelWeights weights, NDManager parent) {
        this.weights = weights;
        manager = parent.newSubManager();
    }

    /** Copies all parameters. */
    static LatentSnapshot of(ModelWeights weights, NDManager parent) {
        return of(weights, parent, weight -> true);
    }

    /** Copies some of the parameters. */
    static LatentSnapshot of(
            ModelWeights weights, NDManager parent, Predicate<TargetWeight> which) {
        LatentSnapshot snapshot = new LatentSnapshot(weights, parent);
        for (TargetWeight weight : weights.parameters()) {
            if (!which.test(weight)) {
                continue;
            }
            try (NDArray alias = weights.latent(weight).stopGradient()) {
                NDArray copy = alias.duplicate();
                copy.attach(snapshot.manager);
                snapshot.values.put(weight, copy);
            }
        }
        return snapshot;
    }

    /** Copies the values back into the arrays that they came from. */
    void restore() {
        values.forEach(weights::write);
    }

    @Override
    public void close() {
        manager.close();
    }
}
