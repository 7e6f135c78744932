package dev.bonsai.quantization;

import ai.djl.ndarray.NDManager;
import dev.bonsai.activation.IntegerForm;
import dev.bonsai.core.AbstractTechnique;
import dev.bonsai.core.ActivationTransform;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.StateType;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.TechniqueBuilder;
import dev.bonsai.core.TracedNetwork;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.ActivationGrid;
import dev.bonsai.graph.Graph;
import dev.bonsai.text.Numbers;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rounds what is computed between the weights while training goes on, where a file in integers has
 * it rounded: quantization-aware training of activations. What the gate has judged is what the int8
 * ONNX file computes, without a calibration.
 *
 * <pre>{@code
 * CompressionListener listener =
 *         CompressionListener.builder()
 *                 .addTechnique(Quantization.builder().setBits(8).build())
 *                 .addTechnique(ActivationQuantization.builder().setBits(8).build())
 *                 .build();
 * }</pre>
 *
 * <p>The user's block is traced, and while this technique is at work its graph is trained over the
 * block's own parameters. The inputs of convolutions and matrix products are rounded, what a
 * convolution gives behind the batch normalisation and the ReLU that are fused with it, and what
 * lies between where kernels work on codes. The gradient passes straight through, and is 0 where a
 * value is clipped.
 *
 * <p>Ranges are gathered in training passes, never in validation, or learned; they start with those
 * of an input of the training, so that each value has one. Zero is always on the grid; where no
 * value is negative, as behind a ReLU, no code is wasted on negative ones. After training the
 * user's own block computes in floats; the ranges are in the {@code .bonsai} file and the ONNX
 * model. List {@link Quantization} to at most 8 bits beside it: the file in integers rounds all
 * weights.
 *
 * <p>Krishnamoorthi: "Quantizing deep convolutional networks for efficient inference: A
 * whitepaper", <a href="https://arxiv.org/abs/1806.08342">arXiv:1806.08342</a>; learned: Esser et
 * al.: "Learned Step Size Quantization", <a
 * href="https://arxiv.org/abs/1902.08153">arXiv:1902.08153</a>.
 */
public final class ActivationQuantization extends AbstractTechnique {

    private static final int FLOAT_BITS = 32;

    private final ActivationQuantizationSettings settings;

    ActivationQuantization(ActivationQuantizationSettings settings) {
        super("activation quantization", Effect.ACTIVATIONS, settings.selector(), levels(settings));
        this.settings = settings;
    }

