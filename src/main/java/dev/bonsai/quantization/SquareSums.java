package dev.bonsai.quantization;

/**
 * Sums the squares of the rows of a matrix in plain Java. The order of the sums depends on the
 * length of a row alone, not on who reads it in what pieces: the bits are always the same.
 */
final class SquareSums {

    /** A divisor of what one thread reads at a time. */
    private static final int PART = 1 << 12;

    private final int rowLength;
    private final int parts;
    private final double[] squares;
    private final int[] counts;

    /** Prepares the sums of a matrix. */
    SquareSums(int rows, int rowLength) {
        this.rowLength = rowLength;
        parts = (rowLength + PART - 1) / PART;
        squares = new double[rows * parts];
        counts = new int[rows * parts];
    }

    /**
     * Adds elements that stand one behind the other. Threads may add at the same time what is not
     * of the same part.
     *
     * @param at the index of the first of them
     * @param values the elements; the array may be longer
     * @param length the number of elements
     */
    void add(int at, float[] values, int length) {
        for (int from = 0; from < length; ) {
            int inRow = (at + from) % rowLength;
            int part = (at + from) / rowLength * parts + inRow / PART;
            int end = Math.min(rowLength, (inRow / PART + 1) * PART);
            int to = Math.min(length, from + end - inRow);
            add(part, values, from, to);
            from = to;
        }
    }

    private void add(int part, float[] values, int from, int to) {
        double sum = squares[part];
        int count = counts[part];
        for (int i = from; i < to; ++i) {
            sum += (double) values[i] * values[i];
            count += values[i] == 0 ? 0 : 1;
        }
        squares[part] = sum;
        counts[part] = count;
    }

    /** Returns the root mean square of what is not zero in each row; 0 where all is. */
    float[] roots() {
        float[] roots = new float[parts == 0 ? 0 : squares.length / parts];
        for (int row = 0; row < roots.length; ++row) {
            double sum = 0;
            long count = 0;
            for (int part = row * parts; part < (row + 1) * parts; ++part) {
                sum += squares[part];
                count += counts[part];
            }
            roots[row] = (float) Math.sqrt(sum / Math.max(1, count));
        }
        return roots;
    }
}
