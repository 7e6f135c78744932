package dev.bonsai.quantization;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.format.ScaleLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Puts weights on a uniform grid of few bits, seen by every forward pass of the training, with the
 * gradient passing straight through.
 *
 * <p>The grid follows the weights: its scales are worked out anew at every forward pass. By default
 * it is symmetric, with one scale a channel that covers all values, and rounds to the nearest.
 *
 * <pre>{@code
 * Quantization.builder().setBits(4).build();
 * Quantization.builder()
 *         .setBits(3)
 *         .optSteps(8, 5, 3)
 *         .optGranularity(Granularity.perGroup(64))
 *         .optRangeEstimator(RangeEstimator.mse())
 *         .build();
 * }</pre>
 *
 * <p>Krishnamoorthi: "Quantizing deep convolutional networks for efficient inference", <a
 * href="https://arxiv.org/abs/1806.08342">arXiv:1806.08342</a>.
 */
public final class Quantization implements Technique {

    /** The level at which nothing is quantized: wider than the widest grid. */
    private static final int NOT_QUANTIZED = 33;

    private final Mapping mapping;
    private final Granularity granularity;
    private final RangeEstimator rangeEstimator;
    private final Rounding rounding;
    private final ErrorCorrection errorCorrection;
    private final WeightSelector selector;
    private final Levels levels;

    private Quantization(Builder builder) {
        mapping = builder.mapping;
        granularity = builder.granularity;
        rangeEstimator = builder.rangeEstimator;
        rounding = builder.rounding;
        errorCorrection = builder.errorCorrection;
        selector = builder.selector;
        levels = Levels.of(NOT_QUANTIZED, builder.levels(), 1, Quantization::format);
    }

    private static String format(double level) {
        return level >= NOT_QUANTIZED ? "not quantized" : (int) level + " bits";
    }

    /**
     * Starts a quantization.
     *
     * @return a builder; {@link Builder#setBits} must be called
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
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        AffineQuantizer quantizer = new AffineQuantizer((int) level, mapping);
        Map<TargetWeight, WeightTransform> transforms = new LinkedHashMap<>();
        int index = 0;
        for (TargetWeight weight : proposal.weights()) {
            transforms.put(weight, transform(quantizer, weight, index, proposal.manager()));
            ++index;
        }
        return transforms;
    }

    private WeightTransform transform(
            AffineQuantizer quantizer, TargetWeight weight, int index, NDManager manager) {
        int[] shape = Arrays.stream(weight.shape().getShape()).mapToInt(Math::toIntExact).toArray();
        ScaleLayout layout = granularity.layout(shape);
        List<RangeEstimator> estimators = new ArrayList<>();
        List<Rounder> rounders = new ArrayList<>();
        for (Shape part : new Groups(layout).shapes()) {
            estimators.add(rangeEstimator.forWeight(manager));
            rounders.add(rounder(index * 2L + rounders.size(), part, manager));
        }
        return new QuantizeTransform(quantizer, layout, estimators, rounders, errorCorrection);
    }

    private Rounder rounder(long stream, Shape shape, NDManager manager) {
        if (rounding instanceof Rounding.Stochastic stochastic) {
            long seed = stochastic.seed() + 0x9E3779B97F4A7C15L * (stream + 1); // golden ratio
            return Rounder.stochastic(seed, shape, manager);
        }
        return Rounder.nearest();
    }

    /** Collects the settings of a {@link Quantization}. */
    public static final class Builder {

        private int bits;
        private int[] steps = {};
        private Mapping mapping = Mapping.SYMMETRIC;
        private Granularity granularity = Granularity.perChannel();
        private RangeEstimator rangeEstimator = RangeEstimator.minMax();
        private Rounding rounding = Rounding.nearestEven();
        private ErrorCorrection errorCorrection = ErrorCorrection.NONE;
        private WeightSelector selector = WeightSelector.all();

        private Builder() {}

