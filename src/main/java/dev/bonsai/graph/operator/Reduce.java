package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One number for all elements along some axes. The axes stand in an attribute or, of ReduceSum and
 * from operator set 18 on, in the second operand.
 *
 * @param kind what is computed
 * @param axes the axes, counted from the end if they are negative; empty for those of the second
 *     operand
 * @param keepDims whether the axes stay, with size 1
 * @param noAxesIsIdentity whether no axes means the operand itself, and not all axes
 */
public record Reduce(Kind kind, List<Integer> axes, boolean keepDims, boolean noAxesIsIdentity)
        implements Operator {

    /** What is computed. */
    public enum Kind {
        /** The sum. */
        SUM(115, "ReduceSum"),
        /** The mean. */
        MEAN(116, "ReduceMean"),
        /** The largest. */
        MAX(117, "ReduceMax"),
        /** The smallest. */
        MIN(118, "ReduceMin"),
        /** The product. */
        PROD(119, "ReduceProd"),
        /** The sum of the squares. */
        SUM_SQUARE(120, "ReduceSumSquare"),
        /** The sum of the absolute values. */
        L1(121, "ReduceL1"),
        /** The square root of the sum of the squares. */
        L2(122, "ReduceL2");

        private final Schema schema;

        Kind(int number, String name) {
            schema =
                    new Schema(
                            number,
                            name,
                            new Schema.Arity(1, 2),
                            Schema.Arity.of(1),
                            List.of(
                                    Schema.integers("axes"),
                                    Schema.flag("keepdims", true),
                                    Schema.flag("noop_with_empty_axes", false)),
                            attributes ->
                                    new Reduce(
                                            this,
                                            attributes.integers("axes"),
                                            attributes.flag("keepdims"),
                                            attributes.flag("noop_with_empty_axes")));
        }

        Schema schema() {
            return schema;
        }
    }

    static List<Schema> schemas() {
        return Arrays.stream(Kind.values()).map(Kind::schema).toList();
    }

    public Reduce {
        axes = List.copyOf(axes);
    }

    @Override
    public Schema schema() {
        return kind.schema();
    }

    @Override
    public List<?> attributeValues() {
        return List.of(axes, keepDims, noAxesIsIdentity);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.needIndices(1);
        if (operands.has(1) && operands.integers(1).isEmpty()) {
            return operands.result(
                    operands.shape(0)
                            .filter(shape -> keepDims)
                            .map(shape -> Shape.unknown(shape.rank())));
        }
        List<Long> given =
                operands.integers(1).orElse(axes.stream().map(Integer::longValue).toList());
        return operands.result(
                operands.shape(0)
                        .map(shape -> reduced(shape, reducedAxes(shape, given), keepDims)));
    }

    /**
     * Returns the axes that are reduced.
     *
     * @param shape the shape of the operand
     * @param given the axes that are named
     * @return the axes from the front; none if the result is the operand itself
     */
    public Set<Integer> reducedAxes(Shape shape, List<Long> given) {
        if (given.isEmpty()) {
            return noAxesIsIdentity
                    ? Set.of()
                    : IntStream.range(0, shape.rank()).boxed().collect(Collectors.toSet());
        }
        return given.stream().map(shape::axis).collect(Collectors.toSet());
    }

    static Shape reduced(Shape shape, Set<Integer> gone, boolean keepDims) {
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < shape.rank(); ++i) {
            if (!gone.contains(i)) {
                dims.add(shape.get(i));
            } else if (keepDims) {
                dims.add(Dim.of(1));
            }
        }
        return new Shape(dims);
    }
}
