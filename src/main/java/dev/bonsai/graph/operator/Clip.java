package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * min(max(x, low), high); low and high are scalars, the second and the third operand, and may be
 * left out.
 */
public record Clip() implements Operator {

    static final Schema SCHEMA = Schema.plain(66, "Clip", new Schema.Arity(1, 3), new Clip());

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        Elements.needNumbers(operands, 0);
        operands.commonType(0, 1, 2);
        operands.scalar(1);
        operands.scalar(2);
        return List.of(ValueInfo.of(operands.type(0), operands.shape(0)));
    }
}
