package dev.bonsai.statistics;

/**
 * Two states on samples that are right or wrong each, by the score test of Tango: "Equivalence test
 * and confidence interval for the difference in proportions for the paired-sample design",
 * Statistics in Medicine 17 (1998).
 *
 * <p>The variance is that under the hypothesis, so that the test holds where few samples or none
 * differ: on 500 of which none differs a drop of 0.005 can't be ruled out at 95 %, as it would be
 * missed by 8 of 100 such sets.
 *
 * @param lost the samples that are right in the first state only
 * @param gained the samples that are right in the second state only
 * @param samples all samples
 */
record PairedProportions(long lost, long gained, long samples) implements Comparison {

    static PairedProportions of(Outcomes before, Outcomes after, boolean higherIsBetter) {
        long fell = 0;
        long rose = 0;
        for (int i = 0; i < before.count(); ++i) {
            fell += before.values()[i] > after.values()[i] ? 1 : 0;
            rose += before.values()[i] < after.values()[i] ? 1 : 0;
        }
        return higherIsBetter
                ? new PairedProportions(fell, rose, before.count())
                : new PairedProportions(rose, fell, before.count());
    }

    @Override
    public double drop() {
        return (double) (lost - gained) / samples;
    }

    @Override
    public double standardError() {
        double differing = (double) (lost + gained) / samples;
        return Math.sqrt((differing - drop() * drop()) / samples);
    }

    @Override
    public double pBeyond(double bound) {
        if (!Double.isFinite(bound)) {
            return 1; // nothing lies beyond
        }
        double difference = lost - gained - samples * bound;
        double variance = samples * (2 * gainedUnder(bound) + bound * (1 - bound));
        return variance > 0
                ? Tails.normalAbove(difference / Math.sqrt(variance))
                : difference == 0 ? 0.5 : difference > 0 ? 0 : 1;
    }

    /** Returns the most likely fraction of gained samples if the true drop were a given one. */
    private double gainedUnder(double drop) {
        double a = 2.0 * samples;
        double b = -(lost + gained) + (2.0 * samples - lost + gained) * drop;
        double c = -gained * drop * (1 - drop);
        return (Math.sqrt(b * b - 4 * a * c) - b) / (2 * a);
    }
}
