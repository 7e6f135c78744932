package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.format.ScaleLayout;
import java.util.List;

/**
 * Lays a weight out as matrices with one group a row, and back. Where groups don't divide the rows
 * of a layout, the short last groups make up a matrix of their own.
 */
record Groups(ScaleLayout layout) {

    /** Returns one matrix, or the full groups and then the short ones. */
    List<NDArray> split(NDArray weight) {
        int group = layout.groupLength();
        if (tail() == 0) {
            return List.of(weight.reshape(layout.groups(), group));
        }
        NDArray rows = weight.reshape(layout.rows(), layout.rowLength());
        NDArray shorter = rows.get(new NDIndex(":, {}:", body()));
        NDArray full = rows.get(new NDIndex(":, :{}", body()));
        return List.of(full.reshape(-1, group), shorter);
    }

    /** Puts what became of the matrices together again. */
    NDArray join(List<NDArray> matrices, Shape shape) {
        if (matrices.size() == 1) {
            return matrices.get(0).reshape(shape);
        }
        NDArray full = matrices.get(0).reshape(layout.rows(), body());
        return full.concat(matrices.get(1), 1).reshape(shape);
    }

    /** Puts columns with one number a group into the order of the layout. */
    NDArray joinColumns(NDList columns) {
        if (columns.size() == 1) {
            return columns.head().reshape(-1);
        }
        NDArray full = columns.get(0).reshape(layout.rows(), -1);
        return full.concat(columns.get(1), 1).reshape(-1);
    }

    /** Returns the shapes of the matrices that a weight is split into. */
    List<Shape> shapes() {
        if (tail() == 0) {
            return List.of(new Shape(layout.groups(), layout.groupLength()));
        }
        long full = (long) layout.rows() * (layout.groupsPerRow() - 1);
        return List.of(new Shape(full, layout.groupLength()), new Shape(layout.rows(), tail()));
    }

    private int tail() {
        return layout.rowLength() % layout.groupLength();
    }

    private int body() {
        return layout.rowLength() - tail();
    }
}
