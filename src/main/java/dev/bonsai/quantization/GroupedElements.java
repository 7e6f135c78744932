package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.encoding.ScaleLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a weight into pieces in which all groups have the same length: the weight itself if a row is
 * one group, else a matrix (groups, elements), and a second one of the shorter groups at the ends
 * of the rows if there are such.
 */
final class GroupedElements {

    private final Shape shape;
    private final ScaleLayout layout;
    private final long fullGroups;
    private final long tail;
    private final List<Piece> pieces;

    /**
     * How groups lie in a piece.
     *
     * @param shape the shape of the piece
     * @param groups the number of groups, which are rows of the piece
     */
    record Piece(Shape shape, long groups) {

        /** One number per group, to be broadcast to the piece; a single number has no dimension. */
        Shape scaleShape() {
            if (shape.isScalar()) {
                return shape;
            }
            long[] dimensions = new long[shape.dimension()];
            Arrays.fill(dimensions, 1);
            dimensions[0] = groups;
            return new Shape(dimensions);
        }

        NDArray matrix(NDArray piece) {
            return piece.reshape(groups, shape.size() / groups);
        }
    }

    GroupedElements(Shape shape, ScaleLayout layout) {
        this.shape = shape;
        this.layout = layout;
        fullGroups = layout.rowLength() / layout.groupLength();
        tail = layout.rowLength() % layout.groupLength();
        pieces = new ArrayList<>();
        if (layout.groupsPerRow() == 1) {
            pieces.add(new Piece(shape, layout.rows()));
        } else {
            long groups = layout.rows() * fullGroups;
            pieces.add(new Piece(new Shape(groups, layout.groupLength()), groups));
            if (tail > 0) {
                pieces.add(new Piece(new Shape(layout.rows(), tail), layout.rows()));
            }
        }
    }

    ScaleLayout layout() {
        return layout;
    }

    List<Piece> pieces() {
        return pieces;
    }

    NDList split(NDArray weight) {
        if (layout.groupsPerRow() == 1) {
            return new NDList(weight);
        }
        NDArray rows = weight.reshape(layout.rows(), layout.rowLength());
        NDList parts =
                tail == 0
                        ? new NDList(rows)
                        : rows.split(new long[] {fullGroups * layout.groupLength()}, 1);
        NDList result = new NDList();
        for (int i = 0; i < parts.size(); ++i) {
            result.add(parts.get(i).reshape(pieces.get(i).shape()));
        }
        return result;
    }

    /** Puts the pieces together to the shape of the weight. */
    NDArray join(NDList parts) {
        return rows(parts).reshape(shape);
    }

    /** Puts what there is one of a group together, in the order of the layout's groups. */
    NDArray joinGroups(NDList perGroup) {
        return rows(perGroup);
    }

    /** Takes apart what {@link #joinGroups} puts together, one part a piece. */
    NDList splitGroups(NDArray perGroup) {
        if (pieces.size() == 1) {
            return new NDList(perGroup);
        }
        NDArray rows = perGroup.reshape(layout.rows(), layout.groupsPerRow());
        return rows.split(new long[] {fullGroups}, 1);
    }

    private NDArray rows(NDList parts) {
        NDArray first = parts.head();
        if (parts.size() == 1) {
            return first;
        }
        NDArray rows = first.reshape(layout.rows(), first.size() / layout.rows());
        return rows.concat(parts.get(1).reshape(layout.rows(), -1), 1);
    }
}
