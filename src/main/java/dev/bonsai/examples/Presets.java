package dev.bonsai.examples;

import dev.bonsai.core.WeightSelector;
import dev.bonsai.examples.PresetSettings.Course;
import dev.bonsai.examples.PresetSettings.Goal;
import dev.bonsai.examples.PresetSettings.Tolerance;
import dev.bonsai.examples.network.Network;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What each preset stands for, network by network. */
final class Presets {

    /** Below this the networks are trained and judged as on the bundled digits; MNIST is above. */
    private static final int FEW_IMAGES = 20_000;

    /** The steps of the standard compression. */
    private static final int STEPS = 10;

    /** Fewer steps, as the epochs after the last step are what counts. */
    private static final int STEPS_TO_SMALL = 8;

    /** Longer steps would lose more than the gate gives, once a network is trained to its end. */
    private static final float LEARNING_RATE_OF_CHANNELS = 5e-4f;

    private static final int DENSE_EPOCHS_OF_RESIDUAL = 170;

    /** Half of that of a dense training. */
    private static final float HIGHEST_RATE_OF_RECOVERY = 0.05f;

    /** Each step takes whole channels, and needs an epoch or two. */
    private static final int STEPS_OF_CHANNELS = 4;

    /** What a bit may cost in the smallest file, in squared steps of the grid. */
    private static final double PRICE_OF_A_BIT = 0.1;

    /** What the integers of ONNX Runtime take. */
    private static final int BITS_OF_INTEGERS = 8;

    private static final Tolerance FOR_FEW = new Tolerance(0.015f);

    /** Between residual blocks all channels stay: every block reads them and adds to them. */
    private static final WeightSelector WITHIN_BLOCKS =
            WeightSelector.builder().include(".*SequentialBlock.*").build();

    private static final Map<Network, PresetSettings> STANDARD =
            Map.of(
                    Network.LENET5, standard(8, 16, 0.96f, 0.004f),
                    Network.LENET300, standard(15, 20, 0.95f, 0.006f),
                    // it learns on while it is compressed, and the bar rises with it
                    Network.TINY, standard(12, 16, 0.80f, 0.005f),
                    Network.RESNET8, standard(DENSE_EPOCHS_OF_RESIDUAL, 20, 0.70f, 0.01f));

    /**
     * An epoch of few images has few steps of the optimizer to recover in, and one image in 500 is
     * 0.002 of the accuracy: fewer and larger steps of the pruning, each with more time and room. A
     * drop below 0.011 can't be seen on 500 images, so that no tolerance here is smaller.
     */
    private static final Map<Network, PresetSettings> STANDARD_FOR_FEW =
            Map.of(
                    Network.LENET5, standardForFew(8, 14, 0.95f, 0.015f),
                    Network.LENET300, standardForFew(15, 20, 0.90f, 0.02f),
                    Network.TINY, standardForFew(12, 16, 0.60f, 0.02f),
                    Network.RESNET8, standardForFew(DENSE_EPOCHS_OF_RESIDUAL, 20, 0.50f, 0.02f));

    private static final Map<Network, PresetSettings> SMALL =
            Map.of(
                    Network.LENET5, small(8, 28, 0.984f, 0.015f),
                    Network.LENET300, small(15, 30, 0.957f, 0.01f),
                    Network.TINY, small(12, 30, 0.85f, 0.005f),
                    Network.RESNET8, atOnce(new Goal(Preset.SMALL, 0.65f, 4), 36));

    /** Whole units first, as a unit that is gone takes no place in the file at all. */
    private static final Map<Network, List<PresetSettings>> SMALLEST =
            Map.of(
                    Network.LENET5,
                            List.of(
                                    units(0.97f, 0.005f),
                                    weights(0.65f, 3, 0.005f, Recovery.STEADY)),
                    Network.LENET300,
                            List.of(
                                    units(0.85f, 0.006f),
                                    weights(0.8f, 3, 0.006f, Recovery.STEADY)),
                    Network.TINY, List.of(weights(0.85f, 4, 0.003f, Recovery.TAUGHT)),
                    Network.NANO, List.of(bits(5, 0.003f)));

    private static final Map<Network, PresetSettings> THIN =
            Map.of(
                    Network.LENET5, channels(thin(0.8f), 8, 12, 0.004f),
                    Network.LENET300, channels(thin(0.7f), 15, 16, 0.006f),
                    Network.TINY, channels(thin(0.4f), 12, 12, 0.005f),
                    Network.RESNET8, atOnce(thin(0.5f).in(WITHIN_BLOCKS), 30));

    private static final Map<Network, PresetSettings> FAST =
            Map.of(
                    Network.LENET5, channels(fast(0.6f), 8, 12, 0.004f),
                    Network.LENET300, channels(fast(0.7f), 15, 16, 0.006f),
                    Network.TINY, channels(fast(0.4f), 12, 12, 0.005f),
                    Network.RESNET8, atOnce(fast(0.5f).in(WITHIN_BLOCKS), 60));

    private Presets() {}

    /**
     * Tells whether a preset has settings for a network.
     *
     * @param network the network
     * @param preset what the compression aims at
     */
    static boolean has(Network network, Preset preset) {
        return !stages(network, preset, FEW_IMAGES).isEmpty();
    }

