package dev.bonsai.lowbit;

import ai.djl.ndarray.NDManager;
import dev.bonsai.core.AbstractTechnique;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Proposal;
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

/**
 * Sets small weights to zero and leaves the sign of the others, while training goes on: {@code
 * sign(w) * scale} where {@code |w| > threshold}, and 0 elsewhere.
 *
 * <pre>{@code
 * Ternarization.builder()
 *         .optSelector(WeightSelector.builder().excludeFirstAndLast().build())
 *         .build();
 * Ternarization.builder().optScale(TernaryScale.TRAINED).build();
 * }</pre>
 *
 * <p>With the scales {@link TernaryScale#PER_CHANNEL} and {@link TernaryScale#PER_TENSOR} the
 * threshold is {@code 0.7 * mean |w|}, and the scale the mean of {@code |w|} above it, both taken
 * from the weights at every forward pass. Zeros, such as removed weights, don't count in the mean,
 * so that they change nothing for the others. Li, Liu: "Ternary Weight Networks", <a
 * href="https://arxiv.org/abs/1605.04711">arXiv:1605.04711</a>.
 *
 * <p>With {@link TernaryScale#TRAINED} the threshold is {@code 0.05 * max |w|}, the maximum being
 * that of the elements of the same sign (of all in the paper), so that what was mapped is mapped to
 * itself whatever the scales. They start as the means of what is above; the user's optimizer trains
 * their logarithms with the gradients of their elements. Zhu, Han, Mao, Dally: "Trained Ternary
 * Quantization", <a href="https://arxiv.org/abs/1612.01064">arXiv:1612.01064</a>. The paper also
 * multiplies the weights' gradients by the scales, as its latent weights are normalized to [-1, 1];
 * here they are as large as the effective ones, and the gradient passes straight through.
 *
 * <p>The first and the last layer suffer most and are small: exclude them as above. All weights are
 * ternarized at once if the gate bears it. Otherwise it tries fractions of all elements: weights as
 * a whole, the largest first, and the first channels of the one where the fraction ends; see {@link
 * Builder#optSteps}.
 */
public final class Ternarization extends AbstractTechnique {

    private final TernarizationSettings settings;

    Ternarization(TernarizationSettings settings) {
        super(
                "ternarization",
                Effect.SIGNS,
                settings.selector(),
                Channels.levels("ternary", settings.steps()));
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
    public TernarizationSettings getSettings() {
        return settings;
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        Map<TargetWeight, WeightTransform> signs = new LinkedHashMap<>();
        Channels.at(level, proposal.weights())
                .forEach(
                        (weight, channels) ->
                                signs.put(weight, transform(weight, channels, proposal)));
        return signs;
    }

    @Override
    public List<StateType> getStateTypes() {
        return List.of(
                StateType.of("signs", SignsState.class, MethodHandles.lookup()),
                StateType.of("trainedSigns", TrainedSignsState.class, MethodHandles.lookup()));
    }

    @Override
    public Map<TargetWeight, WeightTransform> restore(
            Map<TargetWeight, TransformState> states, NDManager owner) {
        if (settings.scale() != TernaryScale.TRAINED) {
            return restored(
                    states,
                    SignsState.class,
                    (weight, state) -> scaledSigns(Channels.of(state.mapped(), weight.shape())));
        }
        return restored(
                states,
                TrainedSignsState.class,
                (weight, state) ->
                        TrainedSigns.restored(
                                Channels.of(state.mapped(), weight.shape()),
                                settings.thresholdFactor(),
                                state,
                                owner));
    }

    private WeightTransform scaledSigns(Channels channels) {
        boolean perChannel = settings.scale() == TernaryScale.PER_CHANNEL;
        return new ScaledSigns(channels, new TernaryRule(settings.thresholdFactor()), perChannel);
    }

    private WeightTransform transform(TargetWeight weight, Channels channels, Proposal proposal) {
        if (settings.scale() != TernaryScale.TRAINED) {
            return scaledSigns(channels);
        }
        NDManager state = proposal.manager();
        return proposal.present(weight).orElse(null) instanceof TrainedSigns present
                ? present.with(channels, state)
                : TrainedSigns.of(
                        channels, settings.thresholdFactor(), proposal.value(weight), state);
    }

    /** Collects a configuration of {@link Ternarization}. */
    public static final class Builder extends TechniqueBuilder<Builder> {

        private TernaryScale scale;
        private Float factor;
        private List<Float> steps;

        private Builder() {}

        /**
         * Sets the size of the weights that are not zero.
         *
         * @param scale the scale; {@link TernaryScale#PER_CHANNEL} by default
         * @return this builder
         */
        public Builder optScale(TernaryScale scale) {
            this.scale = Objects.requireNonNull(scale, "scale");
            return this;
        }

        /**
         * Sets up to which size a weight becomes zero, as a factor of the mean magnitude, or of the
         * greatest with {@link TernaryScale#TRAINED}.
         *
         * @param factor the factor, in [0, 0.99]; 0.7, or 0.05 of the greatest, by default
         * @return this builder
         */
        public Builder optThresholdFactor(float factor) {
            this.factor = TernarizationSettings.checkFactor(factor);
            return this;
        }

        /**
         * Sets which fractions of all elements are ternarized on the way to all, each judged by the
         * gate; by default all at once, and less where the gate does not bear that. A weight that
         * is ternary in part is stored as floats.
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
        public Ternarization build() {
            return new TernarizationSettings(selector(), scale, factor, steps).build();
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
