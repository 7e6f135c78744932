package dev.bonsai.lowbit;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.AbstractTechnique;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.RotatingNoise;
import dev.bonsai.core.StateType;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.TechniqueBuilder;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import java.lang.invoke.MethodHandles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Leaves the sign of each weight, so that it takes one bit, while training goes on: {@code sign(w)
 * * scale}, the scale being the mean magnitude of the channel. Zeros stay zeros and don't count in
 * the mean.
 *
 * <pre>{@code
 * Binarization.builder()
 *         .optSelector(WeightSelector.builder().excludeFirstAndLast().build())
 *         .build();
 * Binarization.builder().optScale(BinaryScale.UNIT).optStochastic(42).build(); // BinaryConnect
 * }</pre>
 *
 * <p>Scales are taken from the weights at every forward pass; the gradient passes straight through.
 * The first and the last layer suffer most and are small: exclude them as above.
 *
 * <p>All weights are binarized at once if the gate bears it. Otherwise it tries fractions of all
 * elements: weights as a whole, the largest first, and the first channels of the one where the
 * fraction ends; see {@link Builder#optSteps}. With {@link BinaryScale#UNIT} a trained network is
 * at chance right after the step: begin with an untrained one, and let the listener have no warm-up
 * and the gate a floor.
 *
 * <p>Courbariaux, Bengio, David: "BinaryConnect: Training Deep Neural Networks with binary weights
 * during propagations", <a href="https://arxiv.org/abs/1511.00363">arXiv:1511.00363</a>. Rastegari
 * et al.: "XNOR-Net: ImageNet Classification Using Binary Convolutional Neural Networks", <a
 * href="https://arxiv.org/abs/1603.05279">arXiv:1603.05279</a>; the scale is that of its
 * binary-weight networks.
 */
public final class Binarization extends AbstractTechnique {

    /** So many that a sum of two is exact in floats. */
    private static final int NOISE_INTERVALS = 1 << 20;

    private final BinarizationSettings settings;

    Binarization(BinarizationSettings settings) {
        super(
                "binarization",
                Effect.SIGNS,
                settings.selector(),
                Channels.levels("binary", settings.steps()));
        this.settings = settings;
    }

    /**
     * Starts a configuration.
     *
     * @return a builder that needs nothing
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public BinarizationSettings getSettings() {
        return settings;
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        Map<TargetWeight, WeightTransform> signs = new LinkedHashMap<>();
        Map<TargetWeight, Channels> shares = Channels.at(level, proposal.weights());
        int position = 0;
        for (TargetWeight weight : proposal.weights()) {
            if (shares.containsKey(weight)) {
                RotatingNoise.State start = new RotatingNoise.State(position, 0);
                signs.put(weight, transform(shares.get(weight), start, proposal.manager()));
            }
            ++position;
        }
        return signs;
    }

    @Override
    public List<StateType> getStateTypes() {
        return List.of(StateType.of("signs", SignsState.class, MethodHandles.lookup()));
    }

    @Override
    public Map<TargetWeight, WeightTransform> restore(
            Map<TargetWeight, TransformState> states, NDManager owner) {
        return restored(
                states,
                SignsState.class,
                (weight, state) ->
                        transform(
                                Channels.of(state.mapped(), weight.shape()),
                                state.noise().orElseGet(() -> new RotatingNoise.State(0, 0)),
                                owner));
    }

    private WeightTransform transform(
            Channels channels, RotatingNoise.State stood, NDManager state) {
        boolean perChannel = settings.scale() == BinaryScale.PER_CHANNEL;
        int groups = perChannel ? channels.mapped() : 1;
        Shape matrix = new Shape(groups, channels.elements() / groups);
        Optional<RotatingNoise> noise =
                settings.stochasticSeed().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                RotatingNoise.of(
                                        settings.stochasticSeed().getAsLong(),
                                        stood,
                                        NOISE_INTERVALS,
                                        matrix,
                                        state));
        BinaryRule rule = new BinaryRule(settings.scale() == BinaryScale.UNIT, noise);
        return settings.scale() == BinaryScale.UNIT
                ? new UnitSigns(channels, rule)
                : new ScaledSigns(channels, rule, perChannel);
    }

    /** Collects a configuration of {@link Binarization}. */
    public static final class Builder extends TechniqueBuilder<Builder> {

        private BinaryScale scale;
        private Long seed;
        private List<Float> steps;

        private Builder() {}

        /**
         * Sets the size of the weights.
         *
         * @param scale the scale; {@link BinaryScale#PER_CHANNEL} by default
         * @return this builder
         */
        public Builder optScale(BinaryScale scale) {
            this.scale = Objects.requireNonNull(scale, "scale");
            return this;
        }

        /**
         * Has signs drawn by chance in training, {@code +1} with the probability {@code clip((w /
         * scale + 1) / 2, 0, 1)}: over the steps the mean of {@code scale * sign} is the weight,
         * clipped to plus or minus the scale. Otherwise, and in inference, they are those of the
         * weights.
         *
         * @param seed the seed of all random choices
         * @return this builder
         */
        public Builder optStochastic(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Sets which fractions of all elements are binarized on the way to all, each judged by the
         * gate; by default all at once, and less where the gate does not bear that. A weight that
         * is binary in part is stored as floats.
         *
         * @param fractions fractions in (0, 1], each more than the one before
         * @return this builder
         */
        public Builder optSteps(float... fractions) {
            steps = Channels.checkSteps(Channels.list(fractions));
            return this;
        }

        /**
         * Builds the technique.
         *
         * @return the technique
         */
        @Override
        public Binarization build() {
            return new BinarizationSettings(
                            selector(),
                            scale,
                            seed == null ? OptionalLong.empty() : OptionalLong.of(seed),
                            steps)
                    .build();
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
