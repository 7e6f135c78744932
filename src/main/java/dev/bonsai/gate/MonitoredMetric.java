package dev.bonsai.gate;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import java.util.List;

/** Where the gate's metric comes from: an evaluation of its own, or the trainer's. */
public sealed interface MonitoredMetric permits EvaluatedMetric, TrainerMetric {

    /**
     * Returns the name for reports.
     *
     * @return such as {@code Accuracy}
     */
    String name();

    /**
     * Finds what the metric needs on a trainer.
     *
     * @param trainer the trainer that training begins with
     * @param self the listener on whose behalf the gate judges; what records the metric must stand
     *     before it
     * @throws IllegalStateException if the trainer lacks it; the message says how to mend it
     */
    void attach(Trainer trainer, TrainingListener self);

    /** Lets go of the trainer once the training has ended; the name and the direction stay. */
    default void detach() {
        // nothing was kept
    }

    /**
     * Returns which way the metric improves.
     *
     * @return the direction
     */
    Direction direction();

    /**
     * Returns which unit the metric has.
     *
     * @return the scale
     * @throws IllegalStateException if the metric is the trainer's, and there was none yet
     */
    MetricScale scale();

    /**
     * Hears how many samples a batch of the training has: what a gate of its own data evaluates at
     * a time where nothing else is said. The first number that is heard in a training counts.
     *
     * @param size the number of samples, at least 1
     */
    void trainedInBatchesOf(int size);

    /**
     * Returns what was wrong with measurements of this training.
     *
     * @return one sentence per note, with what to do
     */
    List<String> notes();

    /**
     * Tells whether the metric can be measured at any time.
     *
     * @return true if the gate evaluates by itself; false if the metric is known at the end of an
     *     epoch only
     */
    boolean isAtWill();

    /**
     * Returns the metric of the model as it is, leaving the trainer's own metrics and listeners
     * alone.
     *
     * @param trainer the trainer
     * @return the metric; NaN if the evaluator said so, or the model's outputs are not numbers, and
     *     then {@link #notes} says more
     * @throws IllegalStateException if there is none
     */
    Measurement measure(Trainer trainer);

    /**
     * Tells whether there is further data, which {@link #measureMore} looks at.
     *
     * @return false by default
     */
    default boolean hasMoreData() {
        return false;
    }

    /**
     * Returns the metric on the gate's data and its further data.
     *
     * @param trainer the trainer
     * @param measured what {@link #measure} has returned for the same state
     * @return the metric on both; the one on the first where there is no more
     */
    default Measurement measureMore(Trainer trainer, Measurement measured) {
        return measured;
    }
}
