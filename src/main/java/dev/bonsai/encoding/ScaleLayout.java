package dev.bonsai.encoding;

import java.util.Locale;

/**
 * Which elements share a scale: the elements, in row-major order, are cut into rows, and each row
 * into groups of consecutive elements; the last group of a row may be shorter.
 *
 * <p>Per tensor is one row and one group; per channel is one row and one group a channel (the
 * outermost dimension).
 *
 * @param rows the number of rows, at least 1
 * @param rowLength the elements in a row, at least 1
 * @param groupLength the elements in a group, from 1 to {@code rowLength}
 */
public record ScaleLayout(int rows, int rowLength, int groupLength) {

    public ScaleLayout {
        if (rows < 1 || rowLength < 1 || groupLength < 1 || groupLength > rowLength) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A layout needs rows >= 1 and 1 <= groupLength <= rowLength, but got"
                                    + " rows=%d, rowLength=%d, groupLength=%d",
                            rows,
                            rowLength,
                            groupLength));
        }
        if ((long) rows * rowLength > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A layout covers at most 2^31 - 1 elements, but got %d rows of %d",
                            rows,
                            rowLength));
        }
    }

    /**
     * One scale for the whole weight.
     *
     * @param size the number of elements
     * @return the layout
     */
    public static ScaleLayout perTensor(int size) {
        return new ScaleLayout(1, size, size);
    }

    /**
     * Returns the number of groups in a row.
     *
     * @return the number of groups, at least 1
     */
    public int groupsPerRow() {
        return 1 + (rowLength - 1) / groupLength; // the sum of the lengths can overflow
    }

    /**
     * Returns the number of scales.
     *
     * @return rows times groups a row
     */
    public int groups() {
        return rows * groupsPerRow();
    }

    /**
     * Returns the group of an element.
     *
     * @param index the row-major index of the element
     * @return the index of its scale
     */
    public int groupOf(int index) {
        return index / rowLength * groupsPerRow() + index % rowLength / groupLength;
    }

    /**
     * Returns where the group of an element ends.
     *
     * @param index the row-major index of the element
     * @return the index of the element behind the last of the same scale
     */
    public int endOfGroup(int index) {
        int inRow = index % rowLength;
        long end = (long) inRow - inRow % groupLength + groupLength;
        return index - inRow + (int) Math.min(rowLength, end);
    }
}
