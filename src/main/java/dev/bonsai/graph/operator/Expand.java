package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The operand broadcast to the shape in the second one and back: 1 keeps a dimension. */
public record Expand() implements Operator {

    static final Schema SCHEMA = Schema.plain(109, "Expand", Schema.Arity.of(2), new Expand());

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.needIndices(1);
        operands.length(1);
        Optional<Shape> wanted =
                operands.numbers(1)
                        .map(Shape::new)
                        .or(
                                () ->
                                        operands.length(1)
                                                .map(n -> Collections.nCopies(n, Dim.UNKNOWN))
                                                .map(Shape::new));
        return List.of(ValueInfo.of(operands.type(0), Broadcast.of(operands.shape(0), wanted)));
    }
}
