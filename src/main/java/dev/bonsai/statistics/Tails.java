package dev.bonsai.statistics;

import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.InverseErfc;
import org.apache.commons.numbers.gamma.RegularizedBeta;

/** The tails of the normal and of Student's distribution. */
final class Tails {

    private static final double ROOT = Math.sqrt(2);

    private Tails() {}

    /** Returns the chance that a standard normal number lies above z. */
    static double normalAbove(double z) {
        return Erfc.value(z / ROOT) / 2;
    }

    /** Returns the number above which a standard normal one lies with a chance. */
    static double normalQuantile(double chance) {
        return ROOT * InverseErfc.value(2 * chance);
    }

    /** Returns the chance that a number of Student's distribution lies above t. */
    static double studentAbove(double t, double degrees) {
        if (Double.isInfinite(t)) {
            return t > 0 ? 0 : 1;
        }
        double half = RegularizedBeta.value(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
        return t > 0 ? half : 1 - half;
    }
}
