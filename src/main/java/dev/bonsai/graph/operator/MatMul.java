package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The product of matrices, which stand in the last two axes; those before are broadcast to one
 * another. A vector counts as a row on the left and as a column on the right.
 */
public record MatMul() implements Operator {

    static final Schema SCHEMA = Schema.plain(91, "MatMul", Schema.Arity.of(2), new MatMul());

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.commonType(0, 1);
        Elements.needNumbers(operands, 0);
        Optional<Shape> a = operands.shape(0, 1);
        Optional<Shape> b = operands.shape(1, 1);
        return List.of(
                ValueInfo.of(
                        operands.type(0),
                        a.isPresent() && b.isPresent()
                                ? Optional.of(product(a.get(), b.get()))
                                : Optional.empty()));
    }

    private static Shape product(Shape a, Shape b) {
        Dim inner = b.get(b.rank() == 1 ? 0 : -2);
        if (a.get(-1).differs(inner)) {
            throw new GraphException("Matrices of the shapes %s and %s can't be multiplied", a, b);
        }
        Shape batchA = new Shape(a.dims().subList(0, Math.max(0, a.rank() - 2)));
        Shape batchB = new Shape(b.dims().subList(0, Math.max(0, b.rank() - 2)));
        List<Dim> dims = new ArrayList<>(Broadcast.of(batchA, batchB).dims());
        if (a.rank() > 1) {
            dims.add(a.get(-2));
        }
        if (b.rank() > 1) {
            dims.add(b.get(-1));
        }
        return new Shape(dims);
    }
}
