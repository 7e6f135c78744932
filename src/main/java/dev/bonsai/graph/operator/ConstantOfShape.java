package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * One value in a shape, which the operand names. In ONNX the value is a tensor of one element; here
 * it is a number in a type.
 *
 * @param value the value
 * @param type the type of the result
 */
public record ConstantOfShape(float value, ElementType type) implements Operator {

    private static final int MOST_NUMBERS = 64;

    static final Schema SCHEMA =
            new Schema(
                    140,
                    "ConstantOfShape",
                    Schema.Arity.of(1),
                    Schema.Arity.of(1),
                    List.of(Schema.real("value", 0f), Schema.integer("type", 1)),
                    attributes ->
                            new ConstantOfShape(
                                    attributes.real("value"),
                                    Cast.type(attributes.integer("type"))));

    public ConstantOfShape {
        if (Constants.isInteger(type) && value != (int) value) {
            throw new GraphException(
                    "A value of the type %s is a whole number here, but got %s", type, value);
        }
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(value, Cast.number(type));
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        Optional<Shape> shape = operands.namedShape(0);
        return List.of(ValueInfo.of(type, shape, shape.flatMap(this::numbers)));
    }

    /** The numbers of a short list. */
    private Optional<List<Dim>> numbers(Shape shape) {
        Dim count = shape.elements();
        return Constants.isInteger(type)
                        && shape.rank() == 1
                        && count.isFixed()
                        && count.size() <= MOST_NUMBERS
                ? Optional.of(Collections.nCopies((int) count.size(), Dim.of((long) value)))
                : Optional.empty();
    }
}
