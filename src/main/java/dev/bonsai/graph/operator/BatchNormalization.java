package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * (x - mean) / sqrt(variance + epsilon) * scale + shift per channel, axis 1 (Ioffe and Szegedy,
 * 2015). Operands: x, scale, shift, mean, variance, the last two gathered in training: new = old *
 * momentum + that of the batch * (1 - momentum).
 *
 * @param epsilon what is added to the variance
 * @param momentum the part of the old statistics that is kept
 */
public record BatchNormalization(float epsilon, float momentum) implements Operator {

    private static final float EPSILON = 1e-5f;
    private static final float MOMENTUM = 0.9f;
    private static final int OPERANDS = 5;

    static final Schema SCHEMA =
            new Schema(
                    95,
                    "BatchNormalization",
                    Schema.Arity.of(OPERANDS),
                    Schema.Arity.of(1),
                    List.of(
                            Schema.real("epsilon", EPSILON),
                            Schema.real("momentum", MOMENTUM),
                            Schema.only("training_mode", 0)),
                    attributes ->
                            new BatchNormalization(
                                    attributes.real("epsilon"), attributes.real("momentum")));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(epsilon, momentum);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        for (int i = 0; i < OPERANDS; ++i) {
            operands.floatType(i);
        }
        operands.shape(0, 1).ifPresent(shape -> check(operands, shape));
        return operands.result(operands.shape(0));
    }

    private static void check(Operands operands, Shape shape) {
        Dim channels = shape.rank() == 1 ? Dim.of(1) : shape.get(1);
        for (int i = 1; i < OPERANDS; ++i) {
            Shape own = operands.shape(i).orElse(Shape.of(channels));
            if (own.rank() != 1 || own.get(0).differs(channels)) {
                throw new GraphException(
                        "Operand %s has a number per channel of %s, but %s", i, shape, own);
            }
        }
    }
}
