package dev.bonsai.sharing;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The values of a weight other than zero, in ascending order, each once with its count; and the
 * mean of any range of them in constant time.
 *
 * <p>Of a large weight, values that are equal in their first 20 bits, and so within 0.05 % of each
 * other, count as one: sorting hundreds of millions of floats takes gigabytes and minutes, and no
 * border between two clusters is that sharp.
 */
final class SortedValues {

    /** The most elements of which all different values are told apart. */
    static final int EXACT = 1 << 22;

    private static final int GROUP_BITS = 20;

    // the least and the greatest float that counts as a value
    private final float[] least;
    private final float[] greatest;

    // of the elements before each value: how many, their sum, and the sum of their squares
    private final int[] before;
    private final double[] sums;
    private final double[] squares;

    private SortedValues(
            float[] least, float[] greatest, int[] before, double[] sums, double[] squares) {
        this.least = least;
        this.greatest = greatest;
        this.before = before;
        this.sums = sums;
        this.squares = squares;
    }

    static SortedValues of(float[] weight) {
        return of(FloatBuffer.wrap(weight));
    }

    /**
     * Sorts.
     *
     * @param weight the elements, finite, in any order
     */
    static SortedValues of(FloatBuffer weight) {
        return weight.capacity() <= EXACT ? exact(weight) : grouped(weight);
    }

    private static SortedValues exact(FloatBuffer weight) {
        float[] sorted = new float[weight.capacity()];
        int elements = 0;
        for (int i = 0; i < sorted.length; ++i) {
            float value = weight.get(i);
            if (value != 0f) {
                sorted[elements++] = value;
            }
        }
        Arrays.sort(sorted, 0, elements);
        int[] before = new int[elements + 1];
        int size = 0;
        for (int i = 0; i < elements; ++i) {
            if (i == 0 || sorted[i] != sorted[size - 1]) {
                before[size] = i;
                sorted[size++] = sorted[i];
            }
        }
        before[size] = elements;
        float[] values = Arrays.copyOf(sorted, size);
        double[] sums = new double[size + 1];
        double[] squares = new double[size + 1];
        for (int i = 0; i < size; ++i) {
            int count = before[i + 1] - before[i];
            sums[i + 1] = sums[i] + (double) values[i] * count;
            squares[i + 1] = squares[i] + (double) values[i] * values[i] * count;
        }
        return new SortedValues(values, values, Arrays.copyOf(before, size + 1), sums, squares);
    }

    /** Counts and sums up the elements of each group, without a copy of them. */
    static SortedValues grouped(FloatBuffer weight) {
        int groups = 1 << GROUP_BITS;
        float[] least = new float[groups];
        float[] greatest = new float[groups];
        int[] counts = new int[groups];
        double[] sums = new double[groups];
        double[] squares = new double[groups];
        for (int i = 0; i < weight.capacity(); ++i) {
            float value = weight.get(i);
            if (value != 0f) {
                int group = group(value);
                boolean first = counts[group] == 0;
                least[group] = first ? value : Math.min(least[group], value);
                greatest[group] = first ? value : Math.max(greatest[group], value);
                ++counts[group];
                sums[group] += value;
                squares[group] += (double) value * value;
            }
        }
        int size = (int) Arrays.stream(counts).filter(count -> count > 0).count();
        int[] before = new int[size + 1];
        double[] sumsBefore = new double[size + 1];
        double[] squaresBefore = new double[size + 1];
        int next = 0;
        for (int group = 0; group < groups; ++group) {
            if (counts[group] > 0) {
                least[next] = least[group];
                greatest[next] = greatest[group];
                before[next + 1] = before[next] + counts[group];
                sumsBefore[next + 1] = sumsBefore[next] + sums[group];
                squaresBefore[next + 1] = squaresBefore[next] + squares[group];
                ++next;
            }
        }
        return new SortedValues(
                Arrays.copyOf(least, size),
                Arrays.copyOf(greatest, size),
                before,
                sumsBefore,
                squaresBefore);
    }

    /** Returns the first bits of a float, as a number that grows with it. */
    private static int group(float value) {
        int bits = Float.floatToRawIntBits(value);
        int ordered = bits ^ (bits >> (Integer.SIZE - 1) & Integer.MAX_VALUE);
        return (ordered >> (Integer.SIZE - GROUP_BITS)) + (1 << (GROUP_BITS - 1));
    }

    /** The number of different values. */
    int size() {
        return greatest.length;
    }

    /** The number of elements, equal ones included. */
    int elements() {
        return before[size()];
    }

    /** Returns a value, of a large weight the greatest float that counts as it. */
    float get(int index) {
        return greatest[index];
    }

    /** Returns the least of all floats. */
    float least() {
        return least[0];
    }

    /** How many elements have the values of a range. */
    int count(int from, int to) {
        return before[to] - before[from];
    }

    /** Returns the index of the value of an element, by its rank among the elements. */
    int ofElement(int rank) {
        int found = Arrays.binarySearch(before, rank);
        return found >= 0 ? found : -found - 2;
    }

    /** The mean of the elements of a range that is not empty; it lies within the range. */
    double mean(int from, int to) {
        double mean = (sums[to] - sums[from]) / count(from, to);
        return Math.max(least[from], Math.min(greatest[to - 1], mean)); // for rounding
    }

    /** The sum of the squared distances from the mean of a range that is not empty. */
    double error(int from, int to) {
        double sum = sums[to] - sums[from];
        return Math.max(0, squares[to] - squares[from] - sum * sum / count(from, to));
    }

    /** Returns how many different values are at most a limit. */
    int upTo(double limit) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (greatest[middle] <= limit) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
