package dev.bonsai.sharing;

import java.util.Arrays;

/**
 * Lloyd's algorithm in one dimension, exact: each value goes to the nearest centroid (the lower one
 * of two), each centroid to the mean of its values, until nothing changes.
 *
 * <p>On a line a cluster is a range of the sorted values, so that a pass takes a search for each
 * border and not a look at each value. A cluster that loses all its values takes half of the one
 * with the largest error instead. The error never increases, and no random number is drawn.
 */
final class KMeans {

    /** Far more than are ever taken: a bound in case that roundings go round in circles. */
    private static final int MOST_PASSES = 10_000;

    private KMeans() {}

    /**
     * Clusters values.
     *
     * @param values the values
     * @param clusters the number of clusters; there are fewer only if there are fewer values
     * @param start the centroids to begin with, ascending, at most as many as clusters
     * @return the index behind the last value of each cluster, ascending; none is empty
     */
    static int[] ends(SortedValues values, int clusters, double[] start) {
        int[] ends = filled(values, nearest(values, start), Math.min(clusters, values.size()));
        int[] before = null;
        for (int pass = 0; pass < MOST_PASSES && !Arrays.equals(ends, before); ++pass) {
            before = ends;
            ends = pass(values, ends);
        }
        return ends;
    }

    /** One pass: the means of clusters, and the clusters of these means. */
    static int[] pass(SortedValues values, int[] ends) {
        double[] means = new double[ends.length];
        for (int i = 0; i < ends.length; ++i) {
            means[i] = values.mean(from(ends, i), ends[i]);
        }
        return filled(values, nearest(values, means), ends.length);
    }

    /** The index of the first value of a cluster. */
    static int from(int[] ends, int cluster) {
        return cluster == 0 ? 0 : ends[cluster - 1];
    }

    private static int[] nearest(SortedValues values, double[] centroids) {
        int[] ends = new int[centroids.length];
        for (int i = 0; i < ends.length; ++i) {
            ends[i] =
                    i + 1 < ends.length
                            ? values.upTo((centroids[i] + centroids[i + 1]) / 2)
                            : values.size();
        }
        return ends;
    }

    /** Drops empty clusters, and divides others until there are as many as wanted. */
    private static int[] filled(SortedValues values, int[] ends, int wanted) {
        int[] filled = new int[wanted];
        int size = 0;
        for (int end : ends) {
            if (end > (size == 0 ? 0 : filled[size - 1])) {
                filled[size++] = end;
            }
        }
        if (size == 0 && wanted > 0) {
            filled[size++] = values.size(); // no centroid to begin with
        }
        while (size < wanted) {
            int worst = worst(values, filled, size);
            int from = from(filled, worst);
            int to = filled[worst];
            int middle = values.upTo(values.mean(from, to));
            System.arraycopy(filled, worst, filled, worst + 1, size - worst);
            filled[worst] = Math.max(from + 1, Math.min(to - 1, middle));
            ++size;
        }
        return filled;
    }

    /** Returns the cluster with the largest error of those that can be divided. */
    private static int worst(SortedValues values, int[] ends, int size) {
        int worst = -1;
        double largest = -1;
        for (int i = 0; i < size; ++i) {
            int from = from(ends, i);
            if (ends[i] - from > 1 && values.error(from, ends[i]) > largest) {
                largest = values.error(from, ends[i]);
                worst = i;
            }
        }
        return worst;
    }
}
