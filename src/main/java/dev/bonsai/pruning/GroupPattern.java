package dev.bonsai.pruning;

import ai.djl.ndarray.types.Shape;

/** Groups of one size, of which any may be removed. */
final class GroupPattern extends SparsityPattern {

    static final GroupPattern ELEMENTS = new GroupPattern(1, 1, "unstructured");
    static final GroupPattern CHANNELS = new GroupPattern(1, Integer.MAX_VALUE, "channel");

    private final int height;
    private final int width;

    GroupPattern(int height, int width, String factory, Object... arguments) {
        super(factory, arguments);
        this.height = height;
        this.width = width;
    }

    @Override
    Groups groups(Shape shape) {
        return Groups.of(shape, height, width);
    }
}
