package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * In training, sets a part of the elements to 0 and divides the others by the part that is kept;
 * otherwise the operand itself. The part is the second operand, a scalar, 0.5 where it is left out.
 * The third operand of ONNX, which says whether this is training, and its seed are not used.
 */
public record Dropout() implements Operator {

    static final Schema SCHEMA =
            new Schema(
                    69,
                    "Dropout",
                    new Schema.Arity(1, 2),
                    new Schema.Arity(1, 2),
                    List.of(Schema.integer("seed", 0)),
                    attributes -> new Dropout());

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        return List.of(
                ValueInfo.of(operands.floatType(0), operands.shape(0)),
                ValueInfo.of(ElementType.BOOLEAN, operands.shape(0)));
    }
}
