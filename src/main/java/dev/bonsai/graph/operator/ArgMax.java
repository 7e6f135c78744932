package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * The index of the largest element along an axis; the lowest one of several.
 *
 * @param axis the axis, counted from the end if it is negative
 * @param keepDims whether the axis stays, with size 1
 */
public record ArgMax(int axis, boolean keepDims) implements Operator {

    static final Schema SCHEMA =
            new Schema(
                    143,
                    "ArgMax",
                    Schema.Arity.of(1),
                    Schema.Arity.of(1),
                    List.of(Schema.integer("axis", 0), Schema.flag("keepdims", true)),
                    attributes ->
                            new ArgMax(attributes.integer("axis"), attributes.flag("keepdims")));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(axis, keepDims);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        return List.of(ValueInfo.of(ElementType.INT64, operands.shape(0, 1).map(this::reduced)));
    }

    private Shape reduced(Shape shape) {
        List<Dim> dims = new ArrayList<>(shape.dims());
        int along = shape.axis(axis);
        if (keepDims) {
            dims.set(along, Dim.of(1));
        } else {
            dims.remove(along);
        }
        return new Shape(dims);
    }
}
