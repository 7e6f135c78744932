package dev.bonsai.gate;

import java.util.Optional;

/**
 * The model as the gate's state machine sees it: something that can be measured, tried at another
 * level, kept and undone.
 *
 * <p>Every measurement has one metric for each of the machine's gates, in their order.
 */
public interface Stage {

    /**
     * Measures the model as it is at the end of an epoch.
     *
     * @return one metric per gate
     */
    Metrics measure();

    /**
     * Measures the model as it would be with one technique at another level, and leaves it as it
     * is.
     *
     * @param technique the index of the technique
     * @param level the level to try
     * @return one metric per gate, or empty if a gate can't measure at will, or the technique at
     *     that level means nothing without training
     */
    Optional<Metrics> tryOut(int technique, double level);

    /**
     * Measures the model as it is on the gates' further data too, where there is some.
     *
     * @param measured what {@link #measure} has just returned
     * @return the metrics on all data
     */
    default Metrics measureMore(Metrics measured) {
        return measured;
    }

    /**
     * Measures the model as it would be on the gates' further data too, where there is some.
     *
     * @param technique the index of the technique
     * @param level the level to try
     * @param measured what {@link #tryOut} has just returned
     * @return the metrics on all data
     */
    default Metrics tryOutMore(int technique, double level, Metrics measured) {
        return measured;
    }

    /**
     * Has the next training step, and not one moment before, go on with one technique at another
     * level.
     *
     * @param technique the index of the technique
     * @param level the level
     */
    void propose(int technique, double level);

    /**
     * Makes a level that was tried out the state of the model at once, and the state to fall back
     * to.
     *
     * @param technique the index of the technique
     * @param level the level
     */
    void adopt(int technique, double level);

    /** Makes the model as it is the state to fall back to. */
    void keep();

    /** Takes the model back to the state that was kept last. */
    void rollBack();

    /**
     * Tells whether the model has been trained since the last {@link #keep}, {@link #adopt} or
     * {@link #rollBack}.
     *
     * @return whether the weights may differ from the state to fall back to
     */
    boolean isTrainedOn();

    /**
     * Tells whether {@link #measure} can be called now, outside the end of an epoch.
     *
     * @return whether every gate can measure at will
     */
    boolean canMeasureNow();
}
