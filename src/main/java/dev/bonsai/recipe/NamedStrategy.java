package dev.bonsai.recipe;

import ai.djl.training.loss.Loss;
import dev.bonsai.core.Technique;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A way to compress a model, by a name: what a {@link dev.bonsai.CompressionListener} is built with
 * and how the training has to fit.
 *
 * @param name the name on command lines, in tables and in journals, such as {@code int4}
 * @param techniques the techniques in order, at least one
 * @param reach which layers it is for
 * @param pace how fast the training may move
 * @param losses makes what a classifier's training minimises; a loss serves one training
 */
public record NamedStrategy(
        String name, List<Technique> techniques, Reach reach, Pace pace, Supplier<Loss> losses) {

    /** Which layers a strategy is for. */
    public enum Reach {
        /** Every layer that has weights. */
        EVERY_LAYER,
        /** All but the first and the last, so that a network without others has no use for it. */
        INNER_LAYERS
    }

    /** How fast the training may move, against a training without compression. */
    public enum Pace {
        /** At the usual learning rate. */
        USUAL,
        /**
         * At a tenth of the usual learning rate. Where all weights of a value move together they do
         * so as fast as one weight does under Adam, and change the network far more.
         */
        TENTH
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the name is blank or there is no technique
     */
    public NamedStrategy {
        techniques = List.copyOf(techniques);
        Objects.requireNonNull(reach, "reach");
        Objects.requireNonNull(pace, "pace");
        Objects.requireNonNull(losses, "losses");
        if (name.isBlank() || techniques.isEmpty()) {
            throw new IllegalArgumentException(
                    "A strategy has a name and at least one technique, but got '"
                            + name
                            + "' with "
                            + techniques.size()
                            + " techniques");
        }
    }

    /**
     * Returns the learning rate that the training begins with.
     *
     * @param usual the learning rate of a training without compression
     * @return the same, or a tenth of it
     */
    public float learningRate(float usual) {
        return pace == Pace.TENTH ? usual / 10 : usual;
    }

    /**
     * Makes what the training minimises.
     *
     * @return a new loss
     */
    public Loss newLoss() {
        return losses.get();
    }
}
