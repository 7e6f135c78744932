package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The operands one behind the other.
 *
 * @param axis the axis along which they are joined, counted from the end if it is negative
 */
public record Concat(int axis) implements Operator {

    static final Schema SCHEMA =
            new Schema(
                    105,
                    "Concat",
                    Schema.Arity.atLeast(1),
                    Schema.Arity.of(1),
                    List.of(Schema.integer("axis")),
                    attributes -> new Concat(attributes.integer("axis")));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(axis);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        int count = operands.count();
        operands.commonType(IntStream.range(0, count).toArray());
        List<Dim> numbers = new ArrayList<>();
        Optional<Shape> joined = operands.shape(0, 1);
        boolean known = true;
        for (int i = 0; i < count; ++i) {
            Optional<List<Dim>> own = operands.numbers(i);
            known &= own.isPresent();
            own.ifPresent(numbers::addAll);
            Optional<Shape> next = operands.shape(i, 1);
            joined =
                    i == 0 || joined.isEmpty() || next.isEmpty()
                            ? joined.filter(shape -> next.isPresent())
                            : Optional.of(join(joined.get(), next.get()));
        }
        Optional<List<Dim>> all = known ? Optional.of(numbers) : Optional.empty();
        return List.of(ValueInfo.of(operands.type(0), joined, all));
    }

    private Shape join(Shape a, Shape b) {
        if (a.rank() != b.rank()) {
            throw unfit(a, b);
        }
        int along = a.axis(axis);
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < a.rank(); ++i) {
            Dim left = a.get(i);
            Dim right = b.get(i);
            if (i == along) {
                dims.add(left.plus(right));
            } else if (left.differs(right)) {
                throw unfit(a, b);
            } else {
                dims.add(right.isFixed() || !left.isKnown() ? right : left);
            }
        }
        return new Shape(dims);
    }

    private GraphException unfit(Shape a, Shape b) {
        return new GraphException(
                "Values of the shapes %s and %s can't be joined along axis %s", a, b, axis);
    }
}
