package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.AbstractTechnique;
import dev.bonsai.core.Effect;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.StateType;
import dev.bonsai.core.StraightThrough;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.TechniqueBuilder;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import java.lang.invoke.MethodHandles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Rounds weights to 16-bit floats, which halves what they take and costs next to no accuracy:
 * half-precision quantization, for weights that a grid hurts, and for biases.
 *
 * <pre>{@code
 * ReducedFloats.builder()
 *         .setFormat(FloatFormat.BFLOAT16)
 *         .optSelector(WeightSelector.builder().include("bias").build())
 *         .build();
 * }</pre>
 *
 * <p>Each weight becomes the nearest float of the format, a tie the even one: within {@code 2^-11}
 * of its size for float16, {@code 2^-8} for bfloat16, and the least subnormal's half below. What is
 * beyond the greatest finite float, 65,504 in float16, becomes that one. The latent weights stay
 * 32-bit floats, so that no small step of the optimizer is lost, and the gradient passes straight
 * through.
 *
 * <p>Micikevicius et al.: "Mixed Precision Training", <a
 * href="https://arxiv.org/abs/1710.03740">arXiv:1710.03740</a>.
 */
public final class ReducedFloats extends AbstractTechnique {

    private final ReducedFloatsSettings settings;

    ReducedFloats(ReducedFloatsSettings settings) {
        super(
                "reduced floats",
                Effect.VALUES,
                settings.selector(),
                Levels.single(settings.format().name().toLowerCase(Locale.ROOT)));
        this.settings = settings;
    }

    /**
     * Starts a configuration.
     *
     * @return a builder that needs a format
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ReducedFloatsSettings getSettings() {
        return settings;
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        Map<TargetWeight, WeightTransform> transforms = new LinkedHashMap<>();
        if (level > getLevels().start()) {
            proposal.weights()
                    .forEach(weight -> transforms.put(weight, new Rounded(settings.format())));
        }
        return transforms;
    }

    @Override
    public List<StateType> getStateTypes() {
        return List.of(StateType.of("rounded", RoundedState.class, MethodHandles.lookup()));
    }

    @Override
    public Map<TargetWeight, WeightTransform> restore(
            Map<TargetWeight, TransformState> states, NDManager owner) {
        return restored(
                states, RoundedState.class, (weight, state) -> new Rounded(settings.format()));
    }

    /** The format is one of the settings. */
    record RoundedState() implements TransformState {}

    /** In Java and not in the engine, which lacks bfloat16 in DJL. */
    private record Rounded(FloatFormat format) implements WeightTransform {

        @Override
        public NDArray apply(NDArray weight, ForwardPass pass) {
            NDArray values = weight.stopGradient().toType(DataType.FLOAT32, false);
            float[] rounded = round(values.toFloatArray());
            NDArray effective = Tensors.constant(weight.getManager(), rounded, weight.getShape());
            return StraightThrough.of(effective.toType(weight.getDataType(), false), weight);
        }

        @Override
        public RoundedState getState() {
            return new RoundedState();
        }

        @Override
        public int bits(int given) {
            return format.bits();
        }

        @Override
        public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
            return new DenseWeight(weight.shape(), round(weight.decode()), format);
        }

        private float[] round(float[] values) {
            for (int i = 0; i < values.length; ++i) {
                values[i] = format.round(values[i]);
            }
            return values;
        }
    }

    /** Collects a configuration of {@link ReducedFloats}. */
    public static final class Builder extends TechniqueBuilder<Builder> {

        private FloatFormat format;

        private Builder() {}

        /**
         * Sets the format of the floats.
         *
         * @param format {@link FloatFormat#FLOAT16}, more precise, or {@link FloatFormat#BFLOAT16},
         *     of the range of 32-bit floats
         * @return this builder
         */
        public Builder setFormat(FloatFormat format) {
            this.format = ReducedFloatsSettings.check(Objects.requireNonNull(format, "format"));
            return this;
        }

        /**
         * Builds the technique.
         *
         * @return the technique
         * @throws IllegalArgumentException if the format is not set
         */
        @Override
        public ReducedFloats build() {
            return new ReducedFloatsSettings(selector(), format).build();
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
