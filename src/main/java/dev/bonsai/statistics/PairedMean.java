package dev.bonsai.statistics;

/**
 * Two states by the mean of their differences, by Student's paired test; batches of unequal sizes
 * have weights.
 *
 * @param drop the mean difference
 * @param standardError its standard error
 * @param degrees the degrees of freedom: the number of pairs, less one
 */
record PairedMean(double drop, double standardError, int degrees) implements Comparison {

    static PairedMean of(Outcomes before, Outcomes after, boolean higherIsBetter) {
        int count = before.count();
        double[] drops = new double[count];
        for (int i = 0; i < count; ++i) {
            double fall = (double) before.values()[i] - after.values()[i];
            drops[i] = higherIsBetter ? fall : -fall;
        }
        double mean = mean(drops, before);
        return new PairedMean(mean, standardError(drops, before, mean), count - 1);
    }

    private static double mean(double[] drops, Outcomes sizes) {
        double sum = 0;
        for (int i = 0; i < drops.length; ++i) {
            sum += sizes.size(i) * drops[i];
        }
        return sum / sizes.samples();
    }

    private static double standardError(double[] drops, Outcomes sizes, double mean) {
        double squares = 0;
        for (int i = 0; i < drops.length; ++i) {
            double part = sizes.size(i) * (drops[i] - mean);
            squares += part * part;
        }
        double count = drops.length;
        return count < 2 ? Double.NaN : Math.sqrt(count / (count - 1) * squares) / sizes.samples();
    }

    @Override
    public double pBeyond(double bound) {
        return SingleMean.pAbove(drop - bound, standardError, degrees);
    }
}
