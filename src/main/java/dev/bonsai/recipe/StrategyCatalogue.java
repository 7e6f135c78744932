package dev.bonsai.recipe;

import ai.djl.training.loss.Loss;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.distillation.DistillationLoss;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.lowbit.Binarization;
import dev.bonsai.lowbit.Ternarization;
import dev.bonsai.lowbit.TernaryScale;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.pruning.SparsityPattern;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.ReducedFloats;
import dev.bonsai.quantization.Scales;
import dev.bonsai.recipe.NamedStrategy.Pace;
import dev.bonsai.recipe.NamedStrategy.Reach;
import dev.bonsai.regularization.Regularization;
import dev.bonsai.rounding.RateDistortionRounding;
import dev.bonsai.sharing.WeightSharing;
import dev.bonsai.variational.VariationalDropout;
import java.util.ArrayList;
import java.util.List;

/**
 * One strategy of each kind, by name, all short enough to be tried one after the other.
 *
 * <pre>{@code
 * for (NamedStrategy strategy : StrategyCatalogue.of(55_000)) {
 *     CompressionListener listener =
 *             CompressionListener.builder().addTechniques(strategy.techniques()).build();
 * }
 * }</pre>
 */
public final class StrategyCatalogue {

    /** So sparse that the criterion matters. */
    private static final float SPARSE = 0.98f;

    private static final int SEED = 1;

    /** What the literature leaves as it is at one or two bits. */
    private static final WeightSelector INNER =
            WeightSelector.builder().excludeFirstAndLast().build();

    private final List<NamedStrategy> strategies = new ArrayList<>();
    private final int samples;

    private StrategyCatalogue(int samples) {
        this.samples = samples;
        addValues();
        addInner();
        addCriteria();
        addStructure();
        addTraining();
        addCompositions();
    }

    /**
     * Returns the strategies.
     *
     * @param samples the number of training samples, by which variational dropout weighs its
     *     penalty
     * @return strategies with different names
     */
    public static List<NamedStrategy> of(int samples) {
        return List.copyOf(new StrategyCatalogue(samples).strategies);
    }

    private void add(String name, Technique... techniques) {
        add(name, Reach.EVERY_LAYER, Pace.USUAL, techniques);
    }

    private void add(String name, Reach reach, Pace pace, Technique... techniques) {
        strategies.add(
                new NamedStrategy(
                        name, List.of(techniques), reach, pace, Loss::softmaxCrossEntropyLoss));
    }

    private void addInner(String name, Technique technique) {
        add(name, Reach.INNER_LAYERS, Pace.USUAL, technique);
    }

    private void addValues() {
        add("fp16", ReducedFloats.builder().setFormat(FloatFormat.FLOAT16).build());
        add("bf16", ReducedFloats.builder().setFormat(FloatFormat.BFLOAT16).build());
        add("int8", Quantization.builder().setBits(8).build());
        add("int4", Quantization.builder().setBits(4).build());
        add("int4-power-of-two", bits(4, Scales.POWER_OF_TWO));
        add("int2", Quantization.builder().setBits(2).build());
        add("int2-learned", bits(2, Scales.LEARNED));
        add(
                "sharing-16",
                Reach.EVERY_LAYER,
                Pace.TENTH,
                WeightSharing.builder().setCentroids(16).build());
        add(
                "sharing-4",
                Reach.EVERY_LAYER,
                Pace.TENTH,
                WeightSharing.builder().setCentroids(4).build());
    }

    private void addInner() {
        addInner(
                "channel", half().optPattern(SparsityPattern.channel()).optSelector(INNER).build());
        addInner("ternary", Ternarization.builder().optSelector(INNER).build());
        addInner(
                "ternary-trained",
                Ternarization.builder().optScale(TernaryScale.TRAINED).optSelector(INNER).build());
        addInner("binary", Binarization.builder().optSelector(INNER).build());
        addInner(
                "binary-stochastic",
                Binarization.builder().optStochastic(SEED).optSelector(INNER).build());
    }

    private static Quantization bits(int bits, Scales scales) {
        return Quantization.builder().setBits(bits).optScales(scales).build();
    }

    private void addCriteria() {
        add("magnitude", by(Criterion.magnitude()));
        add("dead-ends-first", by(Criterion.magnitude().deadEndsFirst()));
        add("random", by(Criterion.random(SEED)));
        add("gradient", by(Criterion.gradientMagnitude()));
        add("taylor", by(Criterion.taylor()));
        add("movement", by(Criterion.movement()));
        add("contribution", by(Criterion.contribution()));
    }

    private static Pruning by(Criterion criterion) {
        return sparse().optCriterion(criterion).build();
    }

    /** Three steps, and the rest of the epochs to recover. */
    private static Pruning.Builder sparse() {
        return Pruning.builder().setTargetSparsity(SPARSE).optSchedule(SparsitySchedule.cubic(3));
    }

    private void addStructure() {
        add("2:4", Pruning.builder().optPattern(SparsityPattern.nm(2, 4)).build());
        add("block-4x4", half().optPattern(SparsityPattern.block(4, 4)).build());
        add("set", sparse().optRegrowth(Regrowth.random(0.2f, 100, SEED)).build());
        add("rigl", sparse().optRegrowth(Regrowth.gradient(0.2f, 100)).build());
        add("splicing", sparse().optRegrowth(Regrowth.splicing(100)).build());
        add("lottery-ticket", sparse().optRewind(1).build());
    }

    private static Pruning.Builder half() {
        return Pruning.builder().setTargetSparsity(0.5f).optSchedule(SparsitySchedule.cubic(3));
    }

    private void addTraining() {
        add("l1", Regularization.l1(2e-5f).optSteps(1e-5f).build(), sparse().build());
        add("l2", Regularization.l2(1e-4f).optSteps(5e-5f).build(), sparse().build());
        add(
                "variational-dropout",
                VariationalDropout.builder()
                        .setSamples(samples)
                        .optSteps(5)
                        .optWarmupSteps(3)
                        .build());
        strategies.add(
                new NamedStrategy(
                        "distillation",
                        List.of(sparse().build()),
                        Reach.EVERY_LAYER,
                        Pace.USUAL,
                        () -> DistillationLoss.builder().build()));
    }

    private void addCompositions() {
        add("prune-share", sparse().build(), WeightSharing.builder().setCentroids(8).build());
        add("prune-int3", sparse().build(), Quantization.builder().setBits(3).build());
        add(
                "prune-int3-rounding",
                sparse().build(),
                Quantization.builder().setBits(3).build(),
                RateDistortionRounding.builder().setLambda(0.2f).optSteps(0.1f).build());
        add(
                "prune-int3-learned",
                by(Criterion.magnitude().deadEndsFirst()),
                bits(3, Scales.LEARNED));
    }
}
