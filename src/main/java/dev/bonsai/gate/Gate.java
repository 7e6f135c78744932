package dev.bonsai.gate;

import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Evaluator;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How each compression step is judged: by which metric, what it may cost, and how long training may
 * try to bring the metric back.
 *
 * <pre>{@code
 * Gate.builder()
 *         .optEvaluation(validation, new Accuracy())
 *         .optMaxDrop(0.005f)
 *         .build();
 * }</pre>
 *
 * <p>The metric of the model before anything is changed is the baseline, and the best metric that
 * an accepted state has had from then on is the reference. A step within tolerance of the reference
 * is accepted. Any other is undone, or, where recovery is allowed, tried for some epochs first and
 * then accepted or undone.
 */
public final class Gate {

    private final MonitoredMetric metric;
    private final GateSettings settings;
    private final Optional<Tolerance> tolerance;
    private final Optional<Tolerance> shock;

    private Gate(Builder builder) {
        settings = builder.getSettings();
        metric =
                builder.dataset == null
                        ? new TrainerMetric(settings.monitored(), settings.direction())
                        : new EvaluatedMetric(
                                builder.evaluation(builder.dataset),
                                Optional.ofNullable(builder.moreData).map(builder::evaluation));
        tolerance = settings.tolerance();
        shock = settings.tolerableShock();
    }

    /**
     * Starts a gate. Without {@link Builder#optEvaluation} it goes by the validation result of the
     * trainer's first evaluator.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns all that is plain data: what the gate was built with but data sets and evaluators.
     *
     * @return the settings, from which {@link Builder#optSettings} makes an equal gate
     */
    public GateSettings getSettings() {
        return settings;
    }

    /**
     * Returns where the metric comes from.
     *
     * @return the metric
     */
    public MonitoredMetric getMetric() {
        return metric;
    }

    /**
     * Returns what a step may cost.
     *
     * @return the tolerance
     * @throws IllegalStateException if it depends on the trainer's evaluator, and the gate has not
     *     been used for a training yet
     */
    public Tolerance getTolerance() {
        return tolerance.orElseGet(() -> metric.scale().tolerance());
    }

    /**
     * Returns how many epochs training may take to bring the metric back.
     *
     * @return the number of epochs; 0 if no recovery is allowed
     */
    public int getRecoveryEpochs() {
        return settings.recoveryEpochs();
    }

    /**
     * Returns what a step may cost at once for recovery to be tried at all.
     *
     * @return the bounds on the drop below the reference right after the step
     * @throws IllegalStateException if it depends on the trainer's evaluator, and the gate has not
     *     been used for a training yet
     */
    public Tolerance getShock() {
        return shock.orElseGet(() -> metric.scale().shock());
    }

    /**
     * Returns at which confidence a step must be shown to be within tolerance.
     *
     * @return the confidence; empty if the numbers are compared as they are
     */
    public OptionalDouble getConfidence() {
        return settings.confidence();
    }

    /**
     * Returns what becomes of a step on which the data doesn't tell.
     *
     * @return the choice; without a confidence it never comes to that
     */
    public Undecided getUndecided() {
        return settings.undecided();
    }

    /** Collects the settings of a {@link Gate}. */
    public static final class Builder {

        private Dataset dataset;
        private Evaluator evaluator;
        private Optional<String> evaluatorName = Optional.empty();
        private Optional<Direction> direction = Optional.empty();
        private OptionalDouble maxDrop = OptionalDouble.empty();
        private OptionalDouble maxRelativeDrop = OptionalDouble.empty();
        private OptionalDouble floor = OptionalDouble.empty();
        private int recoveryEpochs = GateSettings.DEFAULT_RECOVERY;
        private OptionalDouble shock = OptionalDouble.empty();
        private OptionalDouble relativeShock = OptionalDouble.empty();
        private OptionalInt batchSize = OptionalInt.empty();
        private OptionalDouble confidence = OptionalDouble.empty();
        private Undecided undecided = Undecided.ROLLED_BACK;
        private Dataset moreData;

        private Builder() {}

