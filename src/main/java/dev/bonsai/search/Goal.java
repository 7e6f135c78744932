package dev.bonsai.search;

import java.util.Comparator;
import java.util.Locale;

/**
 * What a search is for: the best metric within so many bytes, or the fewest bytes within a
 * tolerance.
 */
public sealed interface Goal permits Goal.WithinBytes, Goal.WithinMetric {

    /**
     * Seeks the best metric within so many bytes; a higher metric is better.
     *
     * @param bytes the most bytes the file may have, at least 1
     * @return the goal
     */
    static Goal maxBytes(long bytes) {
        return maxBytes(bytes, Better.HIGHER);
    }

    /**
     * Seeks the best metric within so many bytes.
     *
     * @param bytes the most bytes the file may have, at least 1
     * @param better which way the metric improves
     * @return the goal
     */
    static Goal maxBytes(long bytes, Better better) {
        return new WithinBytes(bytes, better);
    }

    /**
     * Seeks the fewest bytes with a metric such as accuracy, of which more is better.
     *
     * @param metric the lowest metric that is good enough
     * @return the goal
     */
    static Goal minMetric(double metric) {
        return new WithinMetric(metric, Better.HIGHER);
    }

    /**
     * Seeks the fewest bytes with a metric such as a loss, of which less is better.
     *
     * @param metric the highest metric that is good enough
     * @return the goal
     */
    static Goal maxMetric(double metric) {
        return new WithinMetric(metric, Better.LOWER);
    }

    /**
     * Returns which way the metric improves.
     *
     * @return the direction
     */
    Better better();

    /**
     * Tells whether an outcome is within the goal's limit.
     *
     * @param outcome the outcome
     * @return true at the limit and within it
     */
    boolean isMet(Outcome outcome);

    /**
     * Returns the order of outcomes under this goal, the best first: those that meet it, the best
     * in what is sought first, and then those that miss it, the nearest first. Equals in the one of
     * bytes and metric are told apart by the other, so that only the same outcome compares as 0.
     *
     * @return the order
     */
    Comparator<Outcome> ranking();

    /**
     * The best metric within so many bytes.
     *
     * @param bytes the most bytes the file may have, at least 1
     * @param better which way the metric improves
     */
    record WithinBytes(long bytes, Better better) implements Goal {

        public WithinBytes {
            if (bytes < 1) {
                throw new IllegalArgumentException(
                        "A goal allows 1 or more bytes, but got " + bytes);
            }
        }

        @Override
        public boolean isMet(Outcome outcome) {
            return outcome.bytes() <= bytes;
        }

        @Override
        public Comparator<Outcome> ranking() {
            return ranked(this, better.bestFirst(), Outcome.FEWEST_BYTES);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "the %s metric within %d bytes", word(better), bytes);
        }
    }

    /**
     * The fewest bytes within a tolerance.
     *
     * @param limit the worst metric that is good enough
     * @param better which way the metric improves
     */
    record WithinMetric(double limit, Better better) implements Goal {

        /** Metrics are often 32-bit floats: below this part of a limit is their rounding. */
        private static final double ROUNDING = 1e-6;

        public WithinMetric {
            if (!Double.isFinite(limit)) {
                throw new IllegalArgumentException(
                        "A goal's metric is a finite number, but got " + limit);
            }
        }

        @Override
        public boolean isMet(Outcome outcome) {
            return better.shortfall(limit, outcome.metric()) <= ROUNDING * Math.abs(limit);
        }

        @Override
        public Comparator<Outcome> ranking() {
            return ranked(this, Outcome.FEWEST_BYTES, better.bestFirst());
        }

        @Override
        public String toString() {
            String side = better == Better.HIGHER ? "least" : "most";
            return String.format(
                    Locale.ROOT, "the fewest bytes with a metric of at %s %s", side, limit);
        }
    }

    private static Comparator<Outcome> ranked(
            Goal goal, Comparator<Outcome> sought, Comparator<Outcome> limited) {
        Comparator<Outcome> met = sought.thenComparing(limited);
        Comparator<Outcome> missed = limited.thenComparing(sought);
        return (a, b) -> {
            boolean first = goal.isMet(a);
            if (first != goal.isMet(b)) {
                return first ? -1 : 1;
            }
            return first ? met.compare(a, b) : missed.compare(a, b);
        };
    }

    private static String word(Better better) {
        return better == Better.HIGHER ? "highest" : "lowest";
    }
}
