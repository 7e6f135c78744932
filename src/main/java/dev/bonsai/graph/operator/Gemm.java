package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * alpha * a b + beta * c for matrices a and b and a third operand c, which is broadcast to the
 * product and may be left out.
 *
 * @param alpha the factor of the product
 * @param beta the factor of c
 * @param transA whether a is transposed first
 * @param transB whether b is transposed first
 */
public record Gemm(float alpha, float beta, boolean transA, boolean transB) implements Operator {

    static final Schema SCHEMA =
            new Schema(
                    90,
                    "Gemm",
                    new Schema.Arity(2, 3),
                    Schema.Arity.of(1),
                    List.of(
                            Schema.flag("transB", false),
                            Schema.flag("transA", false),
                            Schema.real("alpha", 1f),
                            Schema.real("beta", 1f)),
                    attributes ->
                            new Gemm(
                                    attributes.real("alpha"),
                                    attributes.real("beta"),
                                    attributes.flag("transA"),
                                    attributes.flag("transB")));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(transB, transA, alpha, beta);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.commonType(0, 1, 2);
        operands.needNumbers(0);
        Optional<Shape> a = operands.shape(0).map(shape -> matrix(shape, transA));
        Optional<Shape> b = operands.shape(1).map(shape -> matrix(shape, transB));
        if (a.isPresent() && b.isPresent() && a.get().get(1).differs(b.get().get(0))) {
            throw new GraphException(
                    "Matrices of the shapes %s and %s (as they are multiplied) do not fit",
                    a.get(), b.get());
        }
        Dim rows = a.map(shape -> shape.get(0)).orElse(Dim.UNKNOWN);
        Dim columns = b.map(shape -> shape.get(1)).orElse(Dim.UNKNOWN);
        Shape product = Shape.of(rows, columns);
        if (operands.has(2)) {
            operands.shape(2).ifPresent(c -> Broadcast.checkOnto(product, c));
        }
        return operands.result(product);
    }

    private static Shape matrix(Shape shape, boolean transposed) {
        if (shape.rank() != 2) {
            throw new GraphException("A matrix has rank 2, but the shape is %s", shape);
        }
        return transposed ? Shape.of(shape.get(1), shape.get(0)) : shape;
    }

    /** The shape rule of {@link Plain#MATMUL}. */
    static List<ValueInfo> matMul(Operands operands) {
        operands.commonType(0, 1);
        operands.needNumbers(0);
        Optional<Shape> b = operands.shape(1, 1);
        return operands.result(
                operands.shape(0, 1).flatMap(left -> b.map(right -> product(left, right))));
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
