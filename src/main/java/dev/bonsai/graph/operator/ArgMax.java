package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Set;

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
        return List.of(
                ValueInfo.of(
                        ElementType.INT64,
                        operands.shape(0, 1)
                                .map(
                                        shape ->
                                                Reduce.reduced(
                                                        shape,
                                                        Set.of(shape.axis(axis)),
                                                        keepDims))));
    }
}
