package dev.bonsai.sharing;

import java.util.Arrays;

/**
 * Which elements of a weight share a value: each belongs to one cluster, of which the first stands
 * for zero whatever becomes of its elements.
 *
 * <p>The value of another cluster is the mean of its elements other than zero, summed up in 64-bit
 * floats: the mean of up to {@code 2^29} equal floats is exactly that float.
 */
final class Clusters {

    private final char[] of;
    private final int size;

    private Clusters(char[] of, int size) {
        this.of = of;
        this.size = size;
    }

    /**
     * Assigns the elements of a weight.
     *
     * @param weight the elements
     * @param values their values
     * @param ends the clusters of the values, as {@link KMeans} gives them
     */
    static Clusters of(float[] weight, SortedValues values, int[] ends) {
        float[] greatest = new float[ends.length];
        for (int i = 0; i < ends.length; ++i) {
            greatest[i] = values.get(ends[i] - 1);
        }
        char[] of = new char[weight.length];
        for (int i = 0; i < of.length; ++i) {
            if (weight[i] != 0f) {
                int found = Arrays.binarySearch(greatest, weight[i]);
                of[i] = (char) (1 + (found >= 0 ? found : -found - 1));
            }
        }
        return new Clusters(of, ends.length + 1);
    }

    /** The number of clusters, that of zero included. */
    int size() {
        return size;
    }

    /** The cluster of an element of a certain value. */
    int of(int index, float value) {
        return value == 0f ? 0 : of[index];
    }

    /** Returns the value of each cluster, zero for one without elements. */
    float[] centroids(float[] weight) {
        double[] sums = new double[size];
        int[] counts = new int[size];
        for (int i = 0; i < weight.length; ++i) {
            int cluster = of(i, weight[i]);
            sums[cluster] += weight[i];
            ++counts[cluster];
        }
        float[] centroids = new float[size];
        for (int i = 1; i < size; ++i) {
            centroids[i] = counts[i] == 0 ? 0f : (float) (sums[i] / counts[i]) + 0f; // no -0
        }
        return centroids;
    }

    /** Gives each element the value of its cluster; zeros stay, as +0. */
    void share(float[] weight) {
        float[] centroids = centroids(weight);
        for (int i = 0; i < weight.length; ++i) {
            weight[i] = centroids[of(i, weight[i])];
        }
    }

    /**
     * Gives each element the sum of its cluster; those of zero are left alone.
     *
     * <p>A gradient may be accumulated over several batches before a step: it holds what was summed
     * for the earlier ones in every element of a cluster, which counts once.
     *
     * @param gradient the gradient, to be changed in place
     * @param earlier what this has returned for the earlier batches of the step; zeros at first
     * @return the sum of each cluster
     */
    float[] sum(float[] gradient, float[] earlier) {
        double[] sums = new double[size];
        int[] counts = new int[size];
        for (int i = 0; i < gradient.length; ++i) {
            sums[of[i]] += gradient[i];
            ++counts[of[i]];
        }
        float[] totals = new float[size];
        for (int i = 0; i < size; ++i) {
            double repeated = (counts[i] - 1.0) * earlier[i];
            totals[i] = (float) (sums[i] - repeated);
        }
        for (int i = 0; i < gradient.length; ++i) {
            if (of[i] != 0) {
                gradient[i] = totals[of[i]];
            }
        }
        return totals;
    }
}
