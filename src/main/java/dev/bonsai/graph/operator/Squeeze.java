package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The operand without some axes of size 1: those in the second operand, or else all. */
public record Squeeze() implements Operator {

    static final Schema SCHEMA =
            Schema.plain(103, "Squeeze", new Schema.Arity(1, 2), new Squeeze());

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        ValueInfo operand = operands.get(0);
        operands.needIndices(1);
        boolean told = !operands.has(1) || operands.integers(1).isPresent();
        Optional<Shape> shape =
                operand.shape()
                        .filter(known -> told && (operands.has(1) || known.isFixed()))
                        .map(known -> squeezed(known, operands.integers(1)));
        if (operand.numbers().isPresent() && shape.isPresent()) {
            return List.of(ValueInfo.numbers(operand.type(), shape.get(), operand.numbers().get()));
        }
        return List.of(ValueInfo.of(operand.type(), shape));
    }

    private static Shape squeezed(Shape shape, Optional<List<Long>> axes) {
        Set<Integer> gone =
                axes.map(list -> list.stream().map(shape::axis).collect(Collectors.toSet()))
                        .orElse(Set.of());
        List<Dim> kept = new ArrayList<>();
        for (int i = 0; i < shape.rank(); ++i) {
            Dim dim = shape.get(i);
            if (gone.contains(i) && dim.isFixed() && !dim.is(1)) {
                throw new GraphException("Axis %s of %s does not have size 1", i, shape);
            }
            if (!(axes.isEmpty() ? dim.is(1) : gone.contains(i))) {
                kept.add(dim);
            }
        }
        return new Shape(kept);
    }
}
