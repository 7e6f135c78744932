package dev.bonsai.examples;

import dev.bonsai.core.WeightSelector;
import dev.bonsai.examples.network.Network;
import java.util.List;
import java.util.OptionalDouble;

/** The recipes by which the networks are compressed when the user does not say otherwise. */
final class Recipes {

    /** Below this the networks are trained and judged as on the bundled digits; MNIST is above. */
    private static final int FEW_IMAGES = 20_000;

    /** The steps of the standard compression. */
    private static final int STEPS = 10;

    /** Fewer steps, as the epochs after the last step are what counts. */
    private static final int STEPS_TO_SMALL = 8;

    /** Longer steps would lose more than the gate gives, once a network is trained to its end. */
    private static final float LEARNING_RATE_OF_CHANNELS = 5e-4f;

    private static final int DENSE_EPOCHS_OF_RESIDUAL = 120;

    /** Half of that of a dense training. */
    private static final float HIGHEST_RATE_OF_RECOVERY = 0.05f;

    /** Each step takes whole channels, and needs an epoch or two. */
    private static final int STEPS_OF_CHANNELS = 4;

    /** What a bit may cost in the smallest file, in squared steps of the grid. */
    private static final double PRICE_OF_A_BIT = 0.1;

    /** What the integers of ONNX Runtime take. */
    private static final int BITS_OF_INTEGERS = 8;

    /** Between residual blocks all channels stay: every block reads them and adds to them. */
    private static final WeightSelector WITHIN_BLOCKS =
            WeightSelector.builder().include(".*SequentialBlock.*").build();

    private Recipes() {}

    /**
     * Returns the recipe for a network.
     *
     * @param network the network
     * @param preset what the compression aims at
     * @param images the number of images to train on
     */
    static Recipe of(Network network, Preset preset, int images) {
        if (images < FEW_IMAGES && preset != Preset.SMALLEST) {
            return forFewImages(network, preset);
        }
        return switch (preset) {
            case STANDARD -> standard(network);
            case SMALL -> small(network);
            case SMALLEST -> last(smallest(network));
            case THIN -> thin(network);
            case FAST -> fast(network);
        };
    }

    /**
     * Returns the recipes of the trainings that a compression consists of.
     *
     * @param network the network
     * @param preset what the compression aims at
     * @param images the number of images to train on
     */
    static List<Recipe> stages(Network network, Preset preset, int images) {
        return preset == Preset.SMALLEST ? smallest(network) : List.of(of(network, preset, images));
    }

    /** Whole units first, as a unit that is gone takes no place in the file at all. */
    private static List<Recipe> smallest(Network network) {
        return switch (network) {
            case LENET5 -> List.of(units(15, 24, 0.97f, 0.005f), weights(60, 0.65f, 0.005f));
            case LENET300 -> List.of(units(15, 24, 0.85f, 0.006f), weights(60, 0.8f, 0.006f));
            case TINY -> List.of(weights(60, 0.87f, 0.003f));
            case RESNET8 -> List.of(small(network));
        };
    }

    private static Recipe last(List<Recipe> stages) {
        return stages.get(stages.size() - 1);
    }

    private static Recipe units(int denseEpochs, int epochs, float saved, float maxDrop) {
        return new Recipe(
                Preset.THIN,
                denseEpochs,
                epochs,
                1,
                Recipe.LEARNING_RATE_TO_SMALL,
                saved,
                Float.SIZE,
                Recovery.TAUGHT,
                WeightSelector.all(),
                maxDrop,
                OptionalDouble.empty(),
                OptionalDouble.empty());
    }

    private static Recipe weights(int epochs, float sparsity, float maxDrop) {
        return new Recipe(
                Preset.SMALLEST,
                15,
                epochs,
                STEPS_TO_SMALL,
                Recipe.LEARNING_RATE_TO_SMALL,
                sparsity,
                3,
                Recovery.TAUGHT,
                WeightSelector.all(),
                maxDrop,
                OptionalDouble.empty(),
                OptionalDouble.of(PRICE_OF_A_BIT));
    }

    private static Recipe standard(Network network) {
        return switch (network) {
            case LENET5 -> standard(8, 16, STEPS, Recipe.LEARNING_RATE, 0.96f, 0.004f);
            case LENET300 -> standard(15, 20, STEPS, Recipe.LEARNING_RATE, 0.95f, 0.006f);
            // it learns on while it is compressed, and the bar rises with it
            case TINY -> standard(12, 16, STEPS, Recipe.LEARNING_RATE, 0.80f, 0.005f);
            case RESNET8 ->
                    standard(
                            DENSE_EPOCHS_OF_RESIDUAL,
                            20,
                            STEPS,
                            Recipe.LEARNING_RATE,
                            0.70f,
                            0.01f);
        };
    }

    /**
     * An epoch of few images has few steps of the optimizer to recover in, and one image in 500 is
     * 0.002 of the accuracy: fewer and larger steps of the pruning, each with more time and room. A
     * drop below 0.011 can't be seen on 500 images, so that no tolerance here is smaller.
     */
    private static Recipe forFewImages(Network network, Preset preset) {
        if (preset == Preset.SMALL) {
            return small(network);
        }
        if (preset.takesChannels()) {
            return (preset == Preset.THIN ? thin(network) : fast(network))
                    .tolerating(0.015f, OptionalDouble.empty());
        }
        return switch (network) {
            case LENET5 -> standard(8, 14, 5, Recipe.LEARNING_RATE_TO_SMALL, 0.95f, 0.015f);
            case LENET300 -> standard(15, 20, 5, Recipe.LEARNING_RATE_TO_SMALL, 0.90f, 0.02f);
            case TINY -> standard(12, 16, 5, Recipe.LEARNING_RATE_TO_SMALL, 0.60f, 0.02f);
            case RESNET8 ->
                    standard(
                            DENSE_EPOCHS_OF_RESIDUAL,
                            20,
                            5,
                            Recipe.LEARNING_RATE_TO_SMALL,
                            0.50f,
                            0.02f);
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
                Recipe.LEARNING_RATE_TO_SMALL,
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
            case RESNET8 -> atOnce(Preset.FAST, 50, 0.5f, BITS_OF_INTEGERS);
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
                DENSE_EPOCHS_OF_RESIDUAL,
                epochs,
                1,
                HIGHEST_RATE_OF_RECOVERY,
                saved,
                bits,
                Recovery.LONG,
                WITHIN_BLOCKS,
                0.01f,
                OptionalDouble.empty(),
                OptionalDouble.empty());
    }
}
