package dev.bonsai.variational;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.bonsai.core.AbstractTechnique;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Learned;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Has every element of a weight learn how much noise it bears, and removes those that are mostly
 * noise: how many go, and where, comes out of the training by itself.
 *
 * <pre>{@code
 * VariationalDropout.builder().setSamples(training.size()).build();
 * }</pre>
 *
 * <p>In training, a weight is {@code w + sigma * noise}, with a sigma for each element that the
 * user's optimizer trains along with w. The divergence of that distribution from a log-uniform
 * prior is added to the gradients, with the weight {@code klWeight / samples} for a loss that is a
 * mean over the batch; it makes {@code alpha = sigma^2 / w^2} grow wherever the loss allows. In
 * every other pass, and in the file, an element whose {@code log alpha} has reached the threshold
 * is exactly zero, and the others are w. An element that was removed may come back. Every weight
 * keeps at least the element of the lowest {@code log alpha}, the lowest index among equals.
 *
 * <p>Molchanov, Ashukha, Vetrov: "Variational Dropout Sparsifies Deep Neural Networks", <a
 * href="https://arxiv.org/abs/1701.05369">arXiv:1701.05369</a>. The noise is on the weights and
 * shared by a batch, as the model's blocks compute their outputs themselves; its sign alternates
 * from one pass to the next, which makes up for a part of the variance. Begin with a trained model.
 *
 * <p>Each step is an epoch of training, judged by the gate. This takes many epochs, some ten at
 * least, and is meant for an optimizer such as Adam, without weight decay.
 */
public final class VariationalDropout extends AbstractTechnique {

    private final long samples;
    private final float klWeight;
    private final int warmup;
    private final float threshold;
    private final float initialLogVariance;
    private final float varianceRate;
    private final long seed;

    private VariationalDropout(Builder builder, Levels levels) {
        super("variational dropout", Effect.ZEROS, builder.selector, levels);
        samples = builder.samples;
        klWeight = builder.klWeight;
        warmup = builder.warmup;
        threshold = builder.threshold;
        initialLogVariance = builder.initialLogVariance;
        varianceRate = builder.varianceRate;
        seed = builder.seed;
    }

    /**
     * Starts a configuration.
     *
     * @return a builder that needs the number of training samples
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public boolean isJudgedAfterTraining() {
        return true;
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        Map<TargetWeight, WeightTransform> noisy = new LinkedHashMap<>();
        if (level <= 0) {
            return noisy;
        }
        NDManager state = proposal.manager();
        double scale = klWeight * Math.min(1, level / warmup) / samples;
        NoisyWeight.Settings settings = new NoisyWeight.Settings(threshold, varianceRate, scale);
        SplittableRandom random = new SplittableRandom(31 * seed + proposal.step());
        int largest = proposal.weights().stream().mapToInt(TargetWeight::size).max().orElse(0);
        Noise noise = new Noise(largest, random, state);
        NDArray zero = Tensors.constant(state, 0);
        for (TargetWeight weight : proposal.weights()) {
            Parameter parameter =
                    Learned.parameter("log variance of " + weight.path(), first(weight, proposal));
            noisy.put(weight, new NoisyWeight(settings, parameter, noise, random.split(), zero));
        }
        return noisy;
    }

    /** Returns what was learned so far, in an array of its own. */
    private NDArray first(TargetWeight weight, Proposal proposal) {
        NDManager state = proposal.manager();
        if (proposal.present(weight).orElse(null) instanceof NoisyWeight present) {
            try (NDArray alias = present.getParameters().get(0).getArray().stopGradient()) {
                NDArray copy = alias.duplicate();
                copy.attach(state);
                return copy;
            }
        }
        return state.full(weight.shape(), initialLogVariance / varianceRate);
    }

    /** Collects a configuration of {@link VariationalDropout}. */
    public static final class Builder {

        private long samples;
        private float klWeight = 1;
        private int steps = 15;
        private int warmup = 5;
        private float threshold = 3;
        private float initialLogVariance = -8;
        private float varianceRate = 3;
        private long seed;
        private WeightSelector selector = WeightSelector.all();

        private Builder() {}

