package dev.bonsai.pruning;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.AbstractTechnique;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Signal;
import dev.bonsai.core.StateType;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.TechniqueBuilder;
import dev.bonsai.core.TracedNetwork;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.thinning.ChannelGroups;
import java.lang.invoke.MethodHandles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Takes channels, hidden units and attention heads out of the network, step by step, the least
 * important first: the network becomes thinner, and faster on every engine.
 *
 * <pre>{@code
 * Thinning.builder().setSaving(Saving.multiplyAdds(0.5f)).build();
 * Thinning.builder()
 *         .setSaving(Saving.parameters(0.75f))
 *         .optCriterion(Criterion.magnitude())
 *         .optSchedule(SparsitySchedule.linear(5))
 *         .optMultipleOf(8)
 *         .build();
 * }</pre>
 *
 * <p>The user's block is traced when the training begins. What depends on each other, through
 * residual sums, joined features, depthwise convolutions or a flattened image, goes together: see
 * {@link ChannelGroups}. A unit is as important as all elements of the weights that go with it; the
 * order is that importance per cost in the {@link Scope#GLOBAL global} scope, and the place within
 * the group, so that all groups lose the same share, in the {@link Scope#LOCAL local} one.
 *
 * <p>While the model trains, all that uses the channels is held at zero, which computes what the
 * thinner network does and can be undone; training is not faster meanwhile. When the training has
 * ended, the user's own block has the zeros, and {@code getCompressedModel()} is the thinner
 * network: {@code toBlock()} makes a block of it that trains on, and its file and ONNX model are
 * small and fast. The report says what was saved, and names what could not be taken out with the
 * reason.
 *
 * <p>A paper on groups: Fang, Ma, Song, Mi, Wang: "DepGraph: Towards Any Structural Pruning", <a
 * href="https://arxiv.org/abs/2301.12900">arXiv:2301.12900</a>.
 */
public final class Thinning extends AbstractTechnique {

    private final ThinningSettings settings;

    Thinning(ThinningSettings settings) {
        super("thinning", Effect.UNITS, settings.selector(), levels(settings));
        this.settings = settings;
    }

    /**
     * Starts a configuration.
     *
     * @return a builder that needs a saving
     */
    public static Builder builder() {
        return new Builder();
    }

    private static Levels levels(ThinningSettings settings) {
        double resolution = Math.min(0.005, (1 - settings.saving().fraction()) / 16);
        return Levels.of(0, settings.steps(), resolution, settings.saving()::format);
    }

    @Override
    public ThinningSettings getSettings() {
        return settings;
    }

    @Override
    public boolean usesNetwork() {
        return true;
    }

    @Override
    public Set<Signal> getSignals() {
        return settings.criterion().getSignals();
    }

    @Override
    public void checkNetwork(TracedNetwork network, List<TargetWeight> targets) {
        List<TargetWeight> ranked =
                targets.stream()
                        .filter(w -> getSignals().stream().allMatch(s -> s.isGatheredOf(w)))
                        .toList();
        Channels channels = Channels.of(network, ranked);
        if (channels.groups().isEmpty()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "thinning: no channels can be taken out of the network. A group goes"
                                    + " only if all of its matrices and kernels are selected by the"
                                    + " WeightSelector, finite 32-bit floats, and not frozen where"
                                    + " the criterion goes by gradients: select more, unfreeze"
                                    + " some, or use Criterion.magnitude(). The network has%n%s",
                            ChannelGroups.of(network.graph())));
        }
        double most = ChannelCut.most(channels, settings);
        if (most < getLevels().target()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "thinning: %s was asked for, but taking out all that can go leaves"
                                    + " %s: ask for less, or select more weights. The network"
                                    + " has%n%s",
                            settings.saving().format(getLevels().target()),
                            settings.saving().format(most),
                            ChannelGroups.of(network.graph())));
        }
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        Channels channels = Channels.of(proposal.network(), proposal.weights());
        ChannelCut cut = new ChannelCut(ChannelRanking.of(channels, settings, proposal), settings);
        Map<TargetWeight, WeightTransform> masks = new LinkedHashMap<>();
        cut.kept(cut.at(level))
                .forEach(
                        (weight, kept) ->
                                masks.put(
                                        weight,
                                        new ClosedMask(
                                                kept,
                                                level,
                                                weight.shape(),
                                                DataType.FLOAT32,
                                                proposal.manager())));
        return masks;
    }

    @Override
    public List<StateType> getStateTypes() {
        return List.of(StateType.of("channels", MaskState.class, MethodHandles.lookup()));
    }

    @Override
    public Map<TargetWeight, WeightTransform> restore(
            Map<TargetWeight, TransformState> states, NDManager owner) {
        return restored(
                states,
                MaskState.class,
                (weight, state) ->
                        new ClosedMask(
                                state.keep(weight.size()),
                                state.level(),
                                weight.shape(),
                                weight.dataType(),
                                owner));
    }

    /** Collects a configuration of {@link Thinning}. */
    public static final class Builder extends TechniqueBuilder<Builder> {

        private Saving saving;
        private Criterion criterion;
        private Scope scope;
        private SparsitySchedule schedule;
        private Integer multipleOf;

        private Builder() {}

        /**
         * Sets what is saved in the end, and how much of it: required.
         *
         * @param saving the saving, such as {@code Saving.multiplyAdds(0.5f)}
         * @return this builder
         */
        public Builder setSaving(Saving saving) {
            this.saving = Objects.requireNonNull(saving, "saving");
            return this;
        }

        /**
         * Sets what ranks the channels: a channel is as important as the sum over all elements that
         * go with it.
         *
         * @param criterion the criterion; {@link Criterion#taylor()} by default
         * @return this builder
         */
        public Builder optCriterion(Criterion criterion) {
            this.criterion = Objects.requireNonNull(criterion, "criterion");
            return this;
        }

        /**
         * Sets what the channels are ranked against.
         *
         * @param scope the scope; {@link Scope#GLOBAL} by default
         * @return this builder
         */
        public Builder optScope(Scope scope) {
            this.scope = Objects.requireNonNull(scope, "scope");
            return this;
        }

        /**
         * Sets in which steps the saving grows.
         *
         * @param schedule the schedule; {@link SparsitySchedule#linear} with 10 steps by default
         * @return this builder
         */
        public Builder optSchedule(SparsitySchedule schedule) {
            this.schedule = Objects.requireNonNull(schedule, "schedule");
            return this;
        }

        /**
         * Has each group keep a number of units that is a multiple of another, or all of them where
         * it has fewer: engines compute several channels at a time, and a part of that is no
         * faster.
         *
         * @param multipleOf the number, at least 1, which is the default
         * @return this builder
         */
        public Builder optMultipleOf(int multipleOf) {
            this.multipleOf = ThinningSettings.checkMultiple(multipleOf);
            return this;
        }

        /**
         * Builds the technique.
         *
         * @return the technique
         * @throws IllegalArgumentException if no saving is set, or the schedule leaves [0, 1) or
         *     decreases
         */
        @Override
        public Thinning build() {
            return new ThinningSettings(selector(), saving, criterion, scope, schedule, multipleOf)
                    .build();
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
