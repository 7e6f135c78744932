package dev.bonsai.thinning;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.thinning.Axis.Fixed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node as the rules see it: the axes of its operands, of known rank, and what they find out of
 * its results.
 */
record Step(Flow flow, Node node) {

    int count() {
        return node.inputs().size();
    }

    boolean has(int i) {
        return i < count() && !name(i).equals(Node.ABSENT);
    }

    String name(int i) {
        return node.inputs().get(i);
    }

    List<Axis> axes(int i) {
        return flow.axes(name(i)).orElseThrow();
    }

    Axis axis(int i, int axis) {
        return axes(i).get(axis);
    }

    Shape shape(int i) {
        return flow.shape(name(i)).orElseThrow();
    }

    Shape resultShape(int i) {
        return flow.shape(node.outputs().get(i)).orElseThrow();
    }

    int results() {
        return node.outputs().size();
    }

    boolean hasResult(int i) {
        return i < results() && !node.outputs().get(i).equals(Node.ABSENT);
    }

    /** The numbers of an operand where all are known and fixed. */
    Optional<List<Long>> integers(int i) {
        return has(i)
                ? flow.value(name(i))
                        .numbers()
                        .filter(numbers -> numbers.stream().allMatch(Dim::isFixed))
                        .map(numbers -> numbers.stream().map(Dim::size).toList())
                : Optional.empty();
    }

    Cause cause(RefusalReason reason, String what) {
        return Cause.of(reason, node, what);
    }

    Fixed fixed(RefusalReason reason, String what) {
        return new Fixed(cause(reason, what));
    }

    /** Positions of an image or a sequence. */
    Fixed position() {
        return fixed(RefusalReason.POSITION, "has positions there");
    }

    void refuse(Axis axis, RefusalReason reason, String what) {
        flow.refuse(axis, cause(reason, what));
    }

    Axis tie(Axis a, Axis b) {
        return flow.tie(a, b, cause(RefusalReason.UNSUPPORTED, "joins dimensions of two sizes"));
    }

    void result(int i, List<Axis> axes) {
        if (hasResult(i)) {
            flow.define(node.outputs().get(i), Optional.of(List.copyOf(axes)));
        }
    }

    void result(List<Axis> axes) {
        result(0, axes);
    }

    /** All results have the axes of the first operand. */
    void carry() {
        for (int i = 0; i < results(); ++i) {
            result(i, axes(0));
        }
    }

    /** Whatever goes in stays as it is. */
    void unsupported(RefusalReason reason, String what) {
        for (int i = 0; i < count(); ++i) {
            if (has(i)) {
                flow.axes(name(i)).orElse(List.of()).forEach(axis -> refuse(axis, reason, what));
            }
        }
        fixedResults(reason, what);
    }

    void fixedResults(RefusalReason reason, String what) {
        for (int i = 0; i < results(); ++i) {
            if (hasResult(i)) {
                flow.define(
                        node.outputs().get(i),
                        flow.shape(node.outputs().get(i))
                                .map(shape -> fixedAxes(shape.rank(), fixed(reason, what))));
            }
        }
    }

    static List<Axis> fixedAxes(int rank, Fixed axis) {
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < rank; ++i) {
            axes.add(axis);
        }
        return axes;
    }
}
