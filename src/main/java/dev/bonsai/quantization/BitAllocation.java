package dev.bonsai.quantization;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Decides how many bits each of several weights has, where all together may have no more than so
 * many: where a bit saves the most error, it goes first.
 *
 * <p>Of each weight those offers count that lie on the lower convex hull of error over length. From
 * the shortest of all weights the steps along the hulls are taken in the order of the error that
 * they save for their length, while they fit; so all weights end where a bit is worth about the
 * same. Shoham, Gersho: "Efficient Bit Allocation for an Arbitrary Set of Quantizers", IEEE
 * Transactions on Acoustics, Speech, and Signal Processing 36, 1988.
 */
final class BitAllocation {

    private BitAllocation() {}

    /**
     * A width that a weight may have.
     *
     * @param bits the width
     * @param length what the weight takes in a file then, in bits
     * @param error what it costs then, at least 0
     */
    record Offer(int bits, double length, double error) {}

    /** A step from one offer of a weight to the next on its hull. */
    private record Step(int weight, Offer to, double length, double saved) {

        double savedPerBit() {
            return saved / length;
        }
    }

    /**
     * Chooses an offer for each weight.
     *
     * @param offers the offers of each weight, at least one
     * @param most the length that all together may have, in bits
     * @return the chosen offer of each weight; the shortest of each if even these are longer
     */
    static List<Offer> choose(List<List<Offer>> offers, double most) {
        List<Offer> chosen = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        for (List<Offer> own : offers) {
            List<Offer> hull = hull(own);
            for (int i = 1; i < hull.size(); ++i) {
                Offer from = hull.get(i - 1);
                Offer to = hull.get(i);
                double length = to.length() - from.length();
                steps.add(new Step(chosen.size(), to, length, from.error() - to.error()));
            }
            chosen.add(hull.get(0));
        }
        // along a hull a step saves less than the one before, so that the order of a weight stays
        steps.sort(Comparator.comparingDouble(Step::savedPerBit).reversed());
        double left = most - chosen.stream().mapToDouble(Offer::length).sum();
        boolean[] stopped = new boolean[offers.size()];
        for (Step step : steps) {
            if (!stopped[step.weight()] && step.length() <= left) {
                left -= step.length();
                chosen.set(step.weight(), step.to());
            } else {
                stopped[step.weight()] = true;
            }
        }
        return chosen;
    }

    /** Returns the offers on the lower convex hull, the shortest first. */
    private static List<Offer> hull(List<Offer> offers) {
        List<Offer> sorted = new ArrayList<>(offers);
        sorted.sort(Comparator.comparingDouble(Offer::length).thenComparingDouble(Offer::error));
        List<Offer> hull = new ArrayList<>();
        for (Offer offer : sorted) {
            if (!hull.isEmpty() && offer.error() >= hull.get(hull.size() - 1).error()) {
                continue;
            }
            while (hull.size() > 1 && isAbove(hull.get(hull.size() - 1), hull, offer)) {
                hull.remove(hull.size() - 1);
            }
            hull.add(offer);
        }
        return hull;
    }

    /** Tells whether the last offer lies on or above the line from the one before to another. */
    private static boolean isAbove(Offer last, List<Offer> hull, Offer next) {
        Offer before = hull.get(hull.size() - 2);
        double there = (before.error() - last.error()) * (next.length() - before.length());
        double direct = (before.error() - next.error()) * (last.length() - before.length());
        return there <= direct;
    }
}
