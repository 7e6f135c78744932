package dev.bonsai.sharing;

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
import dev.bonsai.text.Numbers;
import java.lang.invoke.MethodHandles;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Has the elements of a weight share a few values, found by k-means and trained on, so that an
 * element takes the few bits that tell which: 4 for 16 values.
 *
 * <pre>{@code
 * WeightSharing.builder().setCentroids(16).build();
 * WeightSharing.builder()
 *         .setCentroids(8)
 *         .optSteps(64, 32, 16)
 *         .optInitialization(Initialization.density())
 *         .optRefresh(Refresh.NONE)
 *         .build();
 * }</pre>
 *
 * <p>Each weight has a codebook of its own. Elements that are zero when they are grouped, such as
 * pruned ones, stay zero, and zero counts as one of the centroids; a weight of fewer different
 * values has fewer. A shared value is the mean of its latent elements at every forward pass; the
 * {@link CentroidTraining} says how these move. Between epochs, after the gate has judged, the
 * elements are grouped anew, beginning with the present values.
 *
 * <p>Han, Mao, Dally: "Deep Compression: Compressing Deep Neural Networks with Pruning, Trained
 * Quantization and Huffman Coding", <a
 * href="https://arxiv.org/abs/1510.00149">arXiv:1510.00149</a>, where elements are grouped once.
 */
public final class WeightSharing extends AbstractTechnique {

    private static final int START = WeightSharingSettings.MOST + 1;

    private final WeightSharingSettings settings;

    WeightSharing(WeightSharingSettings settings) {
        super(
                "weight sharing",
                Effect.VALUES,
                settings.selector(),
                levels(settings.steps(), settings.centroids()));
        this.settings = settings;
    }

    /** The target is dropped where it is a step already. */
    static Levels levels(List<Integer> steps, int centroids) {
        double[] counts = new double[steps.size() + 1];
        Arrays.setAll(counts, i -> i < steps.size() ? steps.get(i) : centroids);
        return Levels.of(
                START,
                counts,
                1,
                level -> level >= START ? "32-bit floats" : Numbers.fixed(level, 0) + " centroids");
    }

    /**
     * Starts a configuration.
     *
     * @return a builder that needs a number of centroids
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public WeightSharingSettings getSettings() {
        return settings;
    }

    @Override
    public Refresh getRefresh() {
        return settings.refresh();
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        Map<TargetWeight, WeightTransform> codebooks = new LinkedHashMap<>();
        if (level >= getLevels().start()) {
            return codebooks;
        }
        int centroids = (int) Math.rint(level);
        for (TargetWeight weight : proposal.weights()) {
            FloatBuffer elements = Tensors.floats(proposal.value(weight));
            checkFinite(weight, elements);
            Clusters clusters = cluster(weight, elements, centroids, proposal);
            codebooks.put(weight, new CodebookTransform(clusters, settings.training()));
        }
        return codebooks;
    }

    @Override
    public List<StateType> getStateTypes() {
        return List.of(StateType.of("codebook", CodebookState.class, MethodHandles.lookup()));
    }

    @Override
    public Map<TargetWeight, WeightTransform> restore(
            Map<TargetWeight, TransformState> states, NDManager owner) {
        return restored(
                states,
                CodebookState.class,
                (weight, state) ->
                        CodebookTransform.restored(state, settings.training(), weight.size()));
    }

    private Clusters cluster(
            TargetWeight weight, FloatBuffer elements, int centroids, Proposal proposal) {
        SortedValues values = SortedValues.of(elements);
        int count = values.elements() < elements.capacity() ? centroids - 1 : centroids;
        double[] start = {};
        if (values.size() > count) {
            start = proposal.isRefresh() ? present(weight, elements, proposal) : start;
            if (start.length == 0 || start.length > count) {
                int position = proposal.weights().indexOf(weight);
                start = settings.initialization().centroids(values, count, position);
            }
        }
        return Clusters.of(elements, values, KMeans.ends(values, count, start));
    }

    private static double[] present(TargetWeight weight, FloatBuffer elements, Proposal proposal) {
        return proposal.present(weight).orElse(null) instanceof CodebookTransform codebook
                ? codebook.centroids(elements)
                : new double[0];
    }

    private static void checkFinite(TargetWeight weight, FloatBuffer elements) {
        for (int i = 0; i < elements.capacity(); ++i) {
            if (!Float.isFinite(elements.get(i))) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "Weight sharing groups finite elements, but element %d of %s is %s:"
                                        + " the training has diverged, lower its learning rate",
                                i,
                                weight,
                                elements.get(i)));
            }
        }
    }

    /** Collects a configuration of {@link WeightSharing}. */
    public static final class Builder extends TechniqueBuilder<Builder> {

        private Integer centroids;
        private List<Integer> steps;
        private Initialization initialization;
        private CentroidTraining training;
        private Refresh refresh;

        private Builder() {}

        /**
         * Sets how many values the elements of a weight take in the end.
         *
         * @param centroids the number, from 2 to 256, zero included where there are zeros; powers
         *     of two make full use of their bits
         * @return this builder
         */
        public Builder setCentroids(int centroids) {
            this.centroids = WeightSharingSettings.check(centroids);
            return this;
        }

        /**
         * Sets the numbers of centroids on the way to the target, each judged by the gate; by
         * default there are none, and the target is tried at once.
         *
         * @param centroids numbers from 2 to 256, each less than the one before; the target is
         *     added if it is not the last
         * @return this builder
         */
        public Builder optSteps(int... centroids) {
            steps = Arrays.stream(centroids).map(WeightSharingSettings::check).boxed().toList();
            return this;
        }

        /**
         * Sets where k-means begins when a level is tried.
         *
         * @param initialization the initialization; {@link Initialization#linear()} by default
         * @return this builder
         */
        public Builder optInitialization(Initialization initialization) {
            this.initialization = Objects.requireNonNull(initialization, "initialization");
            return this;
        }

        /**
         * Sets how the shared values are trained.
         *
         * @param training the way; {@link CentroidTraining#SUMMED_GRADIENT} by default
         * @return this builder
         */
        public Builder optTraining(CentroidTraining training) {
            this.training = Objects.requireNonNull(training, "training");
            return this;
        }

        /**
         * Sets when the elements are grouped anew, beginning with the present values.
         *
         * @param refresh {@link Refresh#EACH_EPOCH} by default; {@link Refresh#NONE} keeps the
         *     groups of a level, and {@code new Refresh(100, 1)} makes new ones every 100 steps
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
         * @throws IllegalArgumentException if the centroids are not set, or the steps do not go
         *     down to them
         */
        @Override
        public WeightSharing build() {
            if (centroids == null) {
                throw new IllegalArgumentException(
                        "Weight sharing needs a number of centroids, but got none: call"
                                + " setCentroids(16)");
            }
            return new WeightSharingSettings(
                            selector(), centroids, steps, initialization, training, refresh)
                    .build();
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
