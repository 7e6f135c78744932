package dev.bonsai.pruning;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.core.Bounds;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.core.WeightSelector;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.NullUnmarked;

/**
 * The settings of a {@link Pruning}; {@link Pruning.Builder} says what each means.
 *
 * @param selector which weights are pruned
 * @param targetSparsity the fraction that is removed, in [0, 1); empty with a threshold and with
 *     {@link SparsityPattern#nm}
 * @param threshold the least importance that is kept, greater than 0; empty with a target sparsity
 *     and with {@link SparsityPattern#nm}
 * @param pattern which elements are removed together
 * @param criterion what ranks the elements
 * @param scope what they are ranked against; empty where there is no target sparsity
 * @param allocation how the sparsity is shared out; empty but in the local scope
 * @param schedule in which steps the sparsity grows; empty where there is no target sparsity
 * @param regrowth whether removed weights come back
 * @param ramp how a level that is on trial is approached
 * @param rewindEpoch the epoch whose weights are gone back to, or empty
 */
public record PruningSettings(
        WeightSelector selector,
        @Bounds(atLeast = 0, below = 1) Optional<Float> targetSparsity,
        @Bounds(above = 0) Optional<Float> threshold,
        SparsityPattern pattern,
        Criterion criterion,
        Optional<Scope> scope,
        Optional<Allocation> allocation,
        Optional<SparsitySchedule> schedule,
        Regrowth regrowth,
        Refresh ramp,
        @Bounds(atLeast = 0) OptionalInt rewindEpoch)
        implements TechniqueSettings {

    private static final int DEFAULT_STEPS = 10;

    /**
     * Fills in the defaults and checks the settings.
     *
     * @throws IllegalArgumentException if not exactly one of target sparsity, threshold and N:M
     *     pattern is set, if a value is out of its range, if settings contradict one another, or if
     *     the schedule leaves [0, 1) or decreases
     */
    @NullUnmarked // what is given as null takes its default
    public PruningSettings(
            WeightSelector selector,
            Optional<Float> targetSparsity,
            Optional<Float> threshold,
            SparsityPattern pattern,
            Criterion criterion,
            Optional<Scope> scope,
            Optional<Allocation> allocation,
            Optional<SparsitySchedule> schedule,
            Regrowth regrowth,
            Refresh ramp,
            OptionalInt rewindEpoch) {
        this.selector = requireNonNullElseGet(selector, WeightSelector::all);
        this.threshold = orEmpty(threshold);
        this.pattern = requireNonNullElse(pattern, SparsityPattern.unstructured());
        this.criterion = requireNonNullElse(criterion, Criterion.magnitude());
        this.regrowth = requireNonNullElse(regrowth, Regrowth.none());
        this.ramp = requireNonNullElse(ramp, Refresh.NONE);
        this.rewindEpoch = rewindEpoch == null ? OptionalInt.empty() : rewindEpoch;
        Optional<Float> target = orEmpty(targetSparsity);
        this.targetSparsity = target.filter(sparsity -> !isOf(this.pattern, sparsity));
        boolean bySparsity = !(this.pattern instanceof NofM) && this.threshold.isEmpty();
        this.scope = orElse(scope, Scope.GLOBAL, bySparsity);
        boolean local = bySparsity && this.scope.equals(Optional.of(Scope.LOCAL));
        this.allocation = orElse(allocation, Allocation.UNIFORM, local);
        this.schedule = orElse(schedule, SparsitySchedule.cubic(DEFAULT_STEPS), bySparsity);
        target.ifPresent(PruningSettings::checkSparsity);
        this.threshold.ifPresent(PruningSettings::checkThreshold);
        this.rewindEpoch.ifPresent(PruningSettings::checkRewind);
        PruningLevels.of(this);
        MaskTiming.of(this);
    }

    private static <T> Optional<T> orEmpty(Optional<T> value) {
        return value == null ? Optional.empty() : value;
    }

    private static <T> Optional<T> orElse(Optional<T> value, T usual, boolean needed) {
        return orEmpty(value).or(() -> needed ? Optional.of(usual) : Optional.empty());
    }

    /** Tells whether a sparsity is the one that an N:M pattern leads to by itself. */
    private static boolean isOf(SparsityPattern pattern, float sparsity) {
        return pattern instanceof NofM nm && Math.abs(sparsity - nm.sparsity()) <= 1e-6; // a float
    }

    static float checkSparsity(float targetSparsity) {
        if (!(targetSparsity >= 0 && targetSparsity < 1)) {
            throw new IllegalArgumentException(
                    "The target sparsity is a fraction in [0, 1), but got "
                            + targetSparsity
                            + ": use 0.95f to remove 95 % of the weights");
        }
        return targetSparsity;
    }

    static float checkThreshold(float threshold) {
        if (!(threshold > 0 && threshold < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "The threshold is finite and greater than 0, but got "
                            + threshold
                            + ": use setTargetSparsity to remove a fraction");
        }
        return threshold;
    }

    static int checkRewind(int epoch) {
        if (epoch < 0) {
            throw new IllegalArgumentException(
                    "The epoch to go back to is 0 or more, but got "
                            + epoch
                            + ": use 0 for the weights before the first step");
        }
        return epoch;
    }

    @Override
    public Pruning build() {
        return new Pruning(this);
    }
}
