package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Optional;

/**
 * (x - mean) / sqrt(variance + epsilon) * scale + shift, with mean and variance over the axes from
 * one on (Ba and others, 2016). Operands: x, scale, and perhaps shift. The second and the third
 * result are the means and the inverse standard deviations.
 *
 * @param axis the first of the axes, counted from the end if it is negative
 * @param epsilon what is added to the variance
 */
public record LayerNormalization(int axis, float epsilon) implements Operator {

    private static final float EPSILON = 1e-5f;

    static final Schema SCHEMA =
            new Schema(
                    96,
                    "LayerNormalization",
                    new Schema.Arity(2, 3),
                    new Schema.Arity(1, 3),
                    List.of(
                            Schema.integer("axis", -1),
                            Schema.real("epsilon", EPSILON),
                            Schema.only("stash_type", 1)),
                    attributes ->
                            new LayerNormalization(
                                    attributes.integer("axis"), attributes.real("epsilon")));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(axis, epsilon);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.floatType(0);
        operands.commonType(0, 1, 2);
        Optional<Shape> shape = operands.shape(0, 1);
        operands.checkOnto(0, 1);
        operands.checkOnto(0, 2);
        Optional<Shape> statistics = shape.map(this::statistics);
        return List.of(
                ValueInfo.of(operands.type(0), shape),
                ValueInfo.of(operands.type(0), statistics),
                ValueInfo.of(operands.type(0), statistics));
    }

    private Shape statistics(Shape shape) {
        Shape ones = shape;
        for (int i = shape.axis(axis); i < shape.rank(); ++i) {
            ones = ones.with(i, Dim.of(1));
        }
        return ones;
    }
}
