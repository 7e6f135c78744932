package dev.bonsai.sharing;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.Codes;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which elements of a weight share a value: each belongs to one cluster, of which the first stands
 * for zero whatever becomes of its elements.
 *
 * <p>The value of another cluster is the mean of its elements other than zero, summed up in 64-bit
 * floats: the mean of up to {@code 2^29} equal floats is exactly that float.
 */
final class Clusters {

    private final Codes of;
    private final int size;
    private final boolean hasZeros;

    Clusters(Codes of, int size) {
        this.of = of;
        this.size = size;
        hasZeros = IntStream.range(0, of.size()).anyMatch(i -> of.get(i) == 0);
    }

    static Clusters of(float[] weight, SortedValues values, int[] ends) {
        return of(FloatBuffer.wrap(weight), values, ends);
    }

    /**
     * Assigns the elements of a weight.
     *
     * @param weight the elements
     * @param values their values
     * @param ends the clusters of the values, as {@link KMeans} gives them
     */
    static Clusters of(FloatBuffer weight, SortedValues values, int[] ends) {
        float[] greatest = new float[ends.length];
        for (int i = 0; i < ends.length; ++i) {
            greatest[i] = values.get(ends[i] - 1);
        }
        Codes of =
                Codes.of(
                        weight.capacity(),
                        0,
                        ends.length,
                        i -> weight.get(i) == 0f ? 0 : cluster(greatest, weight.get(i)));
        return new Clusters(of, ends.length + 1);
    }

    private static int cluster(float[] greatest, float value) {
        int found = Arrays.binarySearch(greatest, value);
        return 1 + (found >= 0 ? found : -found - 1);
    }

    /** The cluster of each element. */
    Codes codes() {
        return of;
    }

    /** The number of clusters, that of zero included. */
    int size() {
        return size;
    }

    /** The number of values that a codebook of these clusters has, at least 1. */
    int values() {
        return Math.max(1, hasZeros ? size : size - 1);
    }

    /** The cluster of an element of a certain value. */
    int of(int index, float value) {
        return value == 0f ? 0 : of.get(index);
    }

    float[] centroids(float[] weight) {
        return centroids(FloatBuffer.wrap(weight));
    }

    /** Returns the value of each cluster, zero for one without elements. */
    float[] centroids(FloatBuffer weight) {
        double[] sums = new double[size];
        int[] counts = new int[size];
        for (int i = 0; i < weight.capacity(); ++i) {
            float value = weight.get(i);
            int cluster = of(i, value);
            sums[cluster] += value;
            ++counts[cluster];
        }
        float[] centroids = new float[size];
        for (int i = 1; i < size; ++i) {
            centroids[i] = counts[i] == 0 ? 0f : (float) (sums[i] / counts[i]) + 0f; // no -0
        }
        return centroids;
    }

    /** Writes the value of each element's cluster; zeros stay, as +0. */
    void share(FloatBuffer weight, FloatBuffer target) {
        float[] centroids = centroids(weight);
        for (int i = 0; i < weight.capacity(); ++i) {
            target.put(i, centroids[of(i, weight.get(i))]);
        }
    }

    /** Encodes a weight: what {@link #share} makes of it. */
    CodebookWeight encode(FloatBuffer weight, int[] shape) {
        float[] centroids = centroids(weight);
        boolean[] used = new boolean[size];
        for (int i = 0; i < weight.capacity(); ++i) {
            used[entry(i, weight, centroids)] = true;
        }
        float[] codebook = new float[size];
        int[] index = new int[size];
        int entries = 0;
        for (int i = 0; i < size; ++i) {
            if (used[i]) {
                index[i] = entries;
                codebook[entries++] = centroids[i];
            }
        }
        Codes assignments =
                Codes.of(
                        weight.capacity(),
                        0,
                        Math.max(0, entries - 1),
                        i -> index[entry(i, weight, centroids)]);
        return new CodebookWeight(shape, Arrays.copyOf(codebook, entries), assignments);
    }

    /** A mean may be zero too, and a codebook has it once. */
    private int entry(int element, FloatBuffer weight, float[] centroids) {
        int cluster = of(element, weight.get(element));
        return centroids[cluster] == 0f ? 0 : cluster;
    }

    /**
     * Sums up the gradient of each cluster.
     *
     * <p>A gradient may be accumulated over several batches before a step: it holds what was summed
     * for the earlier ones in every element of a cluster, which counts once.
     *
     * @param gradient the gradient
     * @param earlier what this has returned for the earlier batches of the step; zeros at first
     * @return the sum of each cluster
     */
    float[] sum(FloatBuffer gradient, float[] earlier) {
        double[] sums = new double[size];
        int[] counts = new int[size];
        for (int i = 0; i < gradient.capacity(); ++i) {
            int cluster = of.get(i);
            sums[cluster] += gradient.get(i);
            ++counts[cluster];
        }
        float[] totals = new float[size];
        for (int i = 0; i < size; ++i) {
            double repeated = (counts[i] - 1.0) * earlier[i];
            totals[i] = (float) (sums[i] - repeated);
        }
        return totals;
    }

    /**
     * Returns the share of each element in what {@link #sum} has returned.
     *
     * @param totals the sum of each cluster
     * @return the sum of each cluster, divided by the number of its elements
     */
    float[] shares(float[] totals) {
        int[] counts = new int[size];
        for (int i = 0; i < of.size(); ++i) {
            ++counts[of.get(i)];
        }
        float[] shares = new float[size];
        for (int i = 0; i < size; ++i) {
            shares[i] = counts[i] == 0 ? 0 : totals[i] / counts[i];
        }
        return shares;
    }

    /**
     * Gives elements of a gradient the sum of their cluster; those of zero are left alone.
     *
     * @param totals the sum of each cluster
     * @param from the index of the first element
     * @param gradient the elements, to be changed
     * @param length how many there are
     */
    void spread(float[] totals, int from, float[] gradient, int length) {
        for (int i = 0; i < length; ++i) {
            int cluster = of.get(from + i);
            if (cluster != 0) {
                gradient[i] = totals[cluster];
            }
        }
    }
}
