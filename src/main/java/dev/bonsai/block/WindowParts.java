package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.bonsai.graph.operator.Window;

/** The elements of a window, each for all positions of the window at once. */
final class WindowParts {

    private WindowParts() {}

    /**
     * Returns an array per element of the window.
     *
     * @param in the operands of the node, behind which the arrays are closed
     * @param padded the input with its pads, into which the last window just fits
     * @param axes the window
     * @return the arrays, the last axis first counted up
     */
    static NDList of(Arguments in, NDArray padded, Window.Axis... axes) {
        NDList parts = new NDList(padded);
        for (int i = 0; i < axes.length; ++i) {
            Window.Axis axis = axes[i];
            long size = padded.getShape().get(i + 2);
            long span = size - axis.reach() + 1; // where the first element of a window may be
            NDList cut = new NDList();
            for (NDArray part : parts) {
                for (int k = 0; k < axis.kernel(); ++k) {
                    long from = (long) k * axis.dilation();
                    cut.add(in.scratch(Parts.slice(part, i + 2, from, from + span, axis.stride())));
                }
            }
            parts = cut;
        }
        return parts;
    }
}
