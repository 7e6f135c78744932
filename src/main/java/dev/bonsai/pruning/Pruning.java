package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Removes the least important elements of the weights, step by step; a removed element is exactly
 * zero in every forward pass from then on.
 *
 * <pre>{@code
 * Pruning.builder().setTargetSparsity(0.95f).build();
 * Pruning.builder()
 *         .setTargetSparsity(0.9f)
 *         .optScope(Scope.LOCAL)
 *         .optAllocation(Allocation.ERK)
 *         .optSchedule(SparsitySchedule.exponential(12))
 *         .build();
 * }</pre>
 *
 * <p>Counts are exact: a sparsity s removes the nearest integer to {@code s * n} of n elements (a
 * half goes up), of all selected weights together in the global scope and of each weight in the
 * local one. Among equally important elements the lower index is kept, or the earlier weight in the
 * order of the model. An element that was removed stays removed, and its latent value is frozen.
 *
 * <p>Every weight keeps its most important element, even where the sparsity asks for all: a layer
 * without any weight would cut the network. In the global scope other weights give more instead.
 */
public final class Pruning implements Technique {

    private final WeightSelector selector;
    private final Criterion criterion;
    private final Levels levels;
    private final Masks.Rule rule;

    private Pruning(Builder builder, Levels levels, Masks.Rule rule) {
        selector = builder.selector;
        criterion = builder.criterion;
        this.levels = levels;
        this.rule = rule;
    }

    /**
     * Starts a configuration.
     *
     * @return a builder that needs a target sparsity or a threshold
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String getName() {
        return "pruning";
    }

    @Override
    public WeightSelector getSelector() {
        return selector;
    }

    @Override
    public Levels getLevels() {
        return levels;
    }

    @Override
    public Effect getEffect() {
        return Effect.ZEROS;
    }

    @Override
    public Set<Signal> getSignals() {
        return criterion.getSignals();
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        List<Ranking> rankings = new ArrayList<>();
        for (TargetWeight weight : proposal.weights()) {
            rankings.add(rank(weight, proposal));
        }
        List<BitSet> kept = rule.keep(level, rankings);
        Map<TargetWeight, WeightTransform> masks = new LinkedHashMap<>();
        for (int i = 0; i < kept.size(); ++i) {
            TargetWeight weight = rankings.get(i).weight();
            BitSet keep = kept.get(i);
            if (keep.cardinality() < rankings.get(i).size()) {
                NDArray value = proposal.value(weight);
                masks.put(
                        weight,
                        new MaskTransform(
                                keep, value.getShape(), value.getDataType(), proposal.manager()));
            }
        }
        return masks;
    }

    private Ranking rank(TargetWeight weight, Proposal proposal) {
        NDArray value = proposal.value(weight);
        NDArray importance =
                criterion.importance(weight, value, signal -> proposal.signal(weight, signal));
        if (!importance.getShape().equals(value.getShape())) {
            throw new IllegalArgumentException(
                    String.format(
                            "A criterion returns one importance an element, of the shape %s for"
                                    + " %s, but got %s",
                            value.getShape(), weight, importance.getShape()));
        }
        float[] values = importance.toType(DataType.FLOAT32, false).toFloatArray();
        return Ranking.of(weight, values, present(weight, values.length, proposal));
    }

    private static BitSet present(TargetWeight weight, int size, Proposal proposal) {
        if (proposal.present(weight).orElse(null) instanceof MaskTransform mask) {
            return mask.keep();
        }
        BitSet all = new BitSet(size);
        all.set(0, size);
        return all;
    }

    /** Collects a configuration of {@link Pruning}. */
    public static final class Builder {

        private static final int DEFAULT_STEPS = 10;

        private Float targetSparsity;
        private Float threshold;
        private Criterion criterion = Criterion.magnitude();
        private Scope scope;
        private SparsitySchedule schedule;
        private Allocation allocation;
        private WeightSelector selector = WeightSelector.all();

        private Builder() {}

        /**
         * Sets which fraction of the selected weights' elements is removed in the end.
         *
         * @param targetSparsity the fraction, in [0, 1): 0.95 removes 95 %
         * @return this builder
         */
        public Builder setTargetSparsity(float targetSparsity) {
            if (!(targetSparsity >= 0 && targetSparsity < 1)) {
                throw new IllegalArgumentException(
                        "The target sparsity is a fraction in [0, 1), but got "
                                + targetSparsity
                                + ": use 0.95f to remove 95 % of the weights");
            }
            this.targetSparsity = targetSparsity;
            return this;
        }

