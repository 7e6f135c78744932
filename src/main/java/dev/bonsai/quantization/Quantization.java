package dev.bonsai.quantization;

import ai.djl.ndarray.NDManager;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

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
 * }</pre>
 *
 * <p>Scales are taken from the weights at every forward pass, so that they never lag; the gradient
 * passes straight through. Where a step fails, the gate tries widths in between; one above 16 bits
 * is a plain min-max grid rounded to the nearest, whatever the options, as nothing else shows
 * there.
 */
public final class Quantization implements Technique {

    private static final int FLOAT_BITS = 32;

    private final WeightSelector selector;
    private final Levels levels;
    private final Mapping mapping;
    private final Granularity granularity;
    private final RangeEstimator estimator;
    private final Rounding rounding;
    private final ErrorCorrection correction;
    private final List<OwnBits> ownBits;

    /** The width of the weights that a pattern is found in the path of. */
    private record OwnBits(Pattern path, int bits) {}

    private Quantization(Builder builder, Levels levels) {
        this.levels = levels;
        selector = builder.selector;
        mapping = builder.mapping;
        granularity = builder.granularity;
        estimator = builder.estimator;
        rounding = builder.rounding;
        correction = builder.correction;
        ownBits = List.copyOf(builder.ownBits);
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
    public String getName() {
        return "quantization";
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
        return Effect.VALUES;
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        Map<TargetWeight, WeightTransform> grids = new LinkedHashMap<>();
        if (level >= levels.start()) {
            return grids;
        }
        NDManager state = proposal.manager();
        int position = 0;
        for (TargetWeight weight : proposal.weights()) {
            GridTransform.Plan plan = plan(bits(weight, (int) Math.rint(level)));
            grids.put(weight, new GridTransform(plan, proposal.value(weight), position++, state));
        }
        return grids;
    }

    /** On the way to the target no weight is narrower than the level. */
    private int bits(TargetWeight weight, int level) {
        int target = (int) Math.rint(levels.target());
        int own =
                ownBits.stream()
                        .filter(rule -> rule.path.matcher(weight.path()).find())
                        .mapToInt(OwnBits::bits)
                        .findFirst()
                        .orElse(target);
        return level == target ? own : Math.max(level, own);
    }

    private GridTransform.Plan plan(int bits) {
        AffineQuantizer quantizer = new AffineQuantizer(bits, mapping);
        return bits <= AffineQuantizer.NARROW
                ? new GridTransform.Plan(quantizer, granularity, estimator, rounding, correction)
                : new GridTransform.Plan(
                        quantizer,
                        granularity,
                        RangeEstimator.minMax(),
                        Rounding.nearestEven(),
                        ErrorCorrection.NONE);
    }

    /** Collects a configuration of {@link Quantization}. */
    public static final class Builder {

        private Integer bits;
        private int[] steps = {};
        private Mapping mapping = Mapping.SYMMETRIC;
        private Granularity granularity = Granularity.perChannel();
        private RangeEstimator estimator = RangeEstimator.minMax();
        private Rounding rounding = Rounding.nearestEven();
        private ErrorCorrection correction = ErrorCorrection.NONE;
        private WeightSelector selector = WeightSelector.all();
        private final List<OwnBits> ownBits = new ArrayList<>();

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
            if (bits > AffineQuantizer.NARROW) {
                throw new IllegalArgumentException(
                        "A width of some weights' own is from 2 to 16 bits, but got " + bits);
            }
            ownBits.add(new OwnBits(Pattern.compile(pathPattern), AffineQuantizer.checkBits(bits)));
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
         * @param estimator the estimator; {@link RangeEstimator#minMax()} by default
         * @return this builder
         */
        public Builder optRangeEstimator(RangeEstimator estimator) {
            this.estimator = Objects.requireNonNull(estimator, "estimator");
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
            for (int i = 0; i < bits.length; ++i) {
                AffineQuantizer.checkBits(bits[i]);
                if (i > 0 && bits[i] >= bits[i - 1]) {
                    throw new IllegalArgumentException(
                            "Steps go down, each less than the one before, but got "
                                    + Arrays.toString(bits)
                                    + ": use optSteps(8, 6, 4)");
                }
            }
            steps = bits.clone();
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
         * Sets which weights are quantized.
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
         * @throws IllegalArgumentException if the bits are not set or options contradict one
         *     another
         */
        public Quantization build() {
            if (bits == null) {
                throw new IllegalArgumentException(
                        "Quantization needs a number of bits, but got none: call setBits(8)");
            }
            checkOptions();
            return new Quantization(this, levels());
        }

        private void checkOptions() {
            boolean nearest = rounding == Rounding.nearestEven();
            if (bits > AffineQuantizer.NARROW
                    && !(nearest
                            && estimator == RangeEstimator.minMax()
                            && correction == ErrorCorrection.NONE)) {
                throw new IllegalArgumentException(
                        String.format(
                                "Above 16 bits a grid is min-max, rounded to the nearest, without"
                                        + " error correction, but got %d bits with %s, %s, %s: leave"
                                        + " the options out or set 16 bits or fewer",
                                bits, estimator, rounding, correction));
            }
            if (correction == ErrorCorrection.MEAN && !nearest) {
                throw new IllegalArgumentException(
                        String.format(
                                "The error correction MEAN changes roundings to the nearest, but got"
                                        + " the rounding %s, whose mean error is 0 over the steps:"
                                        + " leave one of the two out",
                                rounding));
            }
        }

        private Levels levels() {
            int last = steps.length - 1;
            if (last >= 0 && steps[last] < bits) {
                throw new IllegalArgumentException(
                        String.format(
                                "Steps end at the target of %d bits, but got %s: leave out what is"
                                        + " less, or set fewer bits",
                                bits, Arrays.toString(steps)));
            }
            double[] widths =
                    Arrays.copyOf(Arrays.stream(steps).asDoubleStream().toArray(), last + 2);
            widths[last + 1] = bits; // dropped by the levels where it is there already
            // 32-bit integers are a level of their own, beyond the floats.
            double start = widths[0] < FLOAT_BITS ? FLOAT_BITS : FLOAT_BITS + 1;
            return Levels.of(
                    start,
                    widths,
                    1,
                    level -> level >= start ? "32-bit floats" : String.format("%.0f bits", level));
        }
    }
}
