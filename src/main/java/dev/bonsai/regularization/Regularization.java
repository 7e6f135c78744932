package dev.bonsai.regularization;

import ai.djl.ndarray.NDArray;
import dev.bonsai.core.AbstractTechnique;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * Draws weights towards zero while they train, without touching the loss: a penalty that makes
 * pruning after it cheaper, or, in the case of L1, removes weights by itself.
 *
 * <pre>{@code
 * CompressionListener.builder()
 *         .addTechnique(Regularization.l1(1e-5f).build())
 *         .addTechnique(Pruning.builder().setTargetSparsity(0.9f).build())
 *         .build();
 * Regularization.l2(1e-4f).optSteps(1e-5f, 3e-5f).build();
 * }</pre>
 *
 * <p>The strength rises in steps. Each takes an epoch of training, after which the gate judges it;
 * the last goes on acting while the techniques that follow do their work. Each weight is trained
 * and seen by the model as it is.
 *
 * <p>Why a penalty belongs before pruning: Han, Pool, Tran, Dally: "Learning both Weights and
 * Connections for Efficient Neural Networks", <a
 * href="https://arxiv.org/abs/1506.02626">arXiv:1506.02626</a>.
 */
public final class Regularization extends AbstractTechnique {

    private final BiFunction<Float, NDArray, WeightTransform> penalty;

    private Regularization(Builder builder, Levels levels) {
        super(builder.name, Effect.PENALTY, builder.selector, levels);
        penalty = builder.penalty;
    }

    /**
     * Subtracts the same amount from the magnitude of every weight after each step of the
     * optimizer, down to zero: {@code w <- sign(w) * max(|w| - strength, 0)}.
     *
     * <p>That is the proximal step of the penalty {@code |w|}: what the gradient does not hold
     * becomes exactly zero, which subtracting a subgradient never does. Parikh, Boyd: "Proximal
     * Algorithms", Foundations and Trends in Optimization 1(3), 2014.
     *
     * <p>The strength is in units of the weight and a step, whatever the optimizer and its learning
     * rate. A weight of size w that the loss does not care about is gone after {@code w / strength}
     * steps: 1e-5 takes 0.01 away in 1,000 steps. For plain gradient descent, the penalty {@code
     * lambda * |w|} in the loss is the strength {@code learningRate * lambda}. Adam moves a weight
     * by about the learning rate at a step, whatever the gradient: with a hundredth of that, a
     * weight shrinks only where its gradients keep changing sign; a half overrules many.
     *
     * @param strength what is subtracted at a step in the end, finite and at least 0
     * @return a builder
     */
    public static Builder l1(float strength) {
        return new Builder("L1", strength, Penalty.L1::new);
    }

    /**
     * Adds {@code strength * w} to the gradient of every weight w before each step of the
     * optimizer: the gradient of the penalty {@code strength / 2 * w^2}.
     *
     * <p>The strength is in units of the loss. It makes small weights smaller, but none zero. An
     * optimizer that scales gradients, such as Adam, scales this too.
     *
     * @param strength the factor in the end, finite and at least 0
     * @return a builder
     */
    public static Builder l2(float strength) {
        return new Builder("L2", strength, Penalty.L2::new);
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        Map<TargetWeight, WeightTransform> penalties = new LinkedHashMap<>();
        if (level > 0) {
            NDArray zero = Tensors.constant(proposal.manager(), 0);
            for (TargetWeight weight : proposal.weights()) {
                penalties.put(weight, penalty.apply((float) level, zero));
            }
        }
        return penalties;
    }

    /** Collects a configuration of {@link Regularization}. */
    public static final class Builder {

        private static final int DEFAULT_STEPS = 4;
        private static final int RESOLUTION = 64;

        private final String name;
        private final float strength;
        private final BiFunction<Float, NDArray, WeightTransform> penalty;
        private double[] steps;
        private WeightSelector selector = WeightSelector.all();

        private Builder(
                String name, float strength, BiFunction<Float, NDArray, WeightTransform> penalty) {
            if (!(strength >= 0 && strength < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        String.format(
                                "The strength of a penalty is finite and at least 0, but got %s:"
                                        + " use Regularization.%s(1e-5f)",
                                strength, name.toLowerCase(Locale.ROOT)));
            }
            this.name = name;
            this.strength = strength;
            this.penalty = penalty;
            steps = new double[DEFAULT_STEPS];
            Arrays.setAll(steps, k -> (double) strength * (k + 1) / DEFAULT_STEPS);
        }

        /**
         * Sets the strengths on the way to the last, each judged by the gate; by default a quarter,
         * a half and three quarters of it.
         *
         * @param strengths strengths greater than 0, each greater than the one before and at most
         *     the last, which is added; none at all begins with the last
         * @return this builder
         */
        public Builder optSteps(float... strengths) {
            double before = 0;
            for (float step : strengths) {
                if (!(step > before && step <= strength)) {
                    throw new IllegalArgumentException(
                            String.format(
                                    "The steps of a penalty go up from above 0 to its strength of"
                                            + " %s, each greater than the one before, but got %s:"
                                            + " sort them, and leave out what is more",
                                    strength, Arrays.toString(strengths)));
                }
                before = step;
            }
            steps = new double[strengths.length + 1];
            Arrays.setAll(steps, k -> k < strengths.length ? strengths[k] : strength);
            return this;
        }

        /**
         * Sets which weights are drawn towards zero.
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
         */
        public Regularization build() {
            double resolution = strength > 0 ? (double) strength / RESOLUTION : 1;
            return new Regularization(
                    this,
                    Levels.of(
                            0,
                            steps,
                            resolution,
                            level -> String.format(Locale.ROOT, "strength %.2e", level)));
        }
    }
}
