package dev.bonsai;

import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.lowbit.Binarization;
import dev.bonsai.lowbit.BinaryScale;
import dev.bonsai.lowbit.Ternarization;
import dev.bonsai.lowbit.TernaryScale;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.pruning.Saving;
import dev.bonsai.pruning.SparsityPattern;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.pruning.Thinning;
import dev.bonsai.quantization.ErrorCorrection;
import dev.bonsai.quantization.ErrorMeasure;
import dev.bonsai.quantization.Granularity;
import dev.bonsai.quantization.Mapping;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.RangeEstimator;
import dev.bonsai.quantization.ReducedFloats;
import dev.bonsai.quantization.Rounding;
import dev.bonsai.quantization.Scales;
import dev.bonsai.regularization.Regularization;
import dev.bonsai.rounding.ErrorWeighting;
import dev.bonsai.rounding.RateDistortionRounding;
import dev.bonsai.sharing.CentroidTraining;
import dev.bonsai.sharing.WeightSharing;
import dev.bonsai.variational.VariationalDropout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Every technique with every option that changes what it computes, for laws that hold for all. */
enum EveryTechnique {
    MAGNITUDE(pruning(b -> b)),
    RANDOM(pruning(b -> b.optCriterion(Criterion.random(1)))),
    GRADIENT_MAGNITUDE(pruning(b -> b.optCriterion(Criterion.gradientMagnitude()))),
    TAYLOR(pruning(b -> b.optCriterion(Criterion.taylor()))),
    MOVEMENT(pruning(b -> b.optCriterion(Criterion.movement()))),
    CONTRIBUTION(pruning(b -> b.optCriterion(Criterion.contribution()))),
    DEAD_ENDS_FIRST(pruning(b -> b.optCriterion(Criterion.magnitude().deadEndsFirst()))),
    CHANNELS(pruning(b -> b.optPattern(SparsityPattern.channel()))),
    RANDOM_REGROWTH(pruning(b -> b.optRegrowth(Regrowth.random(0.3f, 3, 1)))),
    GRADIENT_REGROWTH(pruning(b -> b.optRegrowth(Regrowth.gradient(0.3f, 3)))),
    SPLICING(pruning(b -> b.optRegrowth(Regrowth.splicing(3)))),
    TWO_OF_FOUR(Pruning.builder().optPattern(SparsityPattern.nm(2, 4)).build()),
    THINNING(thinning(b -> b.optCriterion(Criterion.magnitude()))),
    THINNING_BY_TAYLOR(thinning(b -> b)),
    SYMMETRIC_GRID(grid(4, b -> b)),
    WIDE_GRID(grid(20, b -> b)),
    AFFINE_GRID(grid(4, b -> b.optMapping(Mapping.AFFINE))),
    WIDE_AFFINE_GRID(grid(20, b -> b.optMapping(Mapping.AFFINE))),
    GRID_PER_TENSOR(grid(4, b -> b.optGranularity(Granularity.perTensor()))),
    GRID_PER_GROUP(grid(4, b -> b.optGranularity(Granularity.perGroup(3)))),
    MOVING_AVERAGE(grid(4, b -> b.optRangeEstimator(RangeEstimator.movingAverage(0.5f)))),
    PERCENTILE(grid(4, b -> b.optRangeEstimator(RangeEstimator.percentile(90)))),
    DEVIATION(grid(4, b -> b.optRangeEstimator(RangeEstimator.meanAndDeviation(2)))),
    ROOT_MEAN_SQUARE(grid(4, b -> b.optRangeEstimator(RangeEstimator.rootMeanSquare(7)))),
    LEAST_ERROR(grid(4, b -> b.optRangeEstimator(RangeEstimator.mse()))),
    STOCHASTIC_ROUNDING(grid(4, b -> b.optRounding(Rounding.stochastic(1)))),
    MEAN_CORRECTION(grid(4, b -> b.optErrorCorrection(ErrorCorrection.MEAN))),
    MEAN_CORRECTION_PER_GROUP(
            grid(
                    4,
                    b ->
                            b.optErrorCorrection(ErrorCorrection.MEAN)
                                    .optGranularity(Granularity.perGroup(3)))),
    BYTE_GOAL(grid(2, b -> b.optByteGoal(60))),
    BYTE_GOAL_BY_RELATIVE_ERROR(
            grid(
                    2,
                    b ->
                            b.optByteGoal(60)
                                    .optErrorMeasure(ErrorMeasure.RELATIVE)
                                    .optScales(Scales.LEARNED))),
    SHORT_SCALES(grid(4, b -> b.optScaleFormat(FloatFormat.BFLOAT16))),
    POWERS_OF_TWO(grid(4, b -> b.optScales(Scales.POWER_OF_TWO))),
    LEARNED_SCALES(grid(4, b -> b.optScales(Scales.LEARNED))),
    LEARNED_SCALES_PER_GROUP(
            grid(4, b -> b.optScales(Scales.LEARNED).optGranularity(Granularity.perGroup(3)))),
    SHARED_GRADIENTS(sharing(CentroidTraining.SUMMED_GRADIENT)),
    SHARED_VALUES(sharing(CentroidTraining.STRAIGHT_THROUGH)),
    SIGNS_PER_CHANNEL(Binarization.builder().build()),
    SIGNS_PER_TENSOR(Binarization.builder().optScale(BinaryScale.PER_TENSOR).build()),
    UNIT_SIGNS(Binarization.builder().optScale(BinaryScale.UNIT).build()),
    STOCHASTIC_SIGNS(Binarization.builder().optStochastic(1).build()),
    SIGNS_OF_HALF(Binarization.builder().optSteps(0.5f).build()),
    TERNARY_PER_CHANNEL(Ternarization.builder().build()),
    TERNARY_PER_TENSOR(Ternarization.builder().optScale(TernaryScale.PER_TENSOR).build()),
    TRAINED_TERNARY(Ternarization.builder().optScale(TernaryScale.TRAINED).build()),
    TRAINED_TERNARY_OF_HALF(
            Ternarization.builder().optScale(TernaryScale.TRAINED).optSteps(0.5f).build()),
    CHEAPER_CODES(behindGrid(rounding(ErrorWeighting.EVEN))),
    CHEAPER_CODES_BY_INPUTS(behindGrid(rounding(ErrorWeighting.INPUTS))),
    L1(Regularization.l1(0.002f).optSteps().build()),
    L2(Regularization.l2(0.1f).optSteps().build()),
    BITS(Regularization.bits(1e-3f).optSteps().build()),
    BITS_BEHIND_GRID(behindGrid(Regularization.bits(1e-3f).optSteps().build())),
    NOISE(variational(-8, 1)),
    BFLOAT16(ReducedFloats.builder().setFormat(FloatFormat.BFLOAT16).build()),
    FLOAT16(ReducedFloats.builder().setFormat(FloatFormat.FLOAT16).build());

