package dev.bonsai.rounding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.AbstractTechnique;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.Signal;
import dev.bonsai.core.StateType;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.TechniqueBuilder;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.text.Numbers;
import java.lang.invoke.MethodHandles;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Rounds quantized weights by what their codes take in a file: an element goes one step nearer to
 * zero, or to zero, where that saves more bits than its error is worth. It stands behind a
 * quantization with a symmetric grid, and works while the model trains or after.
 *
 * <pre>{@code
 * CompressionListener.builder()
 *         .addTechnique(Pruning.builder().setTargetSparsity(0.9f).build())
 *         .addTechnique(Quantization.builder().setBits(4).build())
 *         .addTechnique(RateDistortionRounding.builder().setLambda(0.1f).build())
 *         .build();
 * }</pre>
 *
 * <p>Of the codes that each element may have, the one with the least {@code h (w / scale - code)^2
 * + lambda bits(code)} is taken, where w is the latent weight, h the {@link ErrorWeighting}, and
 * the bits are those of the coder of a coded file at that place: it has learned from the codes
 * before. The error is in squared steps of the grid, so that lambda means the same in all layers,
 * for any width: rounding to the nearest costs 1/12 on average, and giving up a code of 1 for a 0
 * costs 1. Nothing moves away from zero, as larger codes are rarely cheaper.
 *
 * <p>What is kept is how large the code of each moved element may be. The rest of the model trains
 * on, and so do the latent weights of what was moved: they count when codes are chosen anew, at the
 * next level or by a {@link Refresh}.
 *
 * <p>Wiedemann et al.: "DeepCABAC: A Universal Compression Algorithm for Deep Neural Networks", <a
 * href="https://arxiv.org/abs/1907.11900">arXiv:1907.11900</a>; Conzelmann, Bamler: "Reducing
 * Storage of Pretrained Neural Networks by Rate-Constrained Quantization and Entropy Coding", <a
 * href="https://arxiv.org/abs/2505.18758">arXiv:2505.18758</a>, which also makes up for an error in
 * the elements that are rounded after it.
 */
public final class RateDistortionRounding extends AbstractTechnique {

    /** The least step of lambda that is worth a trial is this part of it. */
    private static final int RESOLUTION = 64;

    private final RateDistortionSettings settings;

    RateDistortionRounding(RateDistortionSettings settings) {
        super(
                "rounding",
                Effect.CODES,
                settings.selector(),
                levels(settings.lambda(), settings.steps()));
        this.settings = settings;
    }

    /** The last is dropped where it is a step already. */
    private static Levels levels(float lambda, List<Float> steps) {
        double[] levels = new double[steps.size() + 1];
        Arrays.setAll(levels, k -> k < steps.size() ? steps.get(k) : lambda);
        return Levels.of(
                0,
                levels,
                lambda > 0 ? (double) lambda / RESOLUTION : 1,
                level -> "lambda " + Numbers.fixed(level, 4));
    }

    /**
     * Starts a configuration.
     *
     * @return a builder that needs a lambda
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public RateDistortionSettings getSettings() {
        return settings;
    }

    @Override
    public Refresh getRefresh() {
        return settings.refresh();
    }

    @Override
    public Set<Signal> getSignals() {
        return settings.weighting() == ErrorWeighting.INPUTS
                ? Set.of(Signal.INPUT_SQUARE)
                : Set.of();
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        Map<TargetWeight, WeightTransform> limits = new LinkedHashMap<>();
        if (level > 0) {
            CheapestCodes cheapest = new CheapestCodes(level);
            for (TargetWeight weight : proposal.weights()) {
                // the gate may have left it as floats
                if (proposal.encoded(weight) instanceof GridWeight grid) {
                    Codes codes = cheapest.of(stepped(weight, grid, proposal));
                    limits.put(weight, LimitTransform.of(grid, codes));
                }
            }
        }
        return limits;
    }

    private SteppedWeight stepped(TargetWeight weight, GridWeight grid, Proposal proposal) {
        FloatBuffer latent = Tensors.floats(proposal.latent(weight));
        // a bias is added, and multiplied with nothing
        if (settings.weighting() == ErrorWeighting.EVEN || !weight.isWeight()) {
            return new SteppedWeight(grid, latent, FloatBuffer.allocate(0));
        }
        NDArray square = proposal.signal(weight, Signal.INPUT_SQUARE);
        float mean = square.mean().getFloat();
        NDArray importance = mean > 0 ? square.div(mean) : square.onesLike();
        return new SteppedWeight(grid, latent, Tensors.floats(importance));
    }

    @Override
    public List<StateType> getStateTypes() {
        return List.of(StateType.of("limits", LimitState.class, MethodHandles.lookup()));
    }

    @Override
    public Map<TargetWeight, WeightTransform> restore(
            Map<TargetWeight, TransformState> states, NDManager owner) {
        return restored(
                states,
                LimitState.class,
                (weight, state) -> LimitTransform.restored(state, weight.size()));
    }

    /** Collects a configuration of {@link RateDistortionRounding}. */
    public static final class Builder extends TechniqueBuilder<Builder> {

        private Float lambda;
        private List<Float> steps;
        private ErrorWeighting weighting;
        private Refresh refresh;

        private Builder() {}

        /**
         * Sets what a bit may cost in the end.
         *
         * @param lambda the squared error that saving a bit is worth, in squared steps of the grid;
         *     finite and at least 0. With 0.1 a code of 1 becomes 0 where that saves 10 bits, or 5
         *     where the latent weight lies at 0.75
         * @return this builder
         */
        public Builder setLambda(float lambda) {
            this.lambda = RateDistortionSettings.check(lambda);
            return this;
        }

        /**
         * Sets what a bit may cost on the way, each judged by the gate; by default a quarter, a
         * half and three quarters of the last.
         *
         * @param lambdas values greater than 0, each greater than the one before and at most the
         *     last, which is added; none at all begins with the last
         * @return this builder
         */
        public Builder optSteps(float... lambdas) {
            List<Float> list = new ArrayList<>();
            for (float step : lambdas) {
                list.add(step);
            }
            steps = List.copyOf(list);
            return this;
        }

        /**
         * Sets what the error of an element counts.
         *
         * @param weighting {@link ErrorWeighting#EVEN} by default
         * @return this builder
         */
        public Builder optErrorWeighting(ErrorWeighting weighting) {
            this.weighting = Objects.requireNonNull(weighting, "weighting");
            return this;
        }

        /**
         * Sets when the codes are chosen anew, by the weights as training has left them.
         *
         * @param refresh {@link Refresh#NONE} by default: what was chosen at a level stays, and the
         *     others train on. {@link Refresh#EACH_EPOCH} chooses between epochs, which takes more
         *     away from epoch to epoch at the same lambda, and may take too much
         * @return this builder
         */
        public Builder optRefresh(Refresh refresh) {
            this.refresh = Objects.requireNonNull(refresh, "refresh");
            return this;
        }

        /**
         * Builds the technique.
         *
         * @return the technique
         * @throws IllegalArgumentException if lambda is not set, or the steps do not rise to it
         */
        @Override
        public RateDistortionRounding build() {
            if (lambda == null) {
                throw new IllegalArgumentException(
                        "Rate-distortion rounding needs to know what a bit may cost, but got none:"
                                + " call setLambda(0.1f)");
            }
            return new RateDistortionSettings(selector(), lambda, steps, weighting, refresh)
                    .build();
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
