package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * The same elements as a matrix: the axes before one in its rows, the others in its columns.
 *
 * @param axis the first axis of the columns, counted from the end if it is negative
 */
public record Flatten(int axis) implements Operator {

    static final Schema SCHEMA =
            new Schema(
                    101,
                    "Flatten",
                    Schema.Arity.of(1),
                    Schema.Arity.of(1),
                    List.of(Schema.integer("axis", 1)),
                    attributes -> new Flatten(attributes.integer("axis")));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(axis);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        return operands.result(operands.shape(0).map(this::matrix));
    }

    private Shape matrix(Shape shape) {
        int front = axis < 0 ? axis + shape.rank() : axis;
        if (front < 0 || front > shape.rank()) {
            throw new GraphException("A value of shape %s has no axis %s", shape, axis);
        }
        return Shape.of(shape.product(0, front), shape.product(front, shape.rank()));
    }
}
