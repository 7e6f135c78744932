package dev.bonsai.examples;

import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.examples.network.Network;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Saving;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.pruning.Thinning;
import dev.bonsai.quantization.Granularity;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.Scales;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * @param maxDrop what the compression may cost in validation accuracy
 * @param confidence how sure it must be that it costs no more; empty for as measured
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
        float maxDrop,
        OptionalDouble confidence) {

    /** A recipe of small steps, by which the accuracy is compared as it is measured. */
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
                maxDrop,
                OptionalDouble.empty());
    }

    /** The images of a batch. */
    static final int BATCH_SIZE = 128;

    /** The learning rate that the dense training and the standard compression begin with. */
    static final float LEARNING_RATE = 1e-3f;

    /** The learning rate that all trainings end with. */
    static final float FINAL_LEARNING_RATE = 1e-5f;

    /** The one that the small compression begins with: few weights bear, and need, longer steps. */
    static final float LEARNING_RATE_TO_SMALL = 2e-3f;

    /** Below this the networks are trained and judged as on the bundled digits; MNIST is above. */
    private static final int FEW_IMAGES = 20_000;

    /** The steps of the standard compression. */
    private static final int STEPS = 10;

    /** Fewer steps, as the epochs after the last step are what counts. */
    private static final int STEPS_TO_SMALL = 8;

    /** Longer steps would lose more than the gate gives, once a network is trained to its end. */
    private static final float LEARNING_RATE_OF_CHANNELS = 5e-4f;

    /** Half of that of a dense training. */
    private static final float HIGHEST_RATE_OF_RECOVERY = 0.05f;

    /** Each step takes whole channels, and needs an epoch or two. */
    private static final int STEPS_OF_CHANNELS = 4;

    /** What the integers of ONNX Runtime take. */
    private static final int BITS_OF_INTEGERS = 8;

    /** A bias has few values and a scale of its own, so that bits cost little. */
    static final int BIAS_BITS = 4;

    /** The biases too, which else take half of a small file; not what a batch norm scales by. */
    private static final WeightSelector WEIGHTS_AND_BIASES =
            WeightSelector.builder().include(".*(weight|bias)").build();

    /**
     * Returns the recipe for a network.
     *
     * @param network the network
     * @param preset what the compression aims at
     * @param images the number of images to train on
     */
    static Recipe of(Network network, Preset preset, int images) {
        if (images < FEW_IMAGES) {
            return forFewImages(network, preset);
        }
        return switch (preset) {
            case STANDARD -> standard(network);
            case SMALL -> small(network);
            case THIN -> thin(network);
            case FAST -> fast(network);
        };
    }

    private static Recipe standard(Network network) {
        return switch (network) {
            case LENET5 -> standard(8, 16, STEPS, LEARNING_RATE, 0.96f, 0.004f);
            case LENET300 -> standard(15, 20, STEPS, LEARNING_RATE, 0.95f, 0.006f);
            // it learns on while it is compressed, and the bar rises with it
            case TINY -> standard(12, 16, STEPS, LEARNING_RATE, 0.80f, 0.005f);
            case RESNET8 -> standard(80, 20, STEPS, LEARNING_RATE, 0.70f, 0.01f);
        };
    }

    /**
     * An epoch of few images has few steps of the optimizer to recover in, and one image in 500 is
     * 0.002 of the accuracy: fewer and larger steps of the pruning, each with more time and room. A
     * drop below 0.011 can't be seen on 500 images, so that no tolerance is smaller.
     */
    private static Recipe forFewImages(Network network, Preset preset) {
        if (preset == Preset.SMALL) {
            return small(network);
        }
        if (preset.takesChannels()) {
            return (preset == Preset.THIN ? thin(network) : fast(network)).tolerating(0.015f);
        }
        return switch (network) {
            case LENET5 -> standard(8, 14, 5, LEARNING_RATE_TO_SMALL, 0.95f, 0.015f);
            case LENET300 -> standard(15, 20, 5, LEARNING_RATE_TO_SMALL, 0.90f, 0.02f);
            case TINY -> standard(12, 16, 5, LEARNING_RATE_TO_SMALL, 0.60f, 0.02f);
            case RESNET8 -> standard(80, 20, 5, LEARNING_RATE_TO_SMALL, 0.50f, 0.02f);
        };
    }

    private static Recipe small(Network network) {
        return switch (network) {
            case LENET5 -> small(8, 28, 0.984f, 0.015f);
            case LENET300 -> small(15, 30, 0.957f, 0.01f);
            case TINY -> small(12, 30, 0.85f, 0.005f);
            case RESNET8 -> atOnce(Preset.SMALL, 36, 0.65f, 4);
        };
    }

    private static Recipe standard(
            int denseEpochs,
            int epochs,
            int steps,
            float learningRate,
            float sparsity,
            float maxDrop) {
        return new Recipe(
                Preset.STANDARD, denseEpochs, epochs, steps, learningRate, sparsity, 4, maxDrop);
    }

    private static Recipe small(int denseEpochs, int epochs, float sparsity, float maxDrop) {
        return new Recipe(
                Preset.SMALL,
                denseEpochs,
                epochs,
                STEPS_TO_SMALL,
                LEARNING_RATE_TO_SMALL,
                sparsity,
                3,
                maxDrop);
    }

    private static Recipe thin(Network network) {
        return switch (network) {
            case LENET5 -> channels(Preset.THIN, 8, 12, 0.8f, 0.004f);
            case LENET300 -> channels(Preset.THIN, 15, 16, 0.7f, 0.006f);
            case TINY -> channels(Preset.THIN, 12, 12, 0.4f, 0.005f);
            case RESNET8 -> atOnce(Preset.THIN, 30, 0.5f, BITS_OF_INTEGERS);
        };
    }

    private static Recipe fast(Network network) {
        return switch (network) {
            case LENET5 -> channels(Preset.FAST, 8, 12, 0.6f, 0.004f);
            case LENET300 -> channels(Preset.FAST, 15, 16, 0.7f, 0.006f);
            case TINY -> channels(Preset.FAST, 12, 12, 0.4f, 0.005f);
            case RESNET8 -> atOnce(Preset.FAST, 30, 0.5f, BITS_OF_INTEGERS);
        };
    }

    private static Recipe channels(
            Preset preset, int denseEpochs, int epochs, float saved, float maxDrop) {
        return new Recipe(
                preset,
                denseEpochs,
                epochs,
                STEPS_OF_CHANNELS,
                LEARNING_RATE_OF_CHANNELS,
                saved,
                BITS_OF_INTEGERS,
                maxDrop);
    }

    /** A small residual network comes back from one large step as well as from four. */
    private static Recipe atOnce(Preset preset, int epochs, float saved, int bits) {
        return new Recipe(
                preset,
                80,
                epochs,
                1,
                HIGHEST_RATE_OF_RECOVERY,
                saved,
                bits,
                Recovery.LONG,
                0.01f,
                OptionalDouble.empty());
    }

    private Recipe tolerating(float drop) {
        return new Recipe(
                preset,
                denseEpochs,
                epochs,
                steps,
                learningRate,
                sparsity,
                bits,
                recovery,
                drop,
                confidence);
    }

    /** In the order in which the gate tries them: what removes whole channels comes first. */
    List<Technique> techniques() {
        return switch (preset) {
            case STANDARD ->
                    List.of(
                            Pruning.builder()
                                    .setTargetSparsity(sparsity)
                                    .optSchedule(SparsitySchedule.cubic(steps))
                                    .build(),
                            Quantization.builder().setBits(bits).build());
            case SMALL -> List.of(pruning(sparsity, steps), quantization(bits).build());
            case THIN, FAST ->
                    List.of(
                            Thinning.builder()
                                    .setSaving(
                                            preset == Preset.THIN
                                                    ? Saving.parameters(sparsity)
                                                    : Saving.multiplyAdds(sparsity))
                                    .optSchedule(SparsitySchedule.linear(steps))
                                    .build(),
                            Quantization.builder().setBits(bits).build());
        };
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

    /** Says what the compression aims at. */
    String describe() {
        return String.format(
                Locale.ROOT,
                "Compression to %.1f %% %s and %d bits, at most %.4f of validation accuracy"
                        + " below the best so far%s; %s",
                100 * sparsity,
                switch (preset) {
                    case STANDARD, SMALL -> "zeros";
                    case THIN -> "fewer parameters";
                    case FAST -> "fewer multiply-adds";
                },
                bits,
                maxDrop,
                confidence.isPresent() ? ", at a confidence of " + confidence.getAsDouble() : "",
                recovery.describe(this));
    }

    /** Returns the values of the compression by the names that people read. */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("preset", preset);
        facts.put("number of epochs", epochs);
        facts.put("number of steps", steps);
        facts.put("learning rate", learningRate);
        facts.put("recovery", recovery);
        facts.put("sparsity", sparsity);
        facts.put("number of bits", bits);
        facts.put("largest drop", maxDrop);
        facts.put(
                "confidence",
                confidence.isPresent() ? Double.toString(confidence.getAsDouble()) : "none");
        return facts;
    }
}