    private static Levels levels(ActivationQuantizationSettings settings) {
        List<Integer> steps = settings.steps();
        double[] widths = new double[steps.size() + 1];
        Arrays.setAll(widths, i -> i < steps.size() ? steps.get(i) : settings.bits());
        return Levels.of( // drops the target where it is a step already
                FLOAT_BITS,
                widths,
                1,
                level -> level >= FLOAT_BITS ? "32-bit floats" : Numbers.fixed(level, 0) + " bits");
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
    public ActivationQuantizationSettings getSettings() {
        return settings;
    }

    @Override
    public boolean usesNetwork() {
        return true;
    }

    /** A range is that of an epoch, not of one batch. */
    @Override
    public boolean isJudgedAfterTraining() {
        return true;
    }

    @Override
    public void checkNetwork(TracedNetwork network, List<TargetWeight> targets) {
        if (form(network.graph(), targets).plan().isEmpty()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "%s finds no product that integers can compute: it needs a convolution,"
                                    + " or a matrix product with a matrix of weights, among those of"
                                    + " %s. Select others, or leave it out",
                            getName(),
                            targets));
        }
    }

    private static IntegerForm form(Graph graph, List<TargetWeight> targets) {
        Set<String> selected = new TreeSet<>();
        targets.forEach(weight -> selected.add(weight.path()));
        return IntegerForm.of(graph, IntegerForm.floats(graph, selected));
    }

    /** The weights stay as they are. */
    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        return Map.of();
    }

    @Override
    public Map<String, ActivationTransform> proposeActivations(double level, Proposal proposal) {
        Map<String, ActivationTransform> transforms = new LinkedHashMap<>();
        if (level >= getLevels().start()) {
            return transforms;
        }
        int bits = (int) Math.min(ActivationGrid.MOST_BITS, Math.rint(level));
        ActivationRanges ranges = new ActivationRanges(bits, settings.rangeEstimator());
        NDManager state = proposal.manager();
        Set<String> names = form(proposal.network().graph(), proposal.weights()).plan().rounded();
        Map<String, ActivationTransform> found = new HashMap<>();
        proposal.observe(
                names,
                (name, value) ->
                        found.put(
                                name,
                                settings.scales() == Scales.LEARNED
                                        ? new LearnedRange(ranges, name, value, state)
                                        : new RunningRange(ranges, name, value, state)));
        names.forEach(name -> transforms.put(name, found.get(name)));
        return transforms;
    }

    @Override
    public List<StateType> getStateTypes() {
        return List.of(
                StateType.of("range", RunningRangeState.class, MethodHandles.lookup()),
                StateType.of("learnedRange", LearnedRangeState.class, MethodHandles.lookup()));
    }

    @Override
    public Map<String, ActivationTransform> restoreActivations(
            Map<String, TransformState> states, NDManager owner) {
        Map<String, ActivationTransform> transforms = new LinkedHashMap<>();
        states.forEach((name, state) -> transforms.put(name, restored(name, state, owner)));
        return transforms;
    }

    private ActivationTransform restored(String name, TransformState state, NDManager owner) {
        boolean learned = settings.scales() == Scales.LEARNED;
        if (!learned && state instanceof RunningRangeState running) {
            ActivationRanges ranges =
                    new ActivationRanges(running.bits(), settings.rangeEstimator());
            return new RunningRange(ranges, name, running.range(), owner);
        }
        if (learned && state instanceof LearnedRangeState from) {
            return new LearnedRange(name, from, owner);
        }
        throw new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "The state of the value '%s': expected that of a range with the scales %s,"
                                + " but got a %s: restore it with the settings that it was taken"
                                + " with",
                        name,
                        settings.scales(),
                        state.getClass().getSimpleName()));
    }

    /** Collects a configuration of {@link ActivationQuantization}. */
    public static final class Builder extends TechniqueBuilder<Builder> {

        private Integer bits;
        private List<Integer> steps;
        private RangeEstimator estimator;
        private Scales scales;

        private Builder() {}

        /**
         * Sets how many bits an activation takes in the end.
         *
         * @param bits the width, from 2 to 8; a file in integers has 8
         * @return this builder
         */
        public Builder setBits(int bits) {
            this.bits = ActivationQuantizationSettings.checkBits(bits);
            return this;
        }

        /**
         * Sets the widths on the way to the target, each judged by the gate; by default there are
         * none, and the target is tried at once.
         *
         * @param bits widths from 2 to 16, each less than the one before; the target is added if it
         *     is not the last
         * @return this builder
         */
        public Builder optSteps(int... bits) {
            steps = ActivationQuantizationSettings.checkSteps(Arrays.stream(bits).boxed().toList());
            return this;
        }

        /**
         * Sets what finds the range of a batch. Over the batches of the training {@link
         * RangeEstimator#minMax} keeps the outermost values, {@link RangeEstimator#movingAverage}
         * smooths by its momentum, and any other one's ranges are smoothed by a momentum of 0.9.
         *
         * @param estimator the estimator; by default {@code movingAverage(0.9f)}, and {@link
         *     RangeEstimator#mse()} for the start of scales that are learned
         * @return this builder
         */
        public Builder optRangeEstimator(RangeEstimator estimator) {
            this.estimator = Objects.requireNonNull(estimator, "estimator");
            return this;
        }

        /**
         * Sets whether the ranges are gathered or learned.
         *
         * @param scales {@link Scales#FREE} by default, or {@link Scales#LEARNED}
         * @return this builder
         */
        public Builder optScales(Scales scales) {
            this.scales = Objects.requireNonNull(scales, "scales");
            return this;
        }

        /**
         * Builds the technique.
         *
         * @return the technique
         * @throws IllegalArgumentException if the bits are not set or options contradict one
         *     another
         */
        @Override
        public ActivationQuantization build() {
            if (bits == null) {
                throw new IllegalArgumentException(
                        "ActivationQuantization needs a number of bits, but got none: call"
                                + " setBits(8)");
            }
            return new ActivationQuantizationSettings(selector(), bits, steps, estimator, scales)
                    .build();
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
