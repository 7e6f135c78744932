package dev.bonsai.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How a search spends its effort, until the budget is spent or every strategy has been tried. */
public sealed interface SearchMethod
        permits SearchMethod.Bracketed, SearchMethod.AsynchronousHalving {

    /**
     * Tries every strategy with the same effort.
     *
     * @param effort the effort of each trial, such as epochs, at least 1
     * @return the method
     */
    static SearchMethod random(int effort) {
        return new RandomSearch(effort);
    }

    /**
     * Tries many strategies with little effort and the best of them again with more: 9 strategies
     * with effort 1 and factor 3 are 9 trials of effort 1, then 3 of effort 3, then 1 of effort 9.
     * Worth it where little effort already tells good strategies from bad ones.
     *
     * @param strategies how many strategies a bracket begins with, at least the factor; a power of
     *     it is best
     * @param effort the effort of the first trials, at least 1
     * @param factor by how much the effort grows and the number of strategies shrinks from rung to
     *     rung, at least 2; 3 is usual
     * @return the method
     */
    static SearchMethod successiveHalving(int strategies, int effort, int factor) {
        return new SuccessiveHalving(strategies, effort, factor);
    }

    /**
     * Tries strategies again with more effort as soon as they are among the best so far, so that no
     * worker waits until others have ended. Worth it where many trials run at once (see {@link
     * TrialRunner}) and take different times. What is tried depends on the order in which results
     * come, and the journal holds that order.
     *
     * @param rungs how many efforts there are, at least 2
     * @param effort the effort of a first trial, at least 1
     * @param factor by how much the effort grows from rung to rung, and the part of a rung that
     *     goes on: the best of so many; at least 2; 3 or 4 is usual
     * @return the method
     */
    static SearchMethod asynchronousHalving(int rungs, int effort, int factor) {
        return new AsynchronousHalving(rungs, effort, factor);
    }

    /** A method that runs brackets, one after the other with new random strategies. */
    sealed interface Bracketed extends SearchMethod permits RandomSearch, SuccessiveHalving {

        /**
         * Returns the rungs of a bracket. All trials of a rung come before those of the next.
         *
         * @return the rungs in order, at least one
         */
        List<Rung> rungs();
    }

    /**
     * Trials of the same effort.
     *
     * @param strategies how many strategies are tried
     * @param effort the effort of each trial
     */
    record Rung(int strategies, int effort) {}

    /**
     * Every strategy with the same effort.
     *
     * @param effort the effort of each trial, at least 1
     */
    record RandomSearch(int effort) implements Bracketed {

        public RandomSearch {
            atLeast("effort", 1, effort);
        }

        @Override
        public List<Rung> rungs() {
            return List.of(new Rung(1, effort));
        }
    }

    /**
     * Successive halving (Jamieson and Talwalkar 2016, <a
     * href="https://arxiv.org/abs/1502.07943">arXiv:1502.07943</a>). With n strategies, effort r
     * and factor k, rung i = 0, 1, ... has floor(n / k^i) strategies of effort r k^i, as long as
     * that is 1 or more. The best of a rung under the goal go on to the next, of equals the one
     * tried first; failed ones never do. When fewer than n strategies are left in the space, the
     * rungs are smaller in proportion, with at least 1 strategy each.
     *
     * @param strategies how many strategies a bracket begins with, at least the factor
     * @param effort the effort of the first rung, at least 1
     * @param factor the factor from rung to rung, at least 2
     */
    record SuccessiveHalving(int strategies, int effort, int factor) implements Bracketed {

        public SuccessiveHalving {
            atLeast("factor", 2, factor);
            atLeast("strategies", factor, strategies); // else nothing is ever halved
            atLeast("effort", 1, effort);
            long last = effort;
            for (int n = strategies / factor; n > 0; n /= factor) {
                last = grown(last, factor);
            }
        }

        @Override
        public List<Rung> rungs() {
            List<Rung> rungs = new ArrayList<>();
            int rungEffort = effort;
            for (int n = strategies; n > 0; n /= factor) {
                rungs.add(new Rung(n, rungEffort));
                rungEffort *= factor; // wraps after the last rung only, where nobody reads it
            }
            return List.copyOf(rungs);
        }
    }

    /**
     * Asynchronous successive halving, ASHA (Li et al. 2018, <a
     * href="https://arxiv.org/abs/1810.05934">arXiv:1810.05934</a>, algorithm 2). With effort r and
     * factor k, rung i = 0, 1, ... has an effort of r k^i. When a trial can be begun, the rungs are
     * looked at from the one below the highest down: of the n trials that have ended there, failed
     * ones included, the best floor(n / k) may go on; the best of these that has not yet is tried
     * on the next rung. Where there is none on any rung, a new random strategy is tried on rung 0.
     *
     * @param rungs how many rungs there are, at least 2
     * @param effort the effort of rung 0, at least 1
     * @param factor the factor from rung to rung, at least 2
     */
    record AsynchronousHalving(int rungs, int effort, int factor) implements SearchMethod {

        public AsynchronousHalving {
            atLeast("rungs", 2, rungs); // else nothing ever climbs
            atLeast("effort", 1, effort);
            atLeast("factor", 2, factor);
            long last = effort;
            for (int i = 1; i < rungs; ++i) {
                last = grown(last, factor);
            }
        }

        /**
         * Returns the efforts.
         *
         * @return that of each rung, in order
         */
        public List<Integer> efforts() {
            return Stream.iterate(effort, rung -> rung * factor).limit(rungs).toList();
        }
    }

    private static long grown(long effort, int factor) {
        long grown = effort * factor;
        if (grown > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "With this effort, factor and number of strategies or rungs the last rung"
                                    + " would have an effort of %d or more, but %d is the most:"
                                    + " lower one of them",
                            grown,
                            Integer.MAX_VALUE));
        }
        return grown;
    }

    private static void atLeast(String name, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%s is %d or more, but got %d", name, least, value));
        }
    }
}
