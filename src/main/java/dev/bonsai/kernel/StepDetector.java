package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Tells steps of the optimizer from batches: with gradient accumulation there are several batches
 * per step, and DJL tells listeners of batches only.
 *
 * <p>The sign of a step is that the gradients have been zeroed, as DJL's optimizers do after an
 * update, or that the weights have moved. One small parameter is looked at. Where no gradient can
 * be seen when a batch is told of, each batch counts as a step.
 */
final class StepDetector {

    /** How many parameters are asked for a gradient before it counts as unknown. */
    private static final int WITNESSES = 8;

    /** Larger parameters are not compared with what they were. */
    private static final int COMPARED = 4096;

    private final ModelWeights weights;
    private final NDManager manager;
    private final List<TargetWeight> smallestFirst;
    private Optional<Seen> seen = Optional.empty();
    private boolean told;
    private long steps;

    /** A parameter as it was when a batch was told of. */
    private record Seen(TargetWeight weight, float[] values) {}

    StepDetector(ModelWeights weights, NDManager manager) {
        this.weights = weights;
        this.manager = manager;
        smallestFirst =
                weights.parameters().stream()
                        .filter(w -> w.parameter().requiresGradient())
                        .sorted(Comparator.comparingLong(w -> w.shape().size()))
                        .limit(WITNESSES)
                        .toList();
    }

    /** Called when a batch is told of: after its backward pass, before the step if there is one. */
    void onBatch() {
        told = true;
        seen = seen.filter(s -> isNonzero(s.weight)).or(this::findWitness);
        seen = seen.map(s -> new Seen(s.weight, values(s.weight)));
    }

    private Optional<Seen> findWitness() {
        return smallestFirst.stream()
                .filter(this::isNonzero)
                .findFirst()
                .map(weight -> new Seen(weight, new float[0]));
    }

    /**
     * Tells whether the optimizer has taken a step since this was asked last; called before a
     * training pass and at the end of an epoch.
     */
    boolean hasStepped() {
        boolean stepped =
                told && seen.map(s -> !isNonzero(s.weight) || !sameValues(s)).orElse(true);
        if (stepped) {
            ++steps;
            told = false;
        }
        return stepped;
    }

    /** Returns the number of steps so far. */
    long steps() {
        return steps;
    }

    private boolean isNonzero(TargetWeight weight) {
        NDArray latent = weights.latent(weight);
        if (!latent.hasGradient()) {
            return false;
        }
        try (NDManager scratch = manager.newSubManager()) {
            NDArray gradient = latent.getGradient();
            gradient.attach(scratch);
            return gradient.abs().sum().getFloat() != 0; // NaN counts as a gradient
        }
    }

    private float[] values(TargetWeight weight) {
        if (weight.shape().size() > COMPARED) {
            return new float[0];
        }
        try (NDManager scratch = manager.newSubManager()) {
            return Tensors.alias(weights.latent(weight), scratch).toFloatArray();
        }
    }

    private boolean sameValues(Seen then) {
        return Arrays.equals(then.values, values(then.weight));
    }
}
