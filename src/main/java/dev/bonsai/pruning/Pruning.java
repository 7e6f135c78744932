package dev.bonsai.pruning;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.AbstractTechnique;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.Signal;
import dev.bonsai.core.StateType;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.TechniqueBuilder;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
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
 * <p>Elements are removed one by one, or in the groups of a {@link SparsityPattern}. Counts are
 * exact: of n elements a sparsity s removes as many whole groups as come nearest to {@code s * n}
 * elements (a half goes up), of all selected weights together in the global scope and of each
 * weight in the local one. Among equally important groups the lower index is kept, or the earlier
 * weight in the order of the model. What was removed stays removed, and its latent value is held at
 * zero, unless there is a {@link Regrowth}.
 *
 * <p>Every weight keeps its most important group, even where the sparsity asks for all: a layer
 * without any weight would cut the network. In the global scope other weights give more instead.
 */
public final class Pruning extends AbstractTechnique {

    private final PruningSettings settings;
    private final PruningLevels levels;
    private final MaskTiming timing;

    Pruning(PruningSettings settings) {
        this(settings, PruningLevels.of(settings));
    }

    private Pruning(PruningSettings settings, PruningLevels levels) {
        super("pruning", Effect.ZEROS, settings.selector(), levels.levels());
        this.settings = settings;
        this.levels = levels;
        timing = MaskTiming.of(settings);
    }

    /**
     * Starts a configuration.
     *
     * @return a builder that needs a target sparsity, a threshold or an N:M pattern
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public PruningSettings getSettings() {
        return settings;
    }

    @Override
    public Refresh getRefresh() {
        return timing.refresh();
    }

    @Override
    public OptionalInt getRewindEpoch() {
        return timing.rewindEpoch();
    }

    @Override
    public boolean movesZeros() {
        return settings.regrowth().everySteps() > 0;
    }

    @Override
    public Set<Signal> getSignals() {
        Set<Signal> signals = new LinkedHashSet<>(settings.criterion().getSignals());
        signals.addAll(settings.regrowth().signals());
        return signals;
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        List<Ranking> rankings = new ArrayList<>();
        for (TargetWeight weight : proposal.weightsWith(settings.criterion().getSignals())) {
            rankings.add(rank(weight, proposal));
        }
        List<BitSet> kept =
                isCut(level, proposal)
                        ? rankings.stream().map(Ranking::present).toList()
                        : levels.rule().keep(level, rankings);
        if (proposal.isRefresh()) {
            kept = settings.regrowth().exchange(kept, rankings, proposal);
        }
        Map<TargetWeight, WeightTransform> masks = frozenMasks(proposal, rankings);
        for (int i = 0; i < kept.size(); ++i) {
            Ranking ranking = rankings.get(i);
            BitSet keep = ranking.groups().elements(kept.get(i));
            if (keep.cardinality() < ranking.size()) {
                masks.put(ranking.weight(), mask(keep, level, ranking.weight(), proposal));
            }
        }
        return masks;
    }

    @Override
    public List<StateType> getStateTypes() {
        return List.of(StateType.of("mask", MaskState.class, MethodHandles.lookup()));
    }

    @Override
    public Map<TargetWeight, WeightTransform> restore(
            Map<TargetWeight, TransformState> states, NDManager owner) {
        return restored(
                states,
                MaskState.class,
                (weight, state) ->
                        settings.regrowth()
                                .mask(
                                        state.keep(weight.size()),
                                        state.level(),
                                        weight.shape(),
                                        weight.dataType(),
                                        owner));
    }

    /** Keeps the masks of weights that were frozen since, and are not ranked any more. */
    private Map<TargetWeight, WeightTransform> frozenMasks(
            Proposal proposal, List<Ranking> rankings) {
        Map<TargetWeight, WeightTransform> masks = new LinkedHashMap<>();
        Set<TargetWeight> left = new LinkedHashSet<>(proposal.weights());
        rankings.forEach(ranking -> left.remove(ranking.weight()));
        for (TargetWeight weight : left) {
            if (proposal.present(weight).orElse(null) instanceof MaskTransform mask) {
                masks.put(weight, mask(mask.keep(), mask.level(), weight, proposal));
            }
        }
        return masks;
    }

    private MaskTransform mask(BitSet keep, double level, TargetWeight weight, Proposal proposal) {
        DataType type = proposal.value(weight).getDataType();
        return settings.regrowth().mask(keep, level, weight.shape(), type, proposal.manager());
    }

    /** Tells whether the masks of a level stand, and a refresh has no cause to cut them anew. */
    private boolean isCut(double level, Proposal proposal) {
        return proposal.isRefresh()
                && !settings.regrowth().revives()
                && proposal.weights().stream()
                        .map(weight -> proposal.present(weight).orElse(null))
                        .anyMatch(m -> m instanceof MaskTransform mask && mask.level() == level);
    }