        /**
         * Sets the width to reach.
         *
         * @param bits the bits of a weight, from 2 to 32. Above 16 bits this is a plain mapping of
         *     the range to integers: min-max, rounded to the nearest
         * @return this builder
         */
        public Builder setBits(int bits) {
            this.bits = checkBits(bits);
            return this;
        }

        /**
         * Has the width go down step by step, each judged by the gate (default: straight to the
         * target).
         *
         * @param bits widths from 2 to 32, falling; the target itself may be left out
         * @return this builder
         */
        public Builder optSteps(int... bits) {
            steps = Arrays.stream(bits).map(Builder::checkBits).toArray();
            return this;
        }

        /**
         * Sets how ranges are laid on codes (default symmetric).
         *
         * @param mapping the mapping
         * @return this builder
         */
        public Builder optMapping(Mapping mapping) {
            this.mapping = Objects.requireNonNull(mapping, "mapping");
            return this;
        }

        /**
         * Sets how many elements share a scale (default per channel).
         *
         * @param granularity the granularity
         * @return this builder
         */
        public Builder optGranularity(Granularity granularity) {
            this.granularity = Objects.requireNonNull(granularity, "granularity");
            return this;
        }

        /**
         * Sets how the range of a group is found (default min-max).
         *
         * @param rangeEstimator the estimator
         * @return this builder
         */
        public Builder optRangeEstimator(RangeEstimator rangeEstimator) {
            this.rangeEstimator = Objects.requireNonNull(rangeEstimator, "rangeEstimator");
            return this;
        }

        /**
         * Sets how numbers become codes (default nearest, ties to even).
         *
         * @param rounding the rounding
         * @return this builder
         */
        public Builder optRounding(Rounding rounding) {
            this.rounding = Objects.requireNonNull(rounding, "rounding");
            return this;
        }

        /**
         * Sets how the quantization error is adjusted (default not at all).
         *
         * @param errorCorrection the correction; it is worked out in Java, which slows a step down
         * @return this builder
         */
        public Builder optErrorCorrection(ErrorCorrection errorCorrection) {
            this.errorCorrection = Objects.requireNonNull(errorCorrection, "errorCorrection");
            return this;
        }

        /**
         * Sets which weights are quantized (default all).
         *
         * @param selector the selector
         * @return this builder
         */
        public Builder optSelector(WeightSelector selector) {
            this.selector = Objects.requireNonNull(selector, "selector");
            return this;
        }

        /**
         * Builds the quantization.
         *
         * @return the quantization
         * @throws IllegalArgumentException if no width is set, the steps do not fall towards it, or
         *     codes above 16 bits are asked for with more than a plain mapping
         */
        public Quantization build() {
            if (bits == 0) {
                throw new IllegalArgumentException(
                        "A quantization needs a width: call setBits(4), for example");
            }
            boolean plain =
                    rangeEstimator instanceof MinMax
                            && rounding instanceof Rounding.NearestEven
                            && errorCorrection == ErrorCorrection.NONE;
            int widest = (int) levels()[0];
            if (widest > AffineQuantizer.MAX_SINGLE_PRECISION_BITS && !plain) {
                throw new IllegalArgumentException(
                        String.format(
                                "Above 16 bits the range is min-max, rounding is to the nearest and"
                                        + " nothing is corrected, but %d bits were asked for with"
                                        + " %s, %s and %s: use 16 bits or fewer, or the defaults",
                                widest, rangeEstimator, rounding, errorCorrection));
            }
            return new Quantization(this);
        }

        private double[] levels() {
            int[] all =
                    steps.length > 0 && steps[steps.length - 1] == bits
                            ? steps
                            : Arrays.copyOf(steps, steps.length + 1);
            all[all.length - 1] = bits;
            return Arrays.stream(all).asDoubleStream().toArray();
        }

        private static int checkBits(int bits) {
            if (bits < 2 || bits > Integer.SIZE) {
                throw new IllegalArgumentException(
                        String.format(
                                "A quantized weight has from 2 to 32 bits, but got %d: for one bit"
                                        + " a weight a codebook of two values serves",
                                bits));
            }
            return bits;
        }
    }
}
