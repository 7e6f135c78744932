package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/** The operand repeated along each axis, as often as the second operand says. */
public record Tile() implements Operator {

    static final Schema SCHEMA = Schema.plain(142, "Tile", Schema.Arity.of(2), new Tile());

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.needIndices(1);
        return List.of(
                ValueInfo.of(
                        operands.type(0),
                        operands.shape(0)
                                .map(
                                        shape ->
                                                tiled(
                                                        shape,
                                                        operands.numbers(1).orElse(List.of())))));
    }

    private static Shape tiled(Shape shape, List<Dim> repeats) {
        if (!repeats.isEmpty() && repeats.size() != shape.rank()) {
            throw new GraphException(
                    "A value of shape %s can't be repeated %s times", shape, repeats);
        }
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < shape.rank(); ++i) {
            dims.add(repeats.isEmpty() ? Dim.UNKNOWN : shape.get(i).times(repeats.get(i)));
        }
        return new Shape(dims);
    }
}
