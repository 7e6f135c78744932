package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.text.Numbers;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Checks weights before any verdict: a metric may be finite where the weights are not, and nothing
 * may be accepted that can't be stored.
 *
 * <p>A weight that holds infinities or NaN from the start on is meant to, such as a mask for
 * attention: it is not judged.
 */
final class SoundWeights {

    /** From this many elements on a weight is encoded once per kind of transform. */
    private static final int LARGE = 1 << 22;

    private final ModelWeights weights;
    private final EffectiveWeights effective;
    private final NDManager manager;
    private final Map<TargetWeight, Long> notFinite = new LinkedHashMap<>();
    private final Map<TargetWeight, String> notes = new LinkedHashMap<>();
    private final Set<Class<?>> encoded = new HashSet<>();

    /** Looks at the weights as they are at the start. */
    SoundWeights(ModelWeights weights, EffectiveWeights effective, NDManager manager) {
        this.weights = weights;
        this.effective = effective;
        this.manager = manager;
        for (TargetWeight weight : weights.distinct()) {
            long count = notFinite(weight, List.of());
            if (count > 0) {
                notFinite.put(weight, count);
            }
        }
    }

    /** Returns those of some targets that are finite, and notes the others. */
    List<TargetWeight> withoutInfinities(List<TargetWeight> targets) {
        for (TargetWeight weight : targets) {
            if (notFinite.containsKey(weight)) {
                notes.put(
                        weight,
                        String.format(
                                Locale.ROOT,
                                "%s was not compressed, and is stored as it is: %s before anything"
                                        + " was changed. If that is a mask, use a large finite number"
                                        + " in place of -infinity, such as -1e9; or exclude it with"
                                        + " optSelector",
                                weight.path(),
                                held(weight, notFinite.get(weight))));
            }
        }
        return targets.stream().filter(weight -> !notFinite.containsKey(weight)).toList();
    }

    /**
     * Tells whether all weights are finite as a plan leaves them, and notes the first that isn't.
     */
    boolean areFinite(Plan plan) {
        for (TargetWeight weight : weights.distinct()) {
            long count =
                    notFinite.containsKey(weight) ? 0 : notFinite(weight, plan.of(weight.id()));
            if (count > 0) {
                notes.putIfAbsent(
                        weight,
                        String.format(
                                Locale.ROOT,
                                "a state of the model was refused, whatever its metric: %s %s. The"
                                        + " weights have diverged: lower the learning rate, or check"
                                        + " the training data",
                                weight.path(),
                                held(weight, count)));
                return false;
            }
        }
        return true;
    }

    /**
     * Tells whether weights can be stored as a plan leaves them, and notes the first that can't.
     */
    boolean canBeStored(Plan plan, Collection<TargetWeight> targets) {
        for (TargetWeight weight : targets) {
            List<? extends Class<?>> kinds =
                    plan.of(weight.id()).stream().map(WeightTransform::getClass).toList();
            if (weight.size() > LARGE && encoded.containsAll(kinds)) {
                continue; // it would take longer than many an epoch
            }
            try {
                effective.encode(plan, weight);
                encoded.addAll(kinds);
            } catch (IllegalStateException | IllegalArgumentException e) {
                notes.putIfAbsent(
                        weight,
                        String.format(
                                Locale.ROOT,
                                "a state of the model was refused, because %s can't be stored in"
                                        + " it: %s. Exclude the weight with optSelector",
                                weight.path(),
                                e.getMessage()));
                return false;
            }
        }
        return true;
    }

    /** Returns what was noted, one sentence per weight. */
    Collection<String> notes() {
        return notes.values();
    }

    /** Adds what was noted to the reason for which nothing can be judged. */
    IllegalStateException explained(IllegalStateException failure) {
        return notes.isEmpty()
                ? failure
                : new IllegalStateException(
                        failure.getMessage() + ". " + String.join(". ", notes.values()), failure);
    }

    private static String held(TargetWeight weight, long count) {
        return String.format(
                Locale.ROOT,
                "%s of its %s values were infinite or NaN",
                Numbers.count(count),
                Numbers.count(weight.shape().size()));
    }

    private long notFinite(TargetWeight weight, List<WeightTransform> transforms) {
        if (!weight.parameter().isInitialized()
                || !weights.latent(weight).getDataType().isFloating()) {
            return 0;
        }
        try (NDManager scratch = manager.newSubManager()) {
            NDArray value =
                    transforms.isEmpty()
                            ? Tensors.alias(weights.latent(weight), scratch)
                            : effective.effective(transforms, weight, scratch);
            if (Double.isFinite(number(value.sum()))) {
                return 0; // nearly always: one operation, and no further memory
            }
            return (long) number(value.isNaN().logicalOr(value.isInfinite()).sum());
        }
    }

    private static double number(NDArray scalar) {
        return scalar.toType(DataType.FLOAT64, false).getDouble();
    }
}
