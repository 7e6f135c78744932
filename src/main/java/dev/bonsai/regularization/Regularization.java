package dev.bonsai.regularization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.AbstractTechnique;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.StateType;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.TechniqueBuilder;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws weights towards zero, or to cheap codes, while they train: a penalty that makes pruning or
 * rounding after it cheaper, or, in the case of L1, removes weights by itself.
 *
 * <pre>{@code
 * CompressionListener.builder()
 *         .addTechnique(Regularization.l1(1e-5f).build())
 *         .addTechnique(Pruning.builder().setTargetSparsity(0.9f).build())
 *         .build();
 * Regularization.l2(1e-4f).optSteps(1e-5f, 3e-5f).build();
 * Regularization.bits(1e-6f).build();
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

    private static final int RESOLUTION = 64;

    private final RegularizationSettings settings;

    Regularization(RegularizationSettings settings) {
        super(
                settings.norm().name(),
                Effect.PENALTY,
                settings.selector(),
                levels(settings.strength(), settings.steps()));
        this.settings = settings;
    }

    /** The last strength is dropped where it is a step already. */
    private static Levels levels(float strength, List<Float> steps) {
        double[] levels = new double[steps.size() + 1];
        Arrays.setAll(levels, k -> k < steps.size() ? steps.get(k) : strength);
        return Levels.of(
                0,
                levels,
                strength > 0 ? (double) strength / RESOLUTION : 1,
                level -> String.format(Locale.ROOT, "strength %.2e", level));
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
        return new Builder(Norm.L1, strength);
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
        return new Builder(Norm.L2, strength);
    }

    /**
     * Adds {@code strength} times the bits that a coded file takes for the weights to the loss:
     * their gradient is added to that of every weight before each step of the optimizer. So weights
     * are drawn to the codes that are frequent, which with many zeros is towards zero, the more the
     * nearer they are.
     *
     * <p>The bits are estimated by how frequent the magnitudes of the codes are in each weight,
     * with straight lines in between, and estimated anew between epochs. Behind a quantization with
     * a symmetric grid of at most 8 bits the codes are its own; else a weight is looked at as if it
     * were rounded to steps of half the root mean square of its nonzero elements.
     *
     * <p>The strength is what a bit adds to the loss. A model of a million weights of 2 bits each
     * has 2e6 of them, so that 1e-6 adds 2. An optimizer that scales gradients, such as Adam,
     * scales this too.
     *
     * <p>Oktay, Ballé, Singh, Shrivastava: "Scalable Model Compression by Entropy Penalized
     * Reparameterization", <a href="https://arxiv.org/abs/1906.06624">arXiv:1906.06624</a>;
     * Wiedemann, Marban, Müller, Samek: "Entropy-Constrained Training of Deep Neural Networks", <a
     * href="https://arxiv.org/abs/1812.07520">arXiv:1812.07520</a>.
     *
     * @param strength what a bit adds to the loss in the end, finite and at least 0
     * @return a builder
     */
    public static Builder bits(float strength) {
        return new Builder(Norm.BITS, strength);
    }

    /** The bits are estimated anew between epochs. */
    @Override
    public Refresh getRefresh() {
        return settings.norm() == Norm.BITS ? Refresh.EACH_EPOCH : Refresh.NONE;
    }

    @Override
    public RegularizationSettings getSettings() {
        return settings;
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        Map<TargetWeight, WeightTransform> penalties = new LinkedHashMap<>();
        if (level > 0) {
            NDArray zero = Tensors.constant(proposal.manager(), 0);
            for (TargetWeight weight : proposal.trainedWeights()) {
                penalties.put(weight, penalty((float) level, zero, weight, proposal));
            }
        }
        return penalties;
    }

    private WeightTransform penalty(
            float strength, NDArray zero, TargetWeight weight, Proposal proposal) {
        return settings.norm() == Norm.BITS
                ? new BitsPenalty(CodeLengths.of(proposal.encoded(weight), strength), zero)
                : penalty(strength, zero);
    }

    @Override
    public List<StateType> getStateTypes() {
        return settings.norm() == Norm.BITS
                ? List.of(StateType.of("bits", BitsState.class, MethodHandles.lookup()))
                : List.of(StateType.of("penalty", PenaltyState.class, MethodHandles.lookup()));
    }

    @Override
    public Map<TargetWeight, WeightTransform> restore(
            Map<TargetWeight, TransformState> states, NDManager owner) {
        NDArray zero = Tensors.constant(owner, 0);
        return settings.norm() == Norm.BITS
                ? restored(
                        states,
                        BitsState.class,
                        (weight, state) -> BitsPenalty.restored(state, weight.size(), zero))
                : restored(
                        states,
                        PenaltyState.class,
                        (weight, state) -> penalty(state.strength(), zero));
    }

    private WeightTransform penalty(float strength, NDArray zero) {
        return settings.norm() == Norm.L1
                ? new Penalty.L1(strength, zero)
                : new Penalty.L2(strength, zero);
    }

    /** Collects a configuration of {@link Regularization}. */
    public static final class Builder extends TechniqueBuilder<Builder> {

        private final Norm norm;
        private final float strength;
        private List<Float> steps;

        private Builder(Norm norm, float strength) {
            this.norm = norm;
            this.strength = RegularizationSettings.checkStrength(norm, strength);
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
            List<Float> list = new ArrayList<>();
            for (float step : strengths) {
                list.add(step);
            }
            RegularizationSettings.checkSteps(strength, list);
            steps = List.copyOf(list);
            return this;
        }

        /**
         * Builds the technique.
         *
         * @return the technique
         */
        @Override
        public Regularization build() {
            return new RegularizationSettings(selector(), norm, strength, steps).build();
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
