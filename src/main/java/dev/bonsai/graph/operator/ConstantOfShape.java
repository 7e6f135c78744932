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
        operands.needIndices(0);
        Optional<List<Dim>> dims = operands.numbers(0);
        if (dims.isPresent()
                && Constants.isInteger(type)
                && dims.get().size() == 1
                && dims.get().get(0).isFixed()
                && dims.get().get(0).size() <= 64) {
            int count = (int) dims.get().get(0).size();
            return List.of(
                    ValueInfo.numbers(
                            type,
                            Shape.of(count),
                            Collections.nCopies(count, Dim.of((long) value))));
        }
        return List.of(
                ValueInfo.of(
                        type,
                        dims.map(Shape::new)
                                .or(
                                        () ->
                                                operands.length(0)
                                                        .map(
                                                                n ->
                                                                        Collections.nCopies(
                                                                                n, Dim.UNKNOWN))
                                                        .map(Shape::new))));
    }
}
