package dev.bonsai.sharing;

import java.util.Arrays;

/**
 * The values of a weight other than zero, in ascending order, each once with its count; and the
 * mean of any range of them in constant time.
 */
final class SortedValues {

    private final float[] values;

    // of the elements before each value: how many, their sum, and the sum of their squares
    private final int[] before;
    private final double[] sums;
    private final double[] squares;

    private SortedValues(float[] values, int[] before) {
        this.values = values;
        this.before = before;
        sums = new double[before.length];
        squares = new double[before.length];
        for (int i = 0; i < values.length; ++i) {
            int count = before[i + 1] - before[i];
            sums[i + 1] = sums[i] + (double) values[i] * count;
            squares[i + 1] = squares[i] + (double) values[i] * values[i] * count;
        }
    }

    /**
     * Sorts.
     *
     * @param weight the elements, finite, in any order
     */
    static SortedValues of(float[] weight) {
        float[] sorted = new float[weight.length];
        int elements = 0;
        for (float value : weight) {
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
        return new SortedValues(Arrays.copyOf(sorted, size), Arrays.copyOf(before, size + 1));
    }

    /** The number of different values. */
    int size() {
        return values.length;
    }

    /** The number of elements, equal ones included. */
    int elements() {
        return before[values.length];
    }

    float get(int index) {
        return values[index];
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
        return Math.max(values[from], Math.min(values[to - 1], mean)); // for rounding
    }

    /** The sum of the squared distances from the mean of a range that is not empty. */
    double error(int from, int to) {
        double sum = sums[to] - sums[from];
        return Math.max(0, squares[to] - squares[from] - sum * sum / count(from, to));
    }

    /** Returns how many different values are at most a limit. */
    int upTo(double limit) {
        int low = 0;
        int high = values.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (values[middle] <= limit) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