    @SuppressWarnings("ImmutableEnumChecker") // techniques are immutable, and not marked so
    private final List<Technique> chain;

    EveryTechnique(Technique technique) {
        this(List.of(technique));
    }

    EveryTechnique(List<Technique> chain) {
        this.chain = chain;
    }

    /** Returns the technique behind those that it needs before it. */
    List<Technique> chain() {
        return chain;
    }

    /** Tells whether it needs another technique before it. */
    boolean isBehindAnother() {
        return chain.size() > 1;
    }

    /** Returns the technique, which is immutable. */
    Technique technique() {
        return chain.get(chain.size() - 1);
    }

    /**
     * Puts the weights of a proposal behind what the technique needs before it.
     *
     * @return what stands before each weight; nothing for most techniques
     */
    Map<TargetWeight, WeightTransform> putBehind(FakeProposal proposal) {
        Map<TargetWeight, WeightTransform> before = new LinkedHashMap<>();
        if (isBehindAnother()) {
            Technique first = chain.get(0);
            before.putAll(first.propose(first.getLevels().target(), proposal));
            before.forEach(proposal::setBehind);
        }
        return before;
    }

    /** Tells whether a training pass draws numbers, so that two passes differ from one. */
    boolean isByChance() {
        return this == STOCHASTIC_ROUNDING || this == STOCHASTIC_SIGNS || this == NOISE;
    }

    /** Tells whether frozen weights are left out, having nothing to be ranked or trained by. */
    boolean needsTraining() {
        return List.of(
                        GRADIENT_MAGNITUDE,
                        TAYLOR,
                        THINNING_BY_TAYLOR,
                        MOVEMENT,
                        DEAD_ENDS_FIRST,
                        L1,
                        L2,
                        BITS,
                        NOISE)
                .contains(this);
    }

    /** Noise of a size and with a weight of the divergence. */
    static Technique variational(float logVariance, float klWeight) {
        return VariationalDropout.builder()
                .setSamples(512)
                .optInitialLogVariance(logVariance)
                .optKlWeight(klWeight)
                .build();
    }

    private static Technique pruning(Function<Pruning.Builder, Pruning.Builder> options) {
        Pruning.Builder builder =
                Pruning.builder().setTargetSparsity(0.5f).optSchedule(SparsitySchedule.cubic(1));
        return options.apply(builder).build();
    }

    private static Technique thinning(Function<Thinning.Builder, Thinning.Builder> options) {
        Thinning.Builder builder =
                Thinning.builder()
                        .setSaving(Saving.parameters(0.5f))
                        .optSchedule(SparsitySchedule.linear(1));
        return options.apply(builder).build();
    }

    private static Technique grid(
            int bits, Function<Quantization.Builder, Quantization.Builder> options) {
        return options.apply(Quantization.builder().setBits(bits)).build();
    }

    private static Technique rounding(ErrorWeighting weighting) {
        return RateDistortionRounding.builder()
                .setLambda(0.1f)
                .optSteps()
                .optErrorWeighting(weighting)
                .optRefresh(weighting == ErrorWeighting.INPUTS ? Refresh.EACH_EPOCH : Refresh.NONE)
                .build();
    }

    private static List<Technique> behindGrid(Technique technique) {
        return List.of(grid(4, b -> b), technique);
    }

    private static Technique sharing(CentroidTraining training) {
        return WeightSharing.builder().setCentroids(4).optTraining(training).build();
    }
}
