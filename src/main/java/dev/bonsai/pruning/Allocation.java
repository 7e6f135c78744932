package dev.bonsai.pruning;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** How the sparsity is shared out among the weights in the local scope. */
public enum Allocation {

    /** The same sparsity everywhere: {@code round(sparsity * n)} of the n elements of a weight. */
    UNIFORM {
        @Override
        int[] removed(double sparsity, List<Ranking> rankings) {
            return rankings.stream()
                    .mapToInt(r -> r.clamp(Masks.count(sparsity, r.size())))
                    .toArray();
        }
    },

    /**
     * Erdős–Rényi kernel: densities proportional to the sum over the product of the dimensions, so
     * that large weights give more. A density that would exceed 1 is 1, and the other weights share
     * the difference; {@code round(sparsity * n)} of all n elements are removed.
     *
     * <p>Evci, Gale, Menick, Castro, Elsen: "Rigging the Lottery: Making All Tickets Winners", <a
     * href="https://arxiv.org/abs/1911.11134">arXiv:1911.11134</a>.
     */
    ERK {
        @Override
        int[] removed(double sparsity, List<Ranking> rankings) {
            long size = rankings.stream().mapToLong(Ranking::size).sum();
            long total = Masks.count(sparsity, size);
            double[] ideal = kept((double) (size - total), rankings);
            for (int i = 0; i < ideal.length; ++i) {
                ideal[i] = rankings.get(i).size() - ideal[i];
            }
            return apportion(total, ideal, rankings);
        }
    };

    /** Returns how many elements of each weight are removed. */
    abstract int[] removed(double sparsity, List<Ranking> rankings);

    /** Shares out what is kept in proportion to the sum of the dimensions, at most all. */
    private static double[] kept(double total, List<Ranking> rankings) {
        double[] kept = new double[rankings.size()];
        double[] sums = rankings.stream().mapToDouble(Allocation::sumOfDimensions).toArray();
        double left = total;
        double leftSums = Arrays.stream(sums).sum();
        boolean settled = false;
        while (!settled) {
            settled = true;
            double factor = left / leftSums;
            for (int i = 0; i < kept.length; ++i) {
                int size = rankings.get(i).size();
                if (kept[i] == size) {
                    continue;
                }
                kept[i] = Math.min(size, factor * sums[i]);
                if (kept[i] == size) {
                    left -= size;
                    leftSums -= sums[i];
                    settled = false;
                }
            }
        }
        return kept;
    }

    private static double sumOfDimensions(Ranking ranking) {
        return Math.max(1, Arrays.stream(ranking.weight().shape().getShape()).sum());
    }

    /**
     * Rounds to whole numbers with a given total: down first, and what is missing goes to the
     * largest remainders, within what can be removed from each weight.
     */
    private static int[] apportion(long total, double[] ideal, List<Ranking> rankings) {
        int[] counts = new int[ideal.length];
        for (int i = 0; i < counts.length; ++i) {
            counts[i] = rankings.get(i).clamp((long) Math.floor(ideal[i]));
        }
        long missing = total - Arrays.stream(counts).asLongStream().sum();
        int unit = Long.signum(missing);
        int[] order =
                IntStream.range(0, ideal.length)
                        .boxed()
                        .sorted(
                                Comparator.comparingDouble(
                                        i -> -unit * (ideal[i] - Math.floor(ideal[i]))))
                        .mapToInt(Integer::intValue)
                        .toArray();
        boolean moved = true;
        while (missing != 0 && moved) {
            moved = false;
            for (int i : order) {
                int next = counts[i] + unit;
                if (missing != 0 && rankings.get(i).clamp(next) == next) {
                    counts[i] = next;
                    missing -= unit;
                    moved = true;
                }
            }
        }
        return counts;
    }
}