        /**
         * Returns all that is plain data of what was set so far.
         *
         * @return the settings
         */
        public GateSettings getSettings() {
            return new GateSettings(
                    evaluatorName,
                    direction,
                    maxDrop,
                    maxRelativeDrop,
                    floor,
                    recoveryEpochs,
                    shock,
                    relativeShock,
                    batchSize,
                    confidence,
                    undecided);
        }

        /**
         * Sets all that is plain data, such as what a recipe says; data and evaluators stay as they
         * are.
         *
         * @param settings the settings
         * @return this builder
         */
        public Builder optSettings(GateSettings settings) {
            evaluatorName = settings.monitored();
            direction = settings.direction();
            maxDrop = settings.maxDrop();
            maxRelativeDrop = settings.maxRelativeDrop();
            floor = settings.floor();
            recoveryEpochs = settings.recoveryEpochs();
            shock = settings.shock();
            relativeShock = settings.relativeShock();
            batchSize = settings.batchSize();
            confidence = settings.confidence();
            undecided = settings.undecided();
            return this;
        }

        private Evaluation evaluation(Dataset data) {
            Evaluation evaluation = new Evaluation(data, evaluator, direction, batchSize);
            return confidence.isPresent() ? evaluation.inPairs() : evaluation;
        }

        /**
         * Has a step pass only if it is shown to be within tolerance, and fail only if it is shown
         * not to be; see <a
         * href="https://en.wikipedia.org/wiki/Equivalence_test">non-inferiority</a>. Between, it is
         * undecided: the model trains on, further data is looked at where there is some ({@link
         * #optMoreData}), and at the end {@link #optUndecided} decides.
         *
         * <p>States are compared sample by sample where the evaluator allows: by the score test of
         * Tango (1998) where each is right or wrong, and by Student's paired test of samples or
         * batches else. The same data is asked again and again, so that the chance of an error is
         * spent look by look: the j-th may err with {@code (1 - confidence) / (j (j + 1))}, which
         * adds up to {@code 1 - confidence} over all of them.
         *
         * <p>Without it, as by default, a drop that is at most the tolerance passes, however much
         * of it is chance. docs/gate.md shows by simulation what either costs.
         *
         * @param confidence between 0.5 and 1, such as 0.95
         * @return this builder
         */
        public Builder optConfidence(double confidence) {
            this.confidence = OptionalDouble.of(GateSettings.checkConfidence(confidence));
            return this;
        }

        /**
         * Says what becomes of a step on which the data doesn't tell, once the recovery has come to
         * its end (default {@link Undecided#ROLLED_BACK}).
         *
         * @param undecided the choice
         * @return this builder
         */
        public Builder optUndecided(Undecided undecided) {
            this.undecided = Objects.requireNonNull(undecided, "undecided");
            return this;
        }

        /**
         * Gives the gate further data, which is looked at only where its own doesn't tell, and
         * where a state is accepted. The metric is then that of both.
         *
         * @param dataset samples that are not in the data of {@link #optEvaluation}; never the test
         *     set
         * @return this builder
         */
        public Builder optMoreData(Dataset dataset) {
            moreData = Objects.requireNonNull(dataset, "dataset");
            return this;
        }

        /**
         * Has the gate evaluate by itself, on data of its own: steps are judged at once. The
         * trainer's metrics and listeners don't notice. Use a validation set, never the test set.
         *
         * @param dataset the data to evaluate on
         * @param evaluator the evaluator; best an instance of its own
         * @return this builder
         */
        public Builder optEvaluation(Dataset dataset, Evaluator evaluator) {
            this.dataset = Objects.requireNonNull(dataset, "dataset");
            this.evaluator = Objects.requireNonNull(evaluator, "evaluator");
            return this;
        }

        /**
         * Has the gate go by the validation result of one of the trainer's evaluators. Every step
         * then takes an epoch to be judged.
         *
         * @param name the name of the evaluator, such as {@code Accuracy}
         * @return this builder
         */
        public Builder optMonitored(String name) {
            evaluatorName = Optional.of(name);
            return this;
        }

        /**
         * Says which way the metric improves, for an evaluator that is not one of DJL's.
         *
         * @param direction the direction
         * @return this builder
         */
        public Builder optDirection(Direction direction) {
            this.direction = Optional.of(direction);
            return this;
        }

