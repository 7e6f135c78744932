package dev.bonsai.gate;

import java.util.List;
import java.util.Locale;

/**
 * How long a model is trained as it is before its baseline is measured and the first step is tried.
 *
 * <p>A step that is judged against a model that is still learning may cost much of what the model
 * would have learned. Train it to the end first, and use {@code Warmup.epochs(0)}, or have the
 * warm-up end by itself with {@link #untilPlateau}.
 */
public sealed interface Warmup {

    /**
     * Has the warm-up last for a number of epochs.
     *
     * @param epochs the number of epochs, at least 0
     * @return the warm-up
     */
    static Warmup epochs(int epochs) {
        return new Epochs(epochs);
    }

    /**
     * Has the warm-up end when the gate's metric has stopped improving. The metric is measured at
     * the end of each epoch, and compression begins with the best state that the model has had.
     *
     * @param patience how many epochs in a row must bring no better metric, at least 1
     * @param maxEpochs the epochs after which the warm-up ends in any case, at least 1
     * @return the warm-up
     */
    static Warmup untilPlateau(int patience, int maxEpochs) {
        return new Plateau(patience, maxEpochs);
    }

    /**
     * Returns the warm-up that ends when each of several has ended.
     *
     * @param warmups the warm-ups
     * @return a warm-up that is at least as long as each of them
     */
    static Warmup longest(List<Warmup> warmups) {
        return new Longest(warmups);
    }

    /**
     * Returns the number of epochs that the warm-up takes at least.
     *
     * @return the number of epochs
     */
    int leastEpochs();

    /**
     * Tells whether the metric must be measured at the end of each epoch.
     *
     * @return false if the number of epochs alone decides
     */
    boolean goesByMetric();

    /**
     * Tells whether the warm-up has ended.
     *
     * @param epochs the epochs trained so far
     * @param sinceBest the epochs trained since the best metric so far; 0 if it was not measured
     * @return whether compression may begin
     */
    boolean hasEnded(int epochs, int sinceBest);

    /**
     * A number of epochs.
     *
     * @param epochs at least 0
     */
    record Epochs(int epochs) implements Warmup {

        /**
         * Validates the number.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Epochs {
            if (epochs < 0) {
                throw new IllegalArgumentException(
                        "The warm-up takes 0 or more epochs, but got " + epochs);
            }
        }

        @Override
        public int leastEpochs() {
            return epochs;
        }

        @Override
        public boolean goesByMetric() {
            return false;
        }

        @Override
        public boolean hasEnded(int trained, int sinceBest) {
            return trained >= epochs;
        }

        /** As it is made: {@code epochs(3)}. */
        @Override
        public String toString() {
            return "epochs(" + epochs + ")";
        }
    }

    /**
     * Until the metric stops improving.
     *
     * @param patience how many epochs in a row must bring no better metric, at least 1
     * @param maxEpochs the epochs after which the warm-up ends in any case, at least 1
     */
    record Plateau(int patience, int maxEpochs) implements Warmup {

        /**
         * Validates the numbers.
         *
         * @throws IllegalArgumentException if one is below 1
         */
        public Plateau {
            if (patience < 1 || maxEpochs < 1) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "A warm-up that ends by itself has a patience and a maximum of 1"
                                        + " or more epochs each, but got %d and %d: call"
                                        + " Warmup.untilPlateau(3, 50), for example",
                                patience,
                                maxEpochs));
            }
        }

        @Override
        public int leastEpochs() {
            return Math.min(patience + 1, maxEpochs);
        }

        @Override
        public boolean goesByMetric() {
            return true;
        }

        @Override
        public boolean hasEnded(int trained, int sinceBest) {
            return sinceBest >= patience || trained >= maxEpochs;
        }

        /** As it is made: {@code untilPlateau(3, 50)}. */
        @Override
        public String toString() {
            return "untilPlateau(" + patience + ", " + maxEpochs + ")";
        }
    }

    /**
     * The longest of several.
     *
     * @param warmups the warm-ups
     */
    record Longest(List<Warmup> warmups) implements Warmup {

        /** Copies the list. */
        public Longest {
            warmups = List.copyOf(warmups);
        }

        @Override
        public int leastEpochs() {
            return warmups.stream().mapToInt(Warmup::leastEpochs).max().orElse(0);
        }

        @Override
        public boolean goesByMetric() {
            return warmups.stream().anyMatch(Warmup::goesByMetric);
        }

        @Override
        public boolean hasEnded(int epochs, int sinceBest) {
            return warmups.stream().allMatch(warmup -> warmup.hasEnded(epochs, sinceBest));
        }
    }
}
