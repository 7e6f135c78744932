package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * x where it is positive, and slope * x elsewhere; the slope is the second operand, which is
 * broadcast to the first (He and others, 2015).
 */
public record PRelu() implements Operator {

    static final Schema SCHEMA = Schema.plain(65, "PRelu", Schema.Arity.of(2), new PRelu());

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.commonType(0, 1);
        operands.shape(0)
                .ifPresent(
                        shape ->
                                operands.shape(1)
                                        .ifPresent(slope -> Broadcast.checkOnto(shape, slope)));
        return List.of(ValueInfo.of(operands.floatType(0), operands.shape(0)));
    }
}
