package dev.bonsai.statistics;

/**
 * One state beside a bound that is known exactly, by Student's test of one mean. The error of a
 * proportion is that of one at the bound: where all answers are right, their own spread is 0, and
 * would make any bound below 1 sure.
 *
 * @param drop how much worse than the bound the state is
 * @param standardError its standard error
 * @param degrees the degrees of freedom: the number of values, less one
 */
record SingleMean(double drop, double standardError, int degrees) implements Comparison {

    static SingleMean of(Outcomes state, double bound, boolean higherIsBetter) {
        Outcomes fixed = new Outcomes(new float[state.count()], state.sizes(), state.fingerprint());
        PairedMean mean = PairedMean.of(fixed, state, higherIsBetter);
        double drop = mean.drop() + (higherIsBetter ? bound : -bound);
        boolean proportion = state.isBinary() && bound > 0 && bound < 1;
        double error =
                proportion ? Math.sqrt(bound * (1 - bound) / state.count()) : mean.standardError();
        return new SingleMean(drop, error, mean.degrees());
    }

    @Override
    public double pBeyond(double bound) {
        return pAbove(drop - bound, standardError, degrees);
    }

    /** Returns how likely a mean as far above zero is where the true one is zero. */
    static double pAbove(double mean, double standardError, int degrees) {
        if (Double.isNaN(mean) || degrees < 1) {
            return 0.5; // one value tells nothing
        }
        if (standardError == 0) {
            return mean == 0 ? 0.5 : mean > 0 ? 0 : 1;
        }
        return Tails.studentAbove(mean / standardError, degrees);
    }
}
