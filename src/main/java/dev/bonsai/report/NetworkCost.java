package dev.bonsai.report;

import java.util.List;

/**
 * What a network costs before and after channels were taken out of it.
 *
 * @param parametersBefore the elements of all weights of the user's network, running statistics
 *     included
 * @param parametersAfter those of the thinner network
 * @param multiplyAddsBefore the multiplications with an addition that one sample takes
 * @param multiplyAddsAfter those of the thinner network
 * @param kept the axes of weights of which nothing can be taken out, each with the reason
 */
public record NetworkCost(
        long parametersBefore,
        long parametersAfter,
        long multiplyAddsBefore,
        long multiplyAddsAfter,
        List<String> kept) {

    /** Copies the list. */
    public NetworkCost {
        kept = List.copyOf(kept);
    }

    /**
     * Returns the fraction of the parameters that is left.
     *
     * @return a fraction in [0, 1]
     */
    public double parametersLeft() {
        return fraction(parametersAfter, parametersBefore);
    }

    /**
     * Returns the fraction of the multiplications that is left.
     *
     * @return a fraction in [0, 1]
     */
    public double multiplyAddsLeft() {
        return fraction(multiplyAddsAfter, multiplyAddsBefore);
    }

    private static double fraction(long after, long before) {
        return before == 0 ? 1 : (double) after / before;
    }
}