    /** Returns how long a network is trained before any compression. */
    static int denseEpochs(Network network, int images) {
        Preset preset = has(network, Preset.STANDARD) ? Preset.STANDARD : Preset.SMALLEST;
        return of(network, preset, images).course().denseEpochs();
    }

    /** Returns the preset that is nearest to the smallest, of those that a network has. */
    static Preset nearest(Network network) {
        return has(network, Preset.SMALLEST) ? Preset.SMALLEST : Preset.SMALL;
    }

    /**
     * Returns the settings for a network; those of the last training, where there are several.
     *
     * @param network the network
     * @param preset what the compression aims at
     * @param images the number of images to train on
     * @throws IllegalArgumentException if there are none
     */
    static PresetSettings of(Network network, Preset preset, int images) {
        List<PresetSettings> stages = stages(network, preset, images);
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("There is no " + preset + " for " + network);
        }
        return stages.get(stages.size() - 1);
    }

    /**
     * Returns the settings of the trainings that a compression consists of.
     *
     * @param network the network
     * @param preset what the compression aims at
     * @param images the number of images to train on
     * @return one after the other; empty if there are none for the network
     */
    static List<PresetSettings> stages(Network network, Preset preset, int images) {
        boolean few = images < FEW_IMAGES;
        return switch (preset) {
            case STANDARD -> stage(few ? STANDARD_FOR_FEW : STANDARD, network);
            case SMALL -> stage(SMALL, network);
            case SMALLEST -> SMALLEST.getOrDefault(network, List.of());
            case THIN -> stage(few ? forFew(THIN) : THIN, network);
            case FAST -> stage(few ? forFew(FAST) : FAST, network);
        };
    }

    private static List<PresetSettings> stage(Map<Network, PresetSettings> all, Network network) {
        return Stream.ofNullable(all.get(network)).toList();
    }

    private static PresetSettings standard(
            int denseEpochs, int epochs, float sparsity, float maxDrop) {
        return new PresetSettings(
                new Goal(Preset.STANDARD, sparsity, 4),
                new Course(denseEpochs, epochs, STEPS, Training.LEARNING_RATE, Recovery.SHORT),
                new Tolerance(maxDrop));
    }

    private static PresetSettings standardForFew(
            int denseEpochs, int epochs, float sparsity, float maxDrop) {
        return new PresetSettings(
                new Goal(Preset.STANDARD, sparsity, 4),
                new Course(denseEpochs, epochs, STEPS / 2, SmallFile.LEARNING_RATE, Recovery.SHORT),
                new Tolerance(maxDrop));
    }

    private static Map<Network, PresetSettings> forFew(Map<Network, PresetSettings> channels) {
        Map<Network, PresetSettings> result = new EnumMap<>(channels);
        result.replaceAll((n, s) -> new PresetSettings(s.goal(), s.course(), FOR_FEW));
        return result;
    }

    private static PresetSettings small(
            int denseEpochs, int epochs, float sparsity, float maxDrop) {
        return new PresetSettings(
                new Goal(Preset.SMALL, sparsity, 3),
                new Course(
                        denseEpochs,
                        epochs,
                        STEPS_TO_SMALL,
                        SmallFile.LEARNING_RATE,
                        Recovery.SHORT),
                new Tolerance(maxDrop));
    }

    private static PresetSettings units(float saved, float maxDrop) {
        return new PresetSettings(
                new Goal(Preset.THIN, saved, Float.SIZE),
                new Course(15, 24, 1, SmallFile.LEARNING_RATE, Recovery.STEADY),
                new Tolerance(maxDrop));
    }

    private static PresetSettings weights(
            float sparsity, int bits, float maxDrop, Recovery recovery) {
        return new PresetSettings(
                new Goal(Preset.SMALLEST, sparsity, bits).withLambda(PRICE_OF_A_BIT),
                new Course(15, 60, STEPS_TO_SMALL, SmallFile.LEARNING_RATE, recovery),
                new Tolerance(maxDrop));
    }

    /** All weights stay, each with fewer bits. */
    private static PresetSettings bits(int bits, float maxDrop) {
        return new PresetSettings(
                new Goal(Preset.SMALLEST, 0, bits).withLambda(PRICE_OF_A_BIT / 2),
                new Course(36, 36, 1, SmallFile.LEARNING_RATE, Recovery.STEADY),
                new Tolerance(maxDrop));
    }

    private static Goal thin(float saved) {
        return new Goal(Preset.THIN, saved, BITS_OF_INTEGERS);
    }

    private static Goal fast(float saved) {
        return new Goal(Preset.FAST, saved, BITS_OF_INTEGERS);
    }

    private static PresetSettings channels(Goal goal, int denseEpochs, int epochs, float maxDrop) {
        return new PresetSettings(
                goal,
                new Course(
                        denseEpochs,
                        epochs,
                        STEPS_OF_CHANNELS,
                        LEARNING_RATE_OF_CHANNELS,
                        Recovery.SHORT),
                new Tolerance(maxDrop));
    }

    /** A small residual network comes back from one large step as well as from four. */
    private static PresetSettings atOnce(Goal goal, int epochs) {
        return new PresetSettings(
                goal,
                new Course(
                        DENSE_EPOCHS_OF_RESIDUAL,
                        epochs,
                        1,
                        HIGHEST_RATE_OF_RECOVERY,
                        Recovery.LONG),
                new Tolerance(0.01f));
    }
}
