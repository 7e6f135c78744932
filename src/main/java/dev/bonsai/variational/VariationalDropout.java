package dev.bonsai.variational;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.AbstractTechnique;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.StateType;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.TechniqueBuilder;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import java.lang.invoke.MethodHandles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    private final VariationalDropoutSettings settings;

    VariationalDropout(VariationalDropoutSettings settings) {
        super("variational dropout", Effect.ZEROS, settings.selector(), levels(settings));
        this.settings = settings;
    }

    private static Levels levels(VariationalDropoutSettings settings) {
        double[] all = IntStream.rangeClosed(1, settings.steps()).asDoubleStream().toArray();
        return Levels.of(0, all, 0.25, level -> format(level, settings));
    }

    private static String format(double level, VariationalDropoutSettings settings) {
        return String.format(
                Locale.ROOT,
                "step %.2f, KL weight %.2f",
                level,
                settings.klWeight() * Math.min(1, level / settings.warmupSteps()));
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
    public VariationalDropoutSettings getSettings() {
        return settings;
    }

    @Override
    public boolean isJudgedAfterTraining() {
        return true;
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        Map<TargetWeight, WeightTransform> weights = new LinkedHashMap<>();
        if (level <= 0) {
            return weights;
        }
        double scale =
                settings.klWeight()
                        * Math.min(1, level / settings.warmupSteps())
                        / settings.samples();
        List<TargetWeight> noisyOnes = noisyWeights(proposal);
        NoisyWeights noisy =
                new NoisyWeights(settings, proposal.step(), noisyOnes, proposal.manager());
        for (TargetWeight weight : noisyOnes) {
            weights.put(weight, noisy.next(weight, scale, first(weight, proposal)));
        }
        return weights;
    }

    @Override
    public List<StateType> getStateTypes() {
        return List.of(StateType.of("noisy", NoisyState.class, MethodHandles.lookup()));
    }

    @Override
    public Map<TargetWeight, WeightTransform> restore(
            Map<TargetWeight, TransformState> states, NDManager owner) {
        return NoisyWeights.restored(settings, states, owner);
    }

    /** Those that are trained, and those that were frozen since: what is removed stays removed. */
    private static List<TargetWeight> noisyWeights(Proposal proposal) {
        List<TargetWeight> trained = proposal.trainedWeights();
        return proposal.weights().stream()
                .filter(
                        weight ->
                                trained.contains(weight)
                                        || proposal.present(weight).orElse(null)
                                                instanceof NoisyWeight)
                .toList();
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
        return state.full(weight.shape(), settings.initialLogVariance() / settings.varianceRate());
    }

    /** Collects a configuration of {@link VariationalDropout}. */
    public static final class Builder extends TechniqueBuilder<Builder> {

        private Long samples;
        private Float klWeight;
        private Integer steps;
        private Integer warmup;
        private Float threshold;
        private Float initialLogVariance;
        private Float varianceRate;
        private Long seed;

        private Builder() {}

        /**
         * Sets how many samples the model is trained on: the more there are, the less the prior
         * counts.
         *
         * @param samples the size of the training set, at least 1
         * @return this builder
         */
        public Builder setSamples(long samples) {
            this.samples = VariationalDropoutSettings.checkSamples(samples);
            return this;
        }

        /**
         * Sets the weight of the divergence: 1 is the theory, more removes more.
         *
         * @param klWeight the weight, finite and greater than 0 (default 1)
         * @return this builder
         */
        public Builder optKlWeight(float klWeight) {
            this.klWeight =
                    VariationalDropoutSettings.positive("weight of the divergence", klWeight, 1);
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
            this.steps = VariationalDropoutSettings.atLeastOne("steps", steps);
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
            warmup = VariationalDropoutSettings.atLeastOne("warm-up steps", steps);
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
            this.threshold = VariationalDropoutSettings.finite("threshold", threshold, 3);
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
            initialLogVariance =
                    VariationalDropoutSettings.finite("initial log variance", logVariance, -8);
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
            varianceRate = VariationalDropoutSettings.positive("rate of the variance", rate, 3);
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
         * Builds the technique.
         *
         * @return the technique
         * @throws IllegalArgumentException if the number of samples is not set, or the warm-up is
         *     longer than the whole
         */
        @Override
        public VariationalDropout build() {
            if (samples == null) {
                throw new IllegalArgumentException(
                        "Variational dropout needs the number of training samples, but got none:"
                                + " call setSamples(training.size())");
            }
            return new VariationalDropoutSettings(
                            selector(),
                            samples,
                            klWeight,
                            steps,
                            warmup,
                            threshold,
                            initialLogVariance,
                            varianceRate,
                            seed)
                    .build();
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
