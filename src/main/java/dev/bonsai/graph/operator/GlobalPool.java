package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** One number per channel for all spatial axes; these stay, with size 1. */
public enum GlobalPool implements Operator {
    /** The mean. */
    AVERAGE(84, "GlobalAveragePool"),
    /** The largest. */
    MAX(85, "GlobalMaxPool");

    private final Schema schema;

    GlobalPool(int number, String name) {
        schema = Schema.plain(number, name, Schema.Arity.of(1), this);
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        Optional<Shape> shape = operands.shape(0, 3).map(GlobalPool::pooled);
        return List.of(ValueInfo.of(operands.floatType(0), shape));
    }

    private static Shape pooled(Shape input) {
        List<Dim> dims = new ArrayList<>(input.dims().subList(0, 2));
        dims.addAll(Collections.nCopies(input.rank() - 2, Dim.of(1)));
        return new Shape(dims);
    }
}
