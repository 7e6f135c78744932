package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.AbstractTechnique;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Signal;
import dev.bonsai.core.StateType;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.TechniqueBuilder;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.text.Numbers;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Rounds the weights to a grid of few values, so that a weight takes a few bits and not 32, while
 * training goes on: quantization-aware training.
 *
 * <pre>{@code
 * Quantization.builder().setBits(8).build();
 * Quantization.builder()
 *         .setBits(3)
 *         .optSteps(8, 6, 4)
 *         .optGranularity(Granularity.perGroup(64))
 *         .optRangeEstimator(RangeEstimator.mse())
 *         .build();
 * Quantization.builder().setBits(2).optScales(Scales.LEARNED).build(); // LSQ
 * }</pre>
 *
 * <p>Scales are taken from the weights at every forward pass, so that they never lag, unless {@link
 * Scales} says otherwise; the gradient passes straight through. Where a step fails, the gate tries
 * widths in between; one above 16 bits is a plain min-max grid rounded to the nearest, whatever the
 * options, as nothing else shows there, and its scales are not learned.
 */
public final class Quantization extends AbstractTechnique {

    private static final int FLOAT_BITS = 32;

    private final QuantizationSettings settings;
    private final GridPlan plan;
    private final Widths widths;

    Quantization(QuantizationSettings settings) {
        super("quantization", effect(settings), settings.selector(), levels(settings));
        this.settings = settings;
        plan = settings.plan();
        widths = new Widths(settings);
    }

    private static Effect effect(QuantizationSettings settings) {
        return settings.mapping() == Mapping.SYMMETRIC ? Effect.GRID : Effect.VALUES;
    }

    private static Levels levels(QuantizationSettings settings) {
        List<Integer> steps = settings.steps();
        double[] widths = new double[steps.size() + 1];
        Arrays.setAll(widths, i -> i < steps.size() ? steps.get(i) : settings.bits());
        // 32-bit integers are a level of their own, beyond the floats.
        double start = widths[0] < FLOAT_BITS ? FLOAT_BITS : FLOAT_BITS + 1;
        String upTo = settings.byteGoal().isPresent() ? " to " + WidthChoice.WIDEST : "";
        return Levels.of( // drops the target where it is a step already
                start,
                widths,
                1,
                level ->
                        level >= start
                                ? "32-bit floats"
                                : Numbers.fixed(level, 0)
                                        + (level < WidthChoice.WIDEST ? upTo : "")
                                        + " bits");
    }

    /**
     * Starts a configuration.
     *
     * @return a builder that needs a number of bits
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public QuantizationSettings getSettings() {
        return settings;
    }

    @Override
    public void checkTargets(List<TargetWeight> targets) {
        widths.check(targets);
    }

    @Override
    public Set<Signal> getSignals() {
        return settings.byteGoal().isPresent() ? settings.errorMeasure().signals() : Set.of();
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        Map<TargetWeight, WeightTransform> grids = new LinkedHashMap<>();
        if (level >= getLevels().start()) {
            return grids;
        }
        Map<TargetWeight, WidthChoice.AtWidth> transforms = new LinkedHashMap<>();
        for (TargetWeight weight : proposal.weights()) {
            int position = transforms.size();
            NDArray value = proposal.value(weight);
            transforms.put(
                    weight,
                    (bits, state) -> transform(weight, plan.at(bits), value, position, state));
        }
        widths.at((int) Math.rint(level), proposal, transforms)
                .forEach(
                        (weight, bits) ->
                                grids.put(
                                        weight,
                                        transforms.get(weight).of(bits, proposal.manager())));
        return grids;
    }

    private static WeightTransform transform(
            TargetWeight weight, GridPlan plan, NDArray value, int position, NDManager state) {
        return plan.quantizer().scales() == Scales.LEARNED
                ? new LearnedScaleTransform(plan, weight.path(), value, state)
                : new GridTransform(plan, value, position, state);
    }

    @Override
    public List<StateType> getStateTypes() {
        return List.of(
                StateType.of("grid", GridState.class, MethodHandles.lookup()),
                StateType.of("learnedScale", LearnedScaleState.class, MethodHandles.lookup()));
    }

    @Override
    public Map<TargetWeight, WeightTransform> restore(
            Map<TargetWeight, TransformState> states, NDManager owner) {
        return restored(
                states, TransformState.class, (weight, state) -> restored(weight, state, owner));
    }

    private WeightTransform restored(TargetWeight weight, TransformState state, NDManager owner) {
        if (state instanceof GridState grid) {
            GridPlan current = plan.at(grid.bits());
            if (current.quantizer().scales() != Scales.LEARNED) {
                return GridTransform.restored(current, weight.shape(), grid, owner);
            }
        }
        if (state instanceof LearnedScaleState learned) {
            GridPlan current = plan.at(learned.bits());
            if (current.quantizer().scales() == Scales.LEARNED) {
                return new LearnedScaleTransform(current, weight, learned, owner);
            }
        }
        throw new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "expected that of a grid with the scales %s, but got a %s: restore it with"
                                + " the settings that it was taken with",
                        plan.quantizer().scales(),
                        state.getClass().getSimpleName()));
    }

    /** Collects a configuration of {@link Quantization}. */
    public static final class Builder extends TechniqueBuilder<Builder> {

        private Integer bits;
        private List<Integer> steps;
        private Mapping mapping;
        private Granularity granularity;
        private RangeEstimator estimator;
        private Rounding rounding;
        private ErrorCorrection correction;
        private Scales scales;
        private FloatFormat scaleFormat;
        private OptionalLong byteGoal = OptionalLong.empty();
        private ErrorMeasure errorMeasure;
        private final List<QuantizationSettings.OwnBits> ownBits = new ArrayList<>();

