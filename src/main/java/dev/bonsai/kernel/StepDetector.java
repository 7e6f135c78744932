package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
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
 * update, or that the weights have moved. One small parameter that is being trained is looked at.
 *
 * <p>Where no gradient can be seen when a batch is told of, each batch counts as a step: where the
 * gradients of all parameters looked at are zero, as they are in a training loop that tells of a
 * batch after the step. In a loop that tells of no batch, no step is known. If batches are told of
 * after the step, and the optimizer does not zero gradients, the step before which the parameter is
 * looked at first is not known.
 */
final class StepDetector {

    /** How many parameters are asked for a gradient before it counts as unknown. */
    private static final int WITNESSES = 8;

    /** Of a larger parameter only the element with the largest gradient is compared. */
    private static final int COMPARED = 4096;

    private final ModelWeights weights;
    private final NDManager manager;
    private final List<TargetWeight> smallestFirst;
    private Optional<Seen> seen = Optional.empty();
    private boolean told;

    /** Whether the weights had moved already when a batch was told of. */
    private boolean moved;

    private long steps;

    /**
     * A parameter as it was when a batch was told of.
     *
     * @param element which element was looked at; -1 for all
     * @param values what was looked at; empty if nothing was
     */
    private record Seen(TargetWeight weight, long element, float[] values) {

        /** Tells whether the same elements have moved. */
        boolean differs(Seen now) {
            return values.length > 0 && !Arrays.equals(values, now.values);
        }
    }

    StepDetector(ModelWeights weights, NDManager manager) {
        this.weights = weights;
        this.manager = manager;
        smallestFirst =
                weights.distinct().stream()
                        .filter(w -> w.dataType() == DataType.FLOAT32)
                        .sorted(Comparator.comparingLong(w -> w.shape().size()))
                        .toList();
    }

    /** Called when a batch is told of: after its backward pass, before the step if there is one. */
    void onBatch() {
        told = true;
        Optional<Seen> now = seen.filter(s -> isNonzero(s.weight)).map(this::lookAgain);
        moved |= now.isPresent() && seen.get().differs(now.get());
        seen =
                now.filter(s -> s.element < 0)
                        .or(() -> now.map(Seen::weight).or(this::findWitness).map(this::look));
    }

    /** What is frozen and what is not may change from one epoch to the next. */
    private Optional<TargetWeight> findWitness() {
        return smallestFirst.stream()
                .filter(w -> w.parameter().requiresGradient())
                .limit(WITNESSES)
                .filter(this::isNonzero)
                .findFirst();
    }

    private Seen look(TargetWeight weight) {
        long element = weight.shape().size() <= COMPARED ? -1 : largestGradient(weight);
        return new Seen(weight, element, values(weight, element));
    }

    /**
     * Tells whether the optimizer has taken a step since this was asked last; called before a
     * training pass and at the end of an epoch.
     */
    boolean hasStepped() {
        if (!told) {
            return false;
        }
        boolean zeroed = seen.isEmpty() || !isNonzero(seen.get().weight);
        Optional<Seen> now = zeroed ? Optional.empty() : seen.map(this::lookAgain);
        boolean stepped = zeroed || moved || seen.get().differs(now.orElseThrow());
        if (stepped) {
            ++steps;
            told = false;
            moved = false;
            seen = now.or(() -> seen.map(s -> new Seen(s.weight, s.element, new float[0])));
        }
        return stepped;
    }

    private Seen lookAgain(Seen then) {
        return new Seen(then.weight, then.element, values(then.weight, then.element));
    }

    /** Returns the number of steps so far. */
    long steps() {
        return steps;
    }

    /** Goes on counting, right behind a step. */
    void resume(long stepsSoFar) {
        steps = stepsSoFar;
    }

    private boolean isNonzero(TargetWeight weight) {
        if (!weights.latent(weight).hasGradient()) {
            return false;
        }
        try (NDManager scratch = manager.newSubManager()) {
            NDArray gradient = gradient(weight, scratch);
            if (gradient.size() <= COMPARED) { // looked at here: a call of the engine takes longer
                return isNonzero(gradient.toFloatArray());
            }
            return gradient.max().getFloat() != 0 || gradient.min().getFloat() != 0; // NaN is one
        }
    }

    private static boolean isNonzero(float[] values) {
        for (float value : values) {
            if (value != 0) { // NaN is not 0
                return true;
            }
        }
        return false;
    }

    private long largestGradient(TargetWeight weight) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray gradient = gradient(weight, scratch).flatten(); // no copy: it may be large
            return Math.abs(gradient.min().getFloat()) > Math.abs(gradient.max().getFloat())
                    ? gradient.argMin().getLong()
                    : gradient.argMax().getLong();
        }
    }

    private NDArray gradient(TargetWeight weight, NDManager scratch) {
        NDArray gradient = weights.latent(weight).getGradient();
        gradient.attach(scratch);
        return gradient;
    }

    private float[] values(TargetWeight weight, long element) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray values = Tensors.alias(weights.latent(weight), scratch);
            return element < 0
                    ? values.toFloatArray()
                    : new float[] {values.flatten().getFloat(element)};
        }
    }
}