        /**
         * Sets the importance below which every element is removed in the end, in place of a target
         * sparsity. The threshold rises from 0 in ten equal steps.
         *
         * @param threshold the least importance to keep, finite and greater than 0
         * @return this builder
         */
        public Builder setThreshold(float threshold) {
            if (!(threshold > 0 && threshold < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "The threshold is finite and greater than 0, but got "
                                + threshold
                                + ": use setTargetSparsity to remove a fraction");
            }
            this.threshold = threshold;
            return this;
        }

        /**
         * Sets what ranks the elements.
         *
         * @param criterion the criterion; {@link Criterion#magnitude()} by default
         * @return this builder
         */
        public Builder optCriterion(Criterion criterion) {
            this.criterion = Objects.requireNonNull(criterion, "criterion");
            return this;
        }

        /**
         * Sets what the elements are ranked against.
         *
         * @param scope the scope; {@link Scope#GLOBAL} by default
         * @return this builder
         */
        public Builder optScope(Scope scope) {
            this.scope = Objects.requireNonNull(scope, "scope");
            return this;
        }

        /**
         * Sets in which steps the sparsity grows.
         *
         * @param schedule the schedule; {@link SparsitySchedule#cubic} with 10 steps by default
         * @return this builder
         */
        public Builder optSchedule(SparsitySchedule schedule) {
            this.schedule = Objects.requireNonNull(schedule, "schedule");
            return this;
        }

        /**
         * Sets how the sparsity is shared out in the local scope.
         *
         * @param allocation the allocation; {@link Allocation#UNIFORM} by default
         * @return this builder
         */
        public Builder optAllocation(Allocation allocation) {
            this.allocation = Objects.requireNonNull(allocation, "allocation");
            return this;
        }

        /**
         * Sets which weights are pruned.
         *
         * @param selector the selector; {@link WeightSelector#all()} by default
         * @return this builder
         */
        public Builder optSelector(WeightSelector selector) {
            this.selector = Objects.requireNonNull(selector, "selector");
            return this;
        }

        /**
         * Builds the technique.
         *
         * @return the technique
         * @throws IllegalArgumentException if not exactly one of target sparsity and threshold is
         *     set, if options contradict one another, or if the schedule leaves [0, 1) or decreases
         */
        public Pruning build() {
            if ((targetSparsity == null) == (threshold == null)) {
                throw new IllegalArgumentException(
                        String.format(
                                "Pruning needs either a target sparsity or a threshold, but got %s:"
                                        + " call exactly one of setTargetSparsity and setThreshold",
                                threshold == null ? "none" : "both"));
            }
            return threshold == null ? bySparsity() : byThreshold();
        }

        private Pruning bySparsity() {
            if (allocation != null && scope != Scope.LOCAL) {
                throw new IllegalArgumentException(
                        String.format(
                                "The allocation %s shares out the sparsity among weights, which the"
                                        + " global scope does by itself: add optScope(Scope.LOCAL)"
                                        + " or leave out optAllocation",
                                allocation));
            }
            double target = SparsitySchedule.shortest(targetSparsity);
            SparsitySchedule steps =
                    schedule == null ? SparsitySchedule.cubic(DEFAULT_STEPS) : schedule;
            double resolution = Math.min(0.005, (1 - target) / 16);
            Levels levels = levels("sparsity", steps.sparsities(target), resolution);
            return new Pruning(
                    this,
                    levels,
                    scope == Scope.LOCAL
                            ? Masks.local(allocation == null ? Allocation.UNIFORM : allocation)
                            : Masks::global);
        }

        private Pruning byThreshold() {
            if (scope != null || allocation != null || schedule != null) {
                throw new IllegalArgumentException(
                        "A threshold is compared with each element by itself, in ten equal steps:"
                                + " leave out optScope, optAllocation and optSchedule, which belong"
                                + " to setTargetSparsity");
            }
            double target = SparsitySchedule.shortest(threshold);
            double[] steps = new double[DEFAULT_STEPS];
            for (int k = 1; k <= DEFAULT_STEPS; ++k) {
                steps[k - 1] = target * k / DEFAULT_STEPS;
            }
            return new Pruning(this, levels("threshold", steps, target / 100), Masks::threshold);
        }

        /** Shows levels with as many digits as tell them apart, and at least four. */
        private static Levels levels(String name, double[] steps, double resolution) {
            int digits = (int) Math.max(4, Math.ceil(-Math.log10(resolution) - 1e-9));
            String format = name + " %." + digits + "f";
            return Levels.of(
                    0, steps, resolution, level -> String.format(Locale.ROOT, format, level));
        }
    }
}
