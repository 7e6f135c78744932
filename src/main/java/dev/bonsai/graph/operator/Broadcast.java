package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The shape of what is computed element by element from values of several shapes. */
final class Broadcast {

    private Broadcast() {}

    static Optional<Shape> of(Optional<Shape> a, Optional<Shape> b) {
        return a.isPresent() && b.isPresent()
                ? Optional.of(of(a.get(), b.get()))
                : Optional.empty();
    }

    static Shape of(Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < rank; ++i) {
            Dim left = dim(a, i - rank + a.rank());
            Dim right = dim(b, i - rank + b.rank());
            if (left.differs(right) && !left.is(1) && !right.is(1)) {
                throw new GraphException(
                        "The shapes %s and %s can't be broadcast to one another", a, b);
            }
            dims.add(joined(left, right));
        }
        return new Shape(dims);
    }

    /** Checks that a shape can be broadcast to another that stays as it is. */
    static void checkOnto(Shape target, Shape shape) {
        for (int i = 0; i < shape.rank(); ++i) {
            Dim wanted = dim(target, i - shape.rank() + target.rank());
            Dim own = shape.get(i);
            if ((!own.is(1) && own.differs(wanted)) || shape.rank() > target.rank()) {
                throw new GraphException(
                        "A value of shape %s can't be broadcast to the shape %s", shape, target);
            }
        }
    }

    private static Dim dim(Shape shape, int axis) {
        return axis < 0 ? Dim.of(1) : shape.get(axis);
    }

    private static Dim joined(Dim a, Dim b) {
        if (a.is(1)) {
            return b;
        }
        if (b.is(1) || a.same(b)) {
            return a;
        }
        if (a.isFixed() != b.isFixed()) {
            return a.isFixed() ? a : b; // the free one is 1 or the same
        }
        return Dim.UNKNOWN;
    }
}
