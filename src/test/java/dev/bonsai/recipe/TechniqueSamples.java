package dev.bonsai.recipe;

import dev.bonsai.core.Refresh;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.lowbit.Binarization;
import dev.bonsai.lowbit.BinaryScale;
import dev.bonsai.lowbit.Ternarization;
import dev.bonsai.lowbit.TernaryScale;
import dev.bonsai.pruning.Allocation;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.pruning.Saving;
import dev.bonsai.pruning.Scope;
import dev.bonsai.pruning.SparsityPattern;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.pruning.Thinning;
import dev.bonsai.quantization.ActivationQuantization;
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
import dev.bonsai.sharing.Initialization;
import dev.bonsai.sharing.WeightSharing;
import dev.bonsai.variational.VariationalDropout;
import java.util.ArrayList;
import java.util.List;

/** Techniques of all kinds with all options, for laws of what is written down. */
final class TechniqueSamples {

    private static final WeightSelector SELECTOR =
            WeightSelector.builder()
                    .exclude("^01(a|b)")
                    .excludeBlock("Conv2d")
                    .excludeBlockAt("02Sequential")
                    .excludeFirstAndLast()
                    .includeBlockAt("03Sequential")
                    .includeBlock("Linear")
                    .include("weight$")
                    .build();

    static Pruning.Builder sparse() {
        return Pruning.builder().setTargetSparsity(0.9f);
    }

    static Quantization.Builder bits() {
        return Quantization.builder().setBits(4);
    }

    private TechniqueSamples() {}

    /** Returns at least one technique of each kind, and each option in at least one of them. */
    static List<Technique> all() {
        List<Technique> techniques = new ArrayList<>();
        List<Criterion> criteria =
                List.of(
                        Criterion.magnitude(),
                        Criterion.random(-7),
                        Criterion.gradientMagnitude(),
                        Criterion.taylor(),
                        Criterion.movement(),
                        Criterion.contribution());
        for (Criterion criterion : criteria) {
            techniques.add(sparse().optCriterion(criterion).build());
            techniques.add(sparse().optCriterion(criterion.deadEndsFirst()).build());
        }
        for (SparsitySchedule schedule :
                List.of(
                        SparsitySchedule.constant(),
                        SparsitySchedule.linear(3),
                        SparsitySchedule.cubic(4),
                        SparsitySchedule.exponential(5),
                        SparsitySchedule.polynomial(6, 2.5))) {
            techniques.add(sparse().optSchedule(schedule).build());
        }
        for (SparsityPattern pattern :
                List.of(SparsityPattern.channel(), SparsityPattern.block(4, 2))) {
            techniques.add(sparse().optPattern(pattern).build());
        }
        for (Regrowth regrowth :
                List.of(
                        Regrowth.random(0.2f, 100, 3),
                        Regrowth.gradient(0.3f, 50),
                        Regrowth.splicing(20))) {
            techniques.add(sparse().optRegrowth(regrowth).build());
        }
        techniques.add(sparse().optScope(Scope.LOCAL).optAllocation(Allocation.ERK).build());
        techniques.add(sparse().optRamp(100, 4).optSelector(SELECTOR).build());
        techniques.add(sparse().optRewind(2).build());
        techniques.add(Pruning.builder().setThreshold(0.01f).build());
        techniques.add(Pruning.builder().optPattern(SparsityPattern.nm(2, 4)).build());
        techniques.add(
                Pruning.builder().optPattern(SparsityPattern.nmAlongInputChannels(2, 4)).build());
        for (Saving saving : List.of(Saving.parameters(0.75f), Saving.multiplyAdds(0.5f))) {
            techniques.add(Thinning.builder().setSaving(saving).build());
        }
        techniques.add(
                Thinning.builder()
                        .setSaving(Saving.parameters(0.25f))
                        .optCriterion(Criterion.magnitude())
                        .optScope(Scope.LOCAL)
                        .optSchedule(SparsitySchedule.cubic(3))
                        .optMultipleOf(8)
                        .build());
        addGrids(techniques);
        addOthers(techniques);
        return techniques;
    }

