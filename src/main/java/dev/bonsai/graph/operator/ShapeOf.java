package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Optional;

/**
 * The dimensions of the operand as 64-bit integers: ONNX's {@code Shape}.
 *
 * @param start the first axis, counted from the end if it is negative
 * @param end the axis behind the last, counted from the end if it is negative; empty for all
 */
public record ShapeOf(int start, Optional<Integer> end) implements Operator {

    /** An end behind all axes. */
    private static final int ALL = Integer.MAX_VALUE;

    static final Schema SCHEMA =
            new Schema(
                    112,
                    "Shape",
                    Schema.Arity.of(1),
                    Schema.Arity.of(1),
                    List.of(Schema.integer("start", 0), Schema.integer("end", ALL)),
                    attributes ->
                            new ShapeOf(
                                    attributes.integer("start"),
                                    Optional.of(attributes.integer("end"))
                                            .filter(end -> end != ALL)));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(start, end.orElse(ALL));
    }

    /**
     * Returns the axes that are told of.
     *
     * @param rank the rank of the operand
     * @return the axes in ascending order
     */
    public List<Integer> axes(int rank) {
        int first = front(start, rank);
        int behind = front(end.orElse(rank), rank);
        return java.util.stream.IntStream.range(first, Math.max(first, behind)).boxed().toList();
    }

    private static int front(int axis, int rank) {
        return Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        Optional<Shape> shape = operands.shape(0);
        if (shape.isEmpty()) {
            return List.of(ValueInfo.of(ElementType.INT64, Shape.of(Dim.UNKNOWN)));
        }
        List<Dim> dims = axes(shape.get().rank()).stream().map(shape.get()::get).toList();
        return List.of(ValueInfo.numbers(ElementType.INT64, Shape.of(dims.size()), dims));
    }
}
