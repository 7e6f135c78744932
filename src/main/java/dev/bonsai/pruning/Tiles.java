package dev.bonsai.pruning;

import ai.djl.ndarray.types.Shape;
import java.util.BitSet;

/**
 * How a weight falls into the groups of elements that are removed together: a matrix of its first
 * dimension by the rest, cut into tiles in row-major order. A tile at the right or lower edge may
 * be smaller; a tile of 1 by 1 is an element.
 *
 * @param rows the length of the first dimension
 * @param columns the product of the other dimensions
 * @param height the rows of a whole tile, at most all
 * @param width the columns of a whole tile, at most all
 */
record Tiles(int rows, int columns, int height, int width) {

    /** Cuts a weight into tiles of at most a height and a width. */
    static Tiles of(Shape shape, int height, int width) {
        int rows = shape.isScalar() ? 1 : Math.toIntExact(shape.get(0));
        int columns = Math.toIntExact(shape.size() / rows);
        return new Tiles(rows, columns, Math.min(height, rows), Math.min(width, columns));
    }

    boolean isElements() {
        return height == 1 && width == 1;
    }

    int elements() {
        return rows * columns;
    }

    int count() {
        return (rows + height - 1) / height * across();
    }

    private int across() {
        return (columns + width - 1) / width;
    }

    /** Returns the number of elements of a tile. */
    int size(int tile) {
        if (isElements()) {
            return 1;
        }
        int row = tile / across() * height;
        int column = tile % across() * width;
        return Math.min(height, rows - row) * Math.min(width, columns - column);
    }

    boolean isWhole(int tile) {
        return size(tile) == height * width;
    }

    private int tileOf(int element) {
        return element / columns / height * across() + element % columns / width;
    }

    private int firstOf(int tile) {
        return tile / across() * height * columns + tile % across() * width;
    }

    /** Returns the mean of the values of each tile; of elements, the values themselves. */
    float[] means(float[] values) {
        if (isElements()) {
            return values;
        }
        double[] sums = new double[count()];
        for (int i = 0; i < values.length; ++i) {
            sums[tileOf(i)] += values[i];
        }
        float[] means = new float[sums.length];
        for (int tile = 0; tile < means.length; ++tile) {
            means[tile] = (float) (sums[tile] / size(tile));
        }
        return means;
    }

    /** Returns which tiles have a first element among those given. */
    BitSet tiles(BitSet elements) {
        if (isElements()) {
            return elements;
        }
        BitSet tiles = new BitSet();
        for (int tile = count() - 1; tile >= 0; --tile) {
            tiles.set(tile, elements.get(firstOf(tile)));
        }
        return tiles;
    }

    /** Returns the elements of some tiles. */
    BitSet elements(BitSet tiles) {
        if (isElements()) {
            return tiles;
        }
        BitSet elements = new BitSet();
        for (int i = elements() - 1; i >= 0; --i) {
            elements.set(i, tiles.get(tileOf(i)));
        }
        return elements;
    }
}
