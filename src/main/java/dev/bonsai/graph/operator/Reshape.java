package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The same elements in another shape, which the second operand names: 0 keeps the dimension of the
 * operand, and one -1 takes what is left.
 *
 * @param allowZero whether 0 means a dimension of 0
 */
public record Reshape(boolean allowZero) implements Operator {

    static final Schema SCHEMA =
            new Schema(
                    100,
                    "Reshape",
                    Schema.Arity.of(2),
                    Schema.Arity.of(1),
                    List.of(Schema.flag("allowzero", false)),
                    attributes -> new Reshape(attributes.flag("allowzero")));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(allowZero);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        Optional<List<Dim>> wanted = operands.numbers(1);
        if (wanted.isEmpty()) {
            return operands.result(operands.namedShape(1));
        }
        operands.needIndices(1);
        return operands.sameNumbers(Optional.of(shape(operands.shape(0), wanted.get())));
    }

    private Shape shape(Optional<Shape> operand, List<Dim> wanted) {
        List<Dim> dims = new ArrayList<>();
        List<Dim> moved = new ArrayList<>(); // without the free ones that are kept
        List<Dim> source = new ArrayList<>(operand.map(Shape::dims).orElse(List.of(Dim.UNKNOWN)));
        int rest = -1;
        for (int i = 0; i < wanted.size(); ++i) {
            Dim dim = wanted.get(i);
            if (dim.is(0) && !allowZero) {
                dim = kept(operand, i);
                if (dim.isFixed() || operand.isEmpty()) {
                    moved.add(dim);
                } else {
                    source.set(i, Dim.of(1));
                }
            } else if (dim.is(-1)) {
                if (rest >= 0) {
                    throw new GraphException("A shape has at most one -1, but got %s", wanted);
                }
                rest = i;
                dim = Dim.of(1);
            } else {
                moved.add(dim);
            }
            dims.add(dim);
        }
        Dim given = new Shape(source).elements();
        Dim named = new Shape(moved).elements();
        if (rest >= 0) {
            if (given.isFixed() && named.isFixed() && named.size() == 0) {
                throw new GraphException("-1 can't be told beside a 0 in %s", wanted);
            }
            Optional<Dim> left = given.dividedBy(named);
            if (left.isEmpty() && given.isFixed() && named.isFixed()) {
                throw unfit(operand.orElseThrow(), wanted);
            }
            dims.set(rest, left.orElse(Dim.UNKNOWN));
        } else if (given.differs(named)) {
            throw unfit(operand.orElseThrow(), wanted);
        }
        return new Shape(dims);
    }

    private static GraphException unfit(Shape operand, List<Dim> wanted) {
        return new GraphException("A value of shape %s can't be reshaped to %s", operand, wanted);
    }

    private static Dim kept(Optional<Shape> operand, int axis) {
        if (operand.isEmpty()) {
            return Dim.UNKNOWN;
        }
        if (axis >= operand.get().rank()) {
            throw new GraphException(
                    "0 at place %s keeps a dimension that %s lacks", axis, operand.get());
        }
        return operand.get().get(axis);
    }
}
