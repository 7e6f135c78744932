package dev.bonsai.examples;

import ai.djl.training.loss.Loss;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.distillation.DistillationLoss;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.examples.network.Network;
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
import dev.bonsai.regularization.Regularization;
import dev.bonsai.sharing.WeightSharing;
import dev.bonsai.variational.VariationalDropout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** One strategy of each kind, all short enough to be tried one after the other. */
final class StrategyCatalogue {

    /** So sparse that the criterion matters. */
    private static final float SPARSE = 0.98f;

    private static final int SEED = 1;

    /**
     * Where all weights of a value move together: under Adam they do so as fast as one weight does,
     * and shake the network far more.
     */
    private static final float GENTLE = Recipe.LEARNING_RATE / 10;

    /** What the literature leaves as it is at one or two bits. */
    private static final WeightSelector INNER =
            WeightSelector.builder().excludeFirstAndLast().build();

    private final List<Entry> entries = new ArrayList<>();

    private StrategyCatalogue(Network network) {
        addValues();
        if (network != Network.TINY) { // which has nothing between its first and last layer
            addInner();
        }
        addCriteria();
        addStructure();
        addTraining();
        addCompositions();
    }

    /**
     * A strategy with a name.
     *
     * @param name the name on the command line and in the table
     * @param techniques its techniques in order
     * @param learningRate the learning rate that the training begins with
     * @param losses makes what the training minimises
     */
    record Entry(
            String name, List<Technique> techniques, float learningRate, Supplier<Loss> losses) {
        Loss loss() {
            return losses.get();
        }
    }

    static List<Entry> of(Network network) {
        return List.copyOf(new StrategyCatalogue(network).entries);
    }

    private void add(String name, Technique... techniques) {
        add(name, Recipe.LEARNING_RATE, techniques);
    }

    private void add(String name, float learningRate, Technique... techniques) {
        entries.add(
                new Entry(name, List.of(techniques), learningRate, Loss::softmaxCrossEntropyLoss));
    }

    private void addValues() {
        add("fp16", ReducedFloats.builder().setFormat(FloatFormat.FLOAT16).build());
        add("bf16", ReducedFloats.builder().setFormat(FloatFormat.BFLOAT16).build());
        add("int8", Quantization.builder().setBits(8).build());
        add("int4", Quantization.builder().setBits(4).build());
        add("int4-power-of-two", bits(4, Scales.POWER_OF_TWO));
        add("int2", Quantization.builder().setBits(2).build());
        add("int2-learned", bits(2, Scales.LEARNED));
        add("sharing-16", GENTLE, WeightSharing.builder().setCentroids(16).build());
        add("sharing-4", GENTLE, WeightSharing.builder().setCentroids(4).build());
    }

    private void addInner() {
        add("channel", half().optPattern(SparsityPattern.channel()).optSelector(INNER).build());
        add("ternary", Ternarization.builder().optSelector(INNER).build());
        add(
                "ternary-trained",
                Ternarization.builder().optScale(TernaryScale.TRAINED).optSelector(INNER).build());
        add("binary", Binarization.builder().optSelector(INNER).build());
        add(
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
                        .setSamples(55_000)
                        .optSteps(5)
                        .optWarmupSteps(3)
                        .build());
        entries.add(
                new Entry(
                        "distillation",
                        List.of(sparse().build()),
                        Recipe.LEARNING_RATE,
                        () -> DistillationLoss.builder().build()));
    }

    private void addCompositions() {
        add("prune-share", sparse().build(), WeightSharing.builder().setCentroids(8).build());
        add("prune-int3", sparse().build(), Quantization.builder().setBits(3).build());
        add(
                "prune-int3-learned",
                by(Criterion.magnitude().deadEndsFirst()),
                bits(3, Scales.LEARNED));
    }
}
