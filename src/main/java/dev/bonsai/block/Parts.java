package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/** Takes parts of arrays. */
final class Parts {

    private Parts() {}

    /**
     * Returns a part along an axis.
     *
     * @param x the array
     * @param axis the axis
     * @param from the first index
     * @param to the index behind the last
     * @param step how far the indices are apart, at least 1
     * @return a new array, which may be a view
     */
    static NDArray slice(NDArray x, int axis, long from, long to, long step) {
        NDIndex index = new NDIndex();
        for (int i = 0; i < axis; ++i) {
            index.addAllDim();
        }
        index.addSliceDim(from, to, step);
        for (int i = axis + 1; i < x.getShape().dimension(); ++i) {
            index.addAllDim();
        }
        return x.get(index);
    }
}
