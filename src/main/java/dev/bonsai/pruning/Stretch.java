package dev.bonsai.pruning;

import ai.djl.ndarray.types.Shape;

/**
 * Which elements of a convolution's kernel an N:M pattern takes together: the kernel has the shape
 * (output channels, input channels, height, width). For the matrix of a linear block both are the
 * same.
 */
enum Stretch {
    /**
     * Neighbours in memory: along the width of a kernel, then its height, then its input channels.
     * The default, as every kernel can be divided so, also one of a first layer with 1 or 3 input
     * channels. It makes a file smaller; no hardware multiplies it faster.
     */
    FLATTENED {
        @Override
        int step(Shape shape) {
            return 1;
        }
    },
    /**
     * Input channels at one position of the kernel. Sparse tensor cores multiply along the input
     * channels, and take a convolution at twice the speed only where n of m of these are kept. A
     * kernel with too few input channels to remove any is refused: exclude it.
     */
    INPUT_CHANNELS {
        @Override
        int step(Shape shape) {
            return shape.dimension() < 2 ? 1 : Math.toIntExact(shape.slice(2).size());
        }
    };

    /** Returns the distance in memory from an element of a stretch to the next. */
    abstract int step(Shape shape);
}