    private static void addGrids(List<Technique> techniques) {
        for (RangeEstimator estimator :
                List.of(
                        RangeEstimator.minMax(),
                        RangeEstimator.mse(),
                        RangeEstimator.movingAverage(0.9f),
                        RangeEstimator.percentile(99.9f),
                        RangeEstimator.meanAndDeviation(3),
                        RangeEstimator.rootMeanSquare(7))) {
            techniques.add(bits().optRangeEstimator(estimator).build());
        }
        for (Granularity granularity :
                List.of(
                        Granularity.perTensor(),
                        Granularity.perChannel(),
                        Granularity.perGroup(32))) {
            techniques.add(bits().optGranularity(granularity).optSelector(SELECTOR).build());
        }
        techniques.add(bits().optScales(Scales.LEARNED).addBits("bias", 8).build());
        techniques.add(bits().optScales(Scales.POWER_OF_TWO).optSteps(8, 6).build());
        techniques.add(bits().optScaleFormat(FloatFormat.BFLOAT16).build());
        techniques.add(bits().optByteGoal(25_000).build());
        techniques.add(bits().optByteGoal(1).optErrorMeasure(ErrorMeasure.RELATIVE).build());
        techniques.add(bits().optMapping(Mapping.AFFINE).build());
        techniques.add(bits().optErrorCorrection(ErrorCorrection.MEAN).build());
        techniques.add(bits().optRounding(Rounding.stochastic(5)).build());
        techniques.add(ReducedFloats.builder().setFormat(FloatFormat.BFLOAT16).build());
        techniques.add(
                ActivationQuantization.builder()
                        .setBits(4)
                        .optSteps(8, 6)
                        .optRangeEstimator(RangeEstimator.percentile(99.9f))
                        .optSelector(SELECTOR)
                        .build());
        techniques.add(
                ActivationQuantization.builder().setBits(8).optScales(Scales.LEARNED).build());
    }

    private static void addOthers(List<Technique> techniques) {
        for (Initialization initialization :
                List.of(
                        Initialization.linear(),
                        Initialization.density(),
                        Initialization.random(4),
                        Initialization.kMeansPlusPlus(-4))) {
            techniques.add(
                    WeightSharing.builder()
                            .setCentroids(16)
                            .optSteps(64, 32)
                            .optTraining(CentroidTraining.STRAIGHT_THROUGH)
                            .optRefresh(new Refresh(100, 1))
                            .optInitialization(initialization)
                            .build());
        }
        techniques.add(RateDistortionRounding.builder().setLambda(0.1f).build());
        techniques.add(
                RateDistortionRounding.builder()
                        .setLambda(0.4f)
                        .optSteps(0.1f, 0.3f)
                        .optErrorWeighting(ErrorWeighting.INPUTS)
                        .optRefresh(Refresh.EACH_EPOCH)
                        .optSelector(SELECTOR)
                        .build());
        techniques.add(Binarization.builder().build());
        techniques.add(
                Binarization.builder()
                        .optScale(BinaryScale.UNIT)
                        .optStochastic(42)
                        .optSteps(0.25f, 0.5f)
                        .optSelector(SELECTOR)
                        .build());
        techniques.add(Ternarization.builder().optScale(TernaryScale.TRAINED).build());
        techniques.add(Ternarization.builder().optThresholdFactor(0.3f).optSteps(0.5f).build());
        techniques.add(Regularization.l1(1e-5f).build());
        techniques.add(Regularization.l2(1e-4f).optSteps(1e-5f).build());
        techniques.add(Regularization.bits(1e-6f).build());
        techniques.add(VariationalDropout.builder().setSamples(60_000).build());
        techniques.add(
                VariationalDropout.builder()
                        .setSamples(5)
                        .optKlWeight(2)
                        .optSteps(9)
                        .optWarmupSteps(3)
                        .optThreshold(2.5f)
                        .optInitialLogVariance(-6)
                        .optVarianceRate(4)
                        .optSeed(8)
                        .build());
    }
}