    private Ranking rank(TargetWeight weight, Proposal proposal) {
        Groups groups = settings.pattern().groups(weight.shape());
        BitSet present = present(weight, groups.elements(), proposal);
        return Importances.of(
                settings.criterion(),
                weight,
                proposal,
                importance ->
                        Ranking.of(
                                weight,
                                groups,
                                groups.means(importance),
                                groups.containing(present)));
    }

    private BitSet present(TargetWeight weight, int size, Proposal proposal) {
        if (!settings.regrowth().revives()
                && proposal.present(weight).orElse(null) instanceof MaskTransform mask) {
            return mask.keep();
        }
        BitSet all = new BitSet(size);
        all.set(0, size);
        return all;
    }

    /** Collects a configuration of {@link Pruning}. */
    public static final class Builder extends TechniqueBuilder<Builder> {

        private Float targetSparsity;
        private Float threshold;
        private SparsityPattern pattern;
        private Criterion criterion;
        private Scope scope;
        private Allocation allocation;
        private SparsitySchedule schedule;
        private Regrowth regrowth;
        private Refresh ramp;
        private Integer rewindEpoch;

        private Builder() {}

        /**
         * Sets which fraction of the selected weights' elements is removed in the end: required,
         * unless there is a threshold or an N:M pattern.
         *
         * @param targetSparsity the fraction, in [0, 1): 0.95 removes 95 %
         * @return this builder
         */
        public Builder setTargetSparsity(float targetSparsity) {
            this.targetSparsity = PruningSettings.checkSparsity(targetSparsity);
            return this;
        }

        /**
         * Sets the importance below which every group is removed in the end, instead of a target
         * sparsity. The threshold rises from 0 in ten equal steps.
         *
         * @param threshold the least importance to keep, finite and greater than 0
         * @return this builder
         */
        public Builder setThreshold(float threshold) {
            this.threshold = PruningSettings.checkThreshold(threshold);
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
         * Sets which elements are removed together.
         *
         * @param pattern the pattern; {@link SparsityPattern#unstructured()} by default
         * @return this builder
         */
        public Builder optPattern(SparsityPattern pattern) {
            this.pattern = Objects.requireNonNull(pattern, "pattern");
            return this;
        }

        /**
         * Sets whether removed weights come back while an epoch is trained.
         *
         * @param regrowth the regrowth; {@link Regrowth#none()} by default
         * @return this builder
         */
        public Builder optRegrowth(Regrowth regrowth) {
            this.regrowth = Objects.requireNonNull(regrowth, "regrowth");
            return this;
        }

        /**
         * Has a level that is on trial approached within the epoch, part by part, in place of all
         * at once: see {@link Refresh}. Only the level itself is judged.
         *
         * @param everySteps the training steps from one part to the next, at least 1
         * @param parts the number of parts, at least 1
         * @return this builder
         */
        public Builder optRamp(int everySteps, int parts) {
            if (everySteps < 1 || parts < 1) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "A ramp has 1 or more parts of 1 or more training steps, but got %d"
                                        + " parts of %d steps: use optRamp(100, 4)",
                                parts,
                                everySteps));
            }
            ramp = new Refresh(everySteps, parts);
            return this;
        }

        /**
         * Takes the model back to the weights of an early epoch whenever a level is tried, and
         * trains from there with the mask that later weights have given: a lottery ticket.
         *
         * <p>Frankle, Carbin: "The Lottery Ticket Hypothesis: Finding Sparse, Trainable Neural
         * Networks", <a href="https://arxiv.org/abs/1803.03635">arXiv:1803.03635</a>; Frankle,
         * Dziugaite, Roy, Carbin: "Linear Mode Connectivity and the Lottery Ticket Hypothesis", <a
         * href="https://arxiv.org/abs/1912.05671">arXiv:1912.05671</a>.
         *
         * @param epoch the number of epochs trained by then, at least 0 and at most the warm-up;
         *     the gate's recovery should leave about as many epochs as the first training took
         * @return this builder
         */
        public Builder optRewind(int epoch) {
            rewindEpoch = PruningSettings.checkRewind(epoch);
            return this;
        }

        /**
         * Builds the technique.
         *
         * @return the technique
         * @throws IllegalArgumentException if not exactly one of target sparsity, threshold and N:M
         *     pattern is set, if options contradict one another, or if the schedule leaves [0, 1)
         *     or decreases
         */
        @Override
        public Pruning build() {
            return new PruningSettings(
                            selector(),
                            Optional.ofNullable(targetSparsity),
                            Optional.ofNullable(threshold),
                            pattern,
                            criterion,
                            Optional.ofNullable(scope),
                            Optional.ofNullable(allocation),
                            Optional.ofNullable(schedule),
                            regrowth,
                            ramp,
                            rewindEpoch == null ? OptionalInt.empty() : OptionalInt.of(rewindEpoch))
                    .build();
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