        private Builder() {}

        /**
         * Gives some of the selected weights a width of their own, which they reach when the others
         * reach the target: mixed precision. The first rule that matches a weight decides.
         *
         * @param pathPattern a regular expression that is found anywhere in the paths of these
         *     weights, such as {@code _bias$}
         * @param bits the width, from 2 to 16
         * @return this builder
         */
        public Builder addBits(String pathPattern, int bits) {
            ownBits.add(new QuantizationSettings.OwnBits(pathPattern, bits));
            return this;
        }

        /**
         * Sets how many bits a weight takes in the end.
         *
         * @param bits the width, from 2 to 32; above 16 bits only the min-max range and nearest
         *     rounding make sense and are allowed
         * @return this builder
         */
        public Builder setBits(int bits) {
            this.bits = AffineQuantizer.checkBits(bits);
            return this;
        }

        /**
         * Sets where the grid lies relative to zero.
         *
         * @param mapping the mapping; {@link Mapping#SYMMETRIC} by default
         * @return this builder
         */
        public Builder optMapping(Mapping mapping) {
            this.mapping = Objects.requireNonNull(mapping, "mapping");
            return this;
        }

        /**
         * Sets which weights share a scale.
         *
         * @param granularity the granularity; {@link Granularity#perChannel()} by default
         * @return this builder
         */
        public Builder optGranularity(Granularity granularity) {
            this.granularity = Objects.requireNonNull(granularity, "granularity");
            return this;
        }

        /**
         * Sets what finds the range that the grid spans.
         *
         * @param estimator the estimator; by default {@link RangeEstimator#minMax()}, and {@link
         *     RangeEstimator#mse()} for the start of scales that are learned
         * @return this builder
         */
        public Builder optRangeEstimator(RangeEstimator estimator) {
            this.estimator = Objects.requireNonNull(estimator, "estimator");
            return this;
        }

        /**
         * Sets where the scales come from, and which values they may take.
         *
         * @param scales the scales; {@link Scales#FREE} by default. The others go with {@link
         *     Mapping#SYMMETRIC}, and learned ones with {@link Rounding#nearestEven()} and {@link
         *     ErrorCorrection#NONE}
         * @return this builder
         */
        public Builder optScales(Scales scales) {
            this.scales = Objects.requireNonNull(scales, "scales");
            return this;
        }

        /**
         * Sets in which format the scales are stored: they are rounded to it, to the nearest, in
         * every forward pass.
         *
         * @param format {@link FloatFormat#FLOAT32} by default, or {@link FloatFormat#BFLOAT16} for
         *     a target of 8 bits or fewer and {@link Mapping#SYMMETRIC}: half the bytes, and no
         *     code is lost at the ends of the grid. Widths above 8 bits on the way keep 32 bits
         * @return this builder
         */
        public Builder optScaleFormat(FloatFormat format) {
            scaleFormat = AffineQuantizer.checkScaleFormat(format);
            return this;
        }

        /**
         * Sets which neighbour on the grid a weight becomes.
         *
         * @param rounding the rounding; {@link Rounding#nearestEven()} by default
         * @return this builder
         */
        public Builder optRounding(Rounding rounding) {
            this.rounding = Objects.requireNonNull(rounding, "rounding");
            return this;
        }

        /**
         * Sets the widths on the way to the target, each judged by the gate; by default there are
         * none, and the target is tried at once.
         *
         * @param bits widths from 2 to 32, each less than the one before; the target is added if it
         *     is not the last
         * @return this builder
         */
        public Builder optSteps(int... bits) {
            steps = QuantizationSettings.checkSteps(Arrays.stream(bits).boxed().toList());
            return this;
        }

        /**
         * Sets what is done about the mean error of a group.
         *
         * @param correction the correction; {@link ErrorCorrection#NONE} by default
         * @return this builder
         */
        public Builder optErrorCorrection(ErrorCorrection correction) {
            this.correction = Objects.requireNonNull(correction, "correction");
            return this;
        }

        /**
         * Gives each weight a width of its own, so that all codes and scales together take no more
         * bytes in a file: from the target of {@link #setBits} to 8, more where the error falls
         * most for a bit. What else the file has, such as weights that are not selected and the
         * graph, comes on top. Weights with a rule of {@link #addBits} keep to it.
         *
         * <p>The codes are counted by the coder of a file, so that zeros of a pruning before take
         * next to nothing. If even the narrowest widths take more, these are used, with a warning.
         *
         * @param bytes the most bytes, at least 1
         * @return this builder
         */
        public Builder optByteGoal(long bytes) {
            byteGoal = OptionalLong.of(QuantizationSettings.checkByteGoal(bytes));
            return this;
        }

        /**
         * Sets by what widths are shared out under a goal of bytes.
         *
         * @param measure {@link ErrorMeasure#GRADIENTS} by default; {@link ErrorMeasure#RELATIVE}
         *     where nothing is trained
         * @return this builder
         */
        public Builder optErrorMeasure(ErrorMeasure measure) {
            errorMeasure = Objects.requireNonNull(measure, "measure");
            return this;
        }

        /**
         * Builds the technique.
         *
         * @return the technique
         * @throws IllegalArgumentException if the bits are not set or options contradict one
         *     another
         */
        @Override
        public Quantization build() {
            if (bits == null) {
                throw new IllegalArgumentException(
                        "Quantization needs a number of bits, but got none: call setBits(8)");
            }
            return new QuantizationSettings(
                            selector(),
                            bits,
                            steps,
                            ownBits,
                            mapping,
                            granularity,
                            estimator,
                            rounding,
                            correction,
                            scales,
                            scaleFormat,
                            byteGoal,
                            errorMeasure)
                    .build();
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