        /**
         * Sets how much worse than the reference the metric may be, in the metric's unit. Where no
         * bound at all is set, DJL's accuracies, which lie between 0 and 1, may be 0.01 worse, and
         * any other metric 2 % of the reference.
         *
         * @param maxDrop the drop in the metric's unit, at least 0: 0.005 is half a point of
         *     accuracy
         * @return this builder
         */
        public Builder optMaxDrop(float maxDrop) {
            this.maxDrop = drop("maxDrop", maxDrop);
            return this;
        }

        /**
         * Sets how much worse than the reference the metric may be, relative to the reference. It
         * means the same in any unit of the metric, and nothing but 0 where the reference is 0.
         *
         * @param maxRelativeDrop the drop as a fraction of the reference, at least 0
         * @return this builder
         */
        public Builder optMaxRelativeDrop(float maxRelativeDrop) {
            this.maxRelativeDrop = drop("maxRelativeDrop", maxRelativeDrop);
            return this;
        }

        /**
         * Sets the worst metric that is acceptable at all.
         *
         * @param floor the lowest accuracy or the highest loss
         * @return this builder
         */
        public Builder optFloor(float floor) {
            this.floor = OptionalDouble.of(GateSettings.checkFloor(shortest(floor)));
            return this;
        }

        /**
         * Sets how many epochs training may take to bring the metric back (default 2).
         *
         * @param epochs the number of epochs; 0 accepts only steps that cost little at once
         * @return this builder
         */
        public Builder optRecoveryEpochs(int epochs) {
            recoveryEpochs = GateSettings.checkRecovery(epochs);
            return this;
        }

        /**
         * Sets the largest drop right after a step from which recovery is tried, in the metric's
         * unit. A step that drops further is made smaller first. Where neither this nor {@link
         * #optRelativeShock} is set, it is 0.2 for DJL's accuracies, and half of the reference for
         * any other metric.
         *
         * @param shock the drop in the metric's unit, at least 0
         * @return this builder
         */
        public Builder optShock(float shock) {
            this.shock = drop("shock", shock);
            return this;
        }

        /**
         * Sets the largest drop right after a step from which recovery is tried, relative to the
         * reference, see {@link #optShock}.
         *
         * @param relativeShock the drop as a fraction of the reference, at least 0
         * @return this builder
         */
        public Builder optRelativeShock(float relativeShock) {
            this.relativeShock = drop("relativeShock", relativeShock);
            return this;
        }

        /**
         * Sets how many samples the gate's own evaluation takes at a time (default: as many as the
         * first batch of the training has). More are faster on small models and need more memory.
         *
         * @param batchSize the number of samples per batch, at least 1
         * @return this builder
         */
        public Builder optBatchSize(int batchSize) {
            this.batchSize = OptionalInt.of(Evaluation.checkBatchSize(batchSize));
            return this;
        }

        /**
         * Builds the gate.
         *
         * @return the gate
         */
        public Gate build() {
            if (dataset == null && batchSize.isPresent()) {
                throw new IllegalArgumentException(
                        "Without data of its own a gate goes by the trainer's batches: call"
                                + " optEvaluation too, or leave out optBatchSize");
            }
            if (dataset == null && confidence.isPresent()) {
                throw new IllegalArgumentException(
                        "optConfidence compares states sample by sample, which the trainer's"
                                + " validation result doesn't tell: call optEvaluation too, or"
                                + " leave out optConfidence");
            }
            if (confidence.isEmpty() && moreData != null) {
                throw new IllegalArgumentException(
                        "optMoreData is looked at where the gate's data doesn't tell, which needs a"
                                + " confidence: call optConfidence(0.95) too, or leave it out");
            }
            if (dataset != null && evaluatorName.isPresent()) {
                throw new IllegalArgumentException(
                        "A gate evaluates its own data or monitors the trainer: call either"
                                + " optEvaluation or optMonitored, not both");
            }
            return new Gate(this);
        }

        private static OptionalDouble drop(String name, float value) {
            return OptionalDouble.of(GateSettings.checkDrop(name, shortest(value)));
        }

        /** What is given as 0.005f means 0.005. */
        private static double shortest(float value) {
            return Double.parseDouble(Float.toString(value));
        }
    }
}
