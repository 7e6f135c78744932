package dev.bonsai.runtime;

import dev.bonsai.graph.operator.Window;

/**
 * How a window moves over the spatial axes of an input, as numbers ready for loops.
 *
 * @param axes the window over each spatial axis
 * @param input the size of the input along each
 * @param output the number of positions along each
 */
record Windows(Window.Axis[] axes, int[] input, int[] output) {

    /** Finds the positions of a window with a size. */
    static Windows of(Window window, int[] shape, boolean ceil) {
        int rank = shape.length - 2;
        Window.Axis[] axes = new Window.Axis[rank];
        int[] input = new int[rank];
        int[] output = new int[rank];
        for (int i = 0; i < rank; ++i) {
            input[i] = shape[i + 2];
            axes[i] = window.axis(i, rank, input[i]);
            output[i] =
                    (int)
                            (ceil
                                    ? Window.ceilPositions(axes[i], input[i])
                                    : axes[i].positions(input[i]));
        }
        return new Windows(axes, input, output);
    }

    int rank() {
        return axes.length;
    }

    /** How far the window moves along the last axis. */
    int lastStride() {
        return axes[axes.length - 1].stride();
    }

    int inputSize() {
        return Sizes.elements(input);
    }

    int outputSize() {
        return Sizes.elements(output);
    }

    /** The number of elements of the window. */
    int kernelSize() {
        int size = 1;
        for (Window.Axis axis : axes) {
            size *= axis.kernel();
        }
        return size;
    }

    /** The shape of a result with some channels. */
    int[] shape(int batch, int channels) {
        int[] shape = new int[output.length + 2];
        shape[0] = batch;
        shape[1] = channels;
        System.arraycopy(output, 0, shape, 2, output.length);
        return shape;
    }

    /** Whether the window is one element that takes each of the input. */
    boolean isPoint() {
        for (int i = 0; i < axes.length; ++i) {
            if (axes[i].kernel() != 1 || axes[i].stride() != 1 || output[i] != input[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * What an element of the window meets along one axis.
     *
     * @param first the first position at which it lies within the input
     * @param behind the position behind the last
     * @param offset the index in the input at position 0, which may be negative
     */
    record Reach(int first, int behind, int offset) {}

    /** Where an element of the window lies within the input. */
    Reach reach(int axis, int element) {
        Window.Axis window = axes[axis];
        int offset = element * window.dilation() - window.before();
        int first = offset >= 0 ? 0 : (window.stride() - 1 - offset) / window.stride();
        int room = input[axis] - offset;
        int behind = room <= 0 ? 0 : (room - 1) / window.stride() + 1;
        behind = Math.min(behind, output[axis]);
        return new Reach(Math.min(first, behind), behind, offset);
    }
}