        /**
         * Sets how many samples the model is trained on: the more there are, the less the prior
         * counts.
         *
         * @param samples the size of the training set, at least 1
         * @return this builder
         */
        public Builder setSamples(long samples) {
            if (samples < 1) {
                throw new IllegalArgumentException(
                        "A training set has at least 1 sample, but got "
                                + samples
                                + ": call setSamples(training.size())");
            }
            this.samples = samples;
            return this;
        }

        /**
         * Sets the weight of the divergence: 1 is the theory, more removes more.
         *
         * @param klWeight the weight, finite and greater than 0 (default 1)
         * @return this builder
         */
        public Builder optKlWeight(float klWeight) {
            this.klWeight = positive("weight of the divergence", klWeight, 1);
            return this;
        }

        /**
         * Sets over how many steps, of an epoch each, the training goes (default 15). Removal goes
         * on as long as the gate accepts it.
         *
         * @param steps the number of steps, at least 1
         * @return this builder
         */
        public Builder optSteps(int steps) {
            this.steps = atLeastOne("steps", steps);
            return this;
        }

        /**
         * Sets in how many of the steps the weight of the divergence rises in equal parts to its
         * full value (default 5).
         *
         * @param steps the number of steps, at least 1
         * @return this builder
         */
        public Builder optWarmupSteps(int steps) {
            warmup = atLeastOne("warm-up steps", steps);
            return this;
        }

        /**
         * Sets the {@code log alpha} from which an element is removed.
         *
         * @param threshold the threshold, finite; 3 by default, which is noise of four and a half
         *     times the size of the weight
         * @return this builder
         */
        public Builder optThreshold(float threshold) {
            this.threshold = finite("threshold", threshold, 3);
            return this;
        }

        /**
         * Sets the {@code log sigma^2} that every element begins with.
         *
         * @param logVariance the logarithm, finite; -8 by default, which is noise of a size of
         *     0.018
         * @return this builder
         */
        public Builder optInitialLogVariance(float logVariance) {
            initialLogVariance = finite("initial log variance", logVariance, -8);
            return this;
        }

        /**
         * Sets how many times faster than weights {@code log sigma^2} is trained: it is that many
         * times the parameter that the optimizer sees, and has a longer way to go than a weight. A
         * high rate follows the noise of the gradients, and removes less in the end.
         *
         * @param rate the factor, finite and greater than 0 (default 3)
         * @return this builder
         */
        public Builder optVarianceRate(float rate) {
            varianceRate = positive("rate of the variance", rate, 3);
            return this;
        }

        /**
         * Sets the seed of the noise.
         *
         * @param seed the seed (default 0)
         * @return this builder
         */
        public Builder optSeed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Sets which weights are trained with noise and thinned out.
         *
         * @param selector the selector; {@link WeightSelector#all()} by default
         * @return this builder
         */
        public Builder optSelector(WeightSelector selector) {
            this.selector = Objects.requireNonNull(selector, "selector");
            return this;
        }

        /**
         * Builds the technique.
         *
         * @return the technique
         * @throws IllegalArgumentException if the number of samples is not set, or the warm-up is
         *     longer than the whole
         */
        public VariationalDropout build() {
            if (samples == 0) {
                throw new IllegalArgumentException(
                        "Variational dropout needs the number of training samples, but got none:"
                                + " call setSamples(training.size())");
            }
            if (warmup > steps) {
                throw new IllegalArgumentException(
                        String.format(
                                "The warm-up is a part of the steps, but got %d of %d: call"
                                        + " optWarmupSteps with at most %d",
                                warmup, steps, steps));
            }
            double[] all = IntStream.rangeClosed(1, steps).asDoubleStream().toArray();
            return new VariationalDropout(this, Levels.of(0, all, 0.25, this::format));
        }

        private String format(double level) {
            return String.format(
                    Locale.ROOT,
                    "step %.2f, KL weight %.2f",
                    level,
                    klWeight * Math.min(1, level / warmup));
        }

        private static int atLeastOne(String what, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(
                        String.format("There is at least 1 of the %s, but got %d", what, value));
            }
            return value;
        }

        private static float positive(String what, float value, int usual) {
            if (!(value > 0)) {
                throw new IllegalArgumentException(
                        String.format(
                                "The %s is greater than 0, but got %s: use %d",
                                what, value, usual));
            }
            return finite(what, value, usual);
        }

        private static float finite(String what, float value, int usual) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        String.format("The %s is finite, but got %s: use %d", what, value, usual));
            }
            return value;
        }
    }
}
