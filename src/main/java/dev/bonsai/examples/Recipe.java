package dev.bonsai.examples;

import dev.bonsai.core.HoldZeros;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Warmup;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Saving;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.pruning.Thinning;
import dev.bonsai.quantization.Granularity;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.Scales;
import dev.bonsai.recipe.RecipeStage;
import dev.bonsai.rounding.RateDistortionRounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How one of the networks is trained and compressed when the user does not say otherwise.
 *
 * @param preset what the compression aims at
 * @param denseEpochs the epochs of the dense training
 * @param epochs the epochs of the compression
 * @param steps the steps of the pruning, or of the thinning
 * @param learningRate the learning rate that the compression begins with
 * @param sparsity the target sparsity over all weights; where channels are taken out the fraction
 *     of the parameters or multiply-adds that goes
 * @param bits the target bits of a weight
 * @param recovery how the network is trained meanwhile
 * @param thinned the weights that channels may be taken out of
 * @param maxDrop what the compression may cost in validation accuracy
 * @param confidence how sure it must be that it costs no more; empty for as measured
 * @param lambda what a bit may cost in squared steps; empty where codes are the nearest
 */
record Recipe(
        Preset preset,
        int denseEpochs,
        int epochs,
        int steps,
        float learningRate,
        float sparsity,
        int bits,
        Recovery recovery,
        WeightSelector thinned,
        float maxDrop,
        OptionalDouble confidence,
        OptionalDouble lambda) {

    /**
     * A recipe of small steps in all weights, by which the accuracy is compared as it is measured,
     * and codes are the nearest.
     */
    Recipe(
            Preset preset,
            int denseEpochs,
            int epochs,
            int steps,
            float learningRate,
            float sparsity,
            int bits,
            float maxDrop) {
        this(
                preset,
                denseEpochs,
                epochs,
                steps,
                learningRate,
                sparsity,
                bits,
                Recovery.SHORT,
                WeightSelector.all(),
                maxDrop,
                OptionalDouble.empty(),
                OptionalDouble.empty());
    }

    /** The images of a batch. */
    static final int BATCH_SIZE = 128;

    /** The images that the gate looks at at a time. */
    private static final int EVALUATION_BATCH = 500;

    /** The learning rate that the dense training and the standard compression begin with. */
    static final float LEARNING_RATE = 1e-3f;

    /** The learning rate that all trainings end with. */
    static final float FINAL_LEARNING_RATE = 1e-5f;

    /** The one that the small compression begins with: few weights bear, and need, longer steps. */
    static final float LEARNING_RATE_TO_SMALL = 2e-3f;

    /** A bias has few values and a scale of its own, so that bits cost little. */
    static final int BIAS_BITS = 4;

    /** The biases too, which else take half of a small file; not what a batch norm scales by. */
    private static final WeightSelector WEIGHTS_AND_BIASES =
            WeightSelector.builder().include(".*(weight|bias)").build();

    /** Returns this recipe with what it may cost, and how sure that must be. */
    Recipe tolerating(float drop, OptionalDouble sure) {
        return new Recipe(
                preset,
                denseEpochs,
                epochs,
                steps,
                learningRate,
                sparsity,
                bits,
                recovery,
                thinned,
                drop,
                sure,
                lambda);
    }

    /** In the order in which the gate tries them: what removes whole channels comes first. */
    List<Technique> techniques() {
        List<Technique> techniques = new ArrayList<>(toNearest());
        lambda.ifPresent(cost -> techniques.add(rounding((float) cost)));
        return techniques;
    }

    private Technique rounding(float cost) {
        RateDistortionRounding.Builder rounding = RateDistortionRounding.builder().setLambda(cost);
        return preset == Preset.SMALL || preset == Preset.SMALLEST
                ? rounding.optSelector(WEIGHTS_AND_BIASES).build()
                : rounding.build();
    }

    private List<Technique> toNearest() {
        return switch (preset) {
            case STANDARD ->
                    List.of(
                            Pruning.builder()
                                    .setTargetSparsity(sparsity)
                                    .optSchedule(SparsitySchedule.cubic(steps))
                                    .build(),
                            Quantization.builder().setBits(bits).build());
            case SMALL, SMALLEST -> List.of(pruning(sparsity, steps), quantization(bits).build());
            case THIN, FAST ->
                    bits == Float.SIZE
                            ? List.of(thinning())
                            : List.of(thinning(), Quantization.builder().setBits(bits).build());
        };
    }

    private Technique thinning() {
        return Thinning.builder()
                .optSelector(thinned)
                .setSaving(
                        preset == Preset.THIN
                                ? Saving.parameters(sparsity)
                                : Saving.multiplyAdds(sparsity))
                .optSchedule(SparsitySchedule.linear(steps))
                .build();
    }

    /** Removes what makes a small file: biases too, and nothing that leads nowhere is kept. */
    static Technique pruning(float sparsity, int steps) {
        return Pruning.builder()
                .setTargetSparsity(sparsity)
                .optCriterion(Criterion.magnitude().deadEndsFirst())
                .optSchedule(SparsitySchedule.cubic(steps))
                .optSelector(WEIGHTS_AND_BIASES)
                .build();
    }

    /** One scale a weight, as one a channel would take a quarter of a small file; it is learned. */
    static Quantization.Builder quantization(int bits) {
        return Quantization.builder()
                .setBits(bits)
                .addBits("bias", BIAS_BITS)
                .optScales(Scales.LEARNED)
                .optGranularity(Granularity.perTensor())
                .optSelector(WEIGHTS_AND_BIASES);
    }

    /** Returns the training that this recipe stands for. */
    RecipeStage stage() {
        Gate.Builder gate =
                recovery.gate(
                        Gate.builder().optMaxDrop(maxDrop).optBatchSize(EVALUATION_BATCH), epochs);
        confidence.ifPresent(gate::optConfidence);
        return new RecipeStage(
                techniques(),
                gate.getSettings(),
                Warmup.epochs(0),
                HoldZeros.AUTO,
                true,
                Optional.of(recovery.plan(epochs, learningRate)));
    }
}
