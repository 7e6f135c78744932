package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The operand with axes of size 1 more, which the second operand names as they are then. */
public record Unsqueeze() implements Operator {

    static final Schema SCHEMA =
            Schema.plain(104, "Unsqueeze", Schema.Arity.of(2), new Unsqueeze());

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        ValueInfo operand = operands.get(0);
        operands.needIndices(1);
        Optional<Shape> shape =
                operand.shape()
                        .flatMap(
                                known -> operands.integers(1).map(axes -> unsqueezed(known, axes)));
        boolean list = shape.isPresent() && shape.get().rank() <= 1;
        if (operand.numbers().isPresent() && list) {
            return List.of(ValueInfo.numbers(operand.type(), shape.get(), operand.numbers().get()));
        }
        return List.of(ValueInfo.of(operand.type(), shape));
    }

    private static Shape unsqueezed(Shape shape, List<Long> axes) {
        int rank = shape.rank() + axes.size();
        TreeSet<Long> places = new TreeSet<>();
        for (long axis : axes) {
            long front = axis < 0 ? axis + rank : axis;
            if (front < 0 || front >= rank || !places.add(front)) {
                throw new GraphException("The axes %s can't be added to the shape %s", axes, shape);
            }
        }
        List<Dim> dims = new ArrayList<>(shape.dims());
        places.forEach(place -> dims.add(place.intValue(), Dim.of(1)));
        return new Shape(dims);
    }
}
