package dev.bonsai.pruning;

import ai.djl.ndarray.types.Shape;

/** Tiles of one size, of which any may be removed. */
final class Tiling extends SparsityPattern {

    static final Tiling ELEMENTS = new Tiling("unstructured", 1, 1);
    static final Tiling ROWS = new Tiling("channel", 1, Integer.MAX_VALUE);

    private final String name;
    private final int height;
    private final int width;

    Tiling(String name, int height, int width) {
        this.name = name;
        this.height = height;
        this.width = width;
    }

    @Override
    Tiles tiles(Shape shape) {
        return Tiles.of(shape, height, width);
    }

    @Override
    public String toString() {
        return name;
    }
}
