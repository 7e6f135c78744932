package dev.bonsai.entropy;

import java.util.Arrays;

/**
 * What is known of an element of a matrix when its turn comes: the codes beside and above it, and
 * how large the codes of its row, its column, its unit and its place in the unit were so far.
 */
final class CodeContexts {

    /** The number of sizes by which averages are told apart. */
    static final int SIZES = 32;

    /** Averages have so many bits behind the point. */
    private static final int FRACTION = 12;

    /** Averages of less than 2 to the power of this are one size; each power above it is two. */
    private static final int SMALLEST = 3;

    /** The largest magnitude that counts in an average. */
    private static final int LARGEST = 255;

    /** From so many codes on the newest has the same share in an average. */
    private static final int ROW_LIMIT = 100;

    private static final int LIMIT = 250;

    /** Average of nothing yet. */
    private static final int NONE = -1;

    /** The share of code n in an average: 65,536 / (n + 1.5). */
    private static final int[] SHARES = new int[LIMIT + 1];

    static {
        for (int n = 0; n <= LIMIT; ++n) {
            SHARES[n] = (2 << 16) / (2 * n + 3);
        }
    }

    private final int span;
    private final int[] columnAverages;
    private final int[] unitAverages;
    private final int[] placeAverages;
    private int rowAverage;
    private long rowSum;
    private int average = 1 << (FRACTION - 2);

    /** The codes of three rows; behind the last one is a 0. */
    private int[] codes;

    private int[] above;
    private int[] twoAbove;
    private int row = -1;
    private int column;

    CodeContexts(CodeLayout layout) {
        span = layout.span();
        columnAverages = none(layout.columns());
        unitAverages = none(layout.units());
        placeAverages = none(span);
        codes = new int[layout.columns() + 1];
        above = codes.clone();
        twoAbove = codes.clone();
    }

    private static int[] none(int count) {
        int[] averages = new int[count];
        Arrays.fill(averages, NONE);
        return averages;
    }

    void beginRow() {
        ++row;
        column = 0;
        rowAverage = NONE;
        rowSum = 0;
        int[] oldest = twoAbove;
        twoAbove = above;
        above = codes;
        codes = oldest;
    }

    /** Returns the size of the row that was ended. */
    int sizeOfRow() {
        return size((int) ((rowSum << FRACTION) / Math.max(1, column)));
    }

    /** Adds the code of the element, and goes on to the next one of the row. */
    void add(int code) {
        codes[column] = code;
        int magnitude = Math.abs(Math.max(-LARGEST, Math.min(LARGEST, code)));
        rowSum += magnitude;
        int size = magnitude << FRACTION;
        rowAverage = moved(rowAverage, size, Math.min(ROW_LIMIT, column));
        columnAverages[column] = moved(columnAverages[column], size, row);
        if (span > 1) {
            int unit = column / span;
            int place = column - unit * span;
            unitAverages[unit] = moved(unitAverages[unit], size, row * span + place);
            placeAverages[place] =
                    moved(placeAverages[place], size, row * unitAverages.length + unit);
        }
        average = moved(average, size, LIMIT);
        ++column;
    }

    private int moved(int old, int size, int count) {
        int from = old == NONE ? average : old;
        int share = SHARES[count < 0 || count > LIMIT ? LIMIT : count];
        return from + (int) (((long) (size - from) * share) >> 16);
    }

    private int size(int of) {
        int value = of == NONE ? average : of;
        if (value < 1 << SMALLEST) {
            return value == 0 ? 0 : 1;
        }
        int power = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(value);
        int half = (value >>> (power - 1)) & 1;
        return Math.min(SIZES - 1, 2 + 2 * (power - SMALLEST) + half);
    }

    int rowSize() {
        return size(rowAverage);
    }

    int columnSize() {
        return size(columnAverages[column]);
    }

    int unitSize() {
        return size(unitAverages[column / span]);
    }

    int placeSize() {
        return size(placeAverages[column % span]);
    }

    int column() {
        return column;
    }

    boolean isFirstRow() {
        return row == 0;
    }

    /** Returns the code so many columns before. */
    int left(int columns) {
        return column < columns ? 0 : codes[column - columns];
    }

    int above() {
        return above[column];
    }

    int aboveLeft() {
        return column < 1 ? 0 : above[column - 1];
    }

    int aboveRight() {
        return above[column + 1];
    }

    int twoAbove() {
        return twoAbove[column];
    }
}
