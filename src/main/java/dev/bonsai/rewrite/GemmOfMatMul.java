package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A MatMul of matrices that nothing else uses, plus what can be broadcast to the product: Gemm. A
 * Transpose that only a Gemm uses becomes part of it.
 */
final class GemmOfMatMul implements Rule {

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        if (node.operator() instanceof Gemm gemm) {
            return transposed(node, gemm, draft);
        }
        if (node.operator() != Binary.ADD) {
            return Optional.empty();
        }
        String a = node.inputs().get(0);
        String b = node.inputs().get(1);
        return added(node, a, b, draft).or(() -> added(node, b, a, draft));
    }

    private static Optional<Replacement> added(
            Node node, String product, String addend, Draft draft) {
        return draft.producer(product, Plain.MATMUL)
                .filter(inner -> draft.uses(product) == 1 && fits(inner, addend, draft))
                .map(
                        inner ->
                                Replacement.by(
                                        Node.of(
                                                new Gemm(1f, 1f, false, false),
                                                node.output(),
                                                inner.inputs().get(0),
                                                inner.inputs().get(1),
                                                addend)));
    }

    private static boolean fits(Node inner, String addend, Draft draft) {
        Optional<Shape> c = draft.shape(addend);
        return isMatrix(inner.inputs().get(0), draft)
                && isMatrix(inner.inputs().get(1), draft)
                && c.isPresent()
                && isOnto(c.get(), draft.shape(inner.output()).orElseThrow());
    }

    private static boolean isMatrix(String value, Draft draft) {
        return draft.shape(value).filter(shape -> shape.rank() == 2).isPresent();
    }

    private static boolean isOnto(Shape shape, Shape product) {
        for (int i = 1; i <= Math.min(2, shape.rank()); ++i) {
            Dim dim = shape.get(-i);
            if (!dim.is(1) && !dim.same(product.get(-i))) {
                return false;
            }
        }
        return shape.rank() <= 2;
    }

    private static Optional<Replacement> transposed(Node node, Gemm gemm, Draft draft) {
        for (int i = 0; i < 2; ++i) {
            String operand = node.inputs().get(i);
            Optional<Node> inner =
                    draft.producer(operand)
                            .filter(n -> n.operator() instanceof Transpose)
                            .filter(n -> draft.uses(operand) == 1);
            if (inner.isPresent()) {
                List<String> operands = new ArrayList<>(node.inputs());
                operands.set(i, inner.get().inputs().get(0));
                Gemm other =
                        new Gemm(
                                gemm.alpha(),
                                gemm.beta(),
                                gemm.transA() != (i == 0),
                                gemm.transB() != (i == 1));
                return Optional.of(Replacement.by(new Node(other, operands, node.outputs())));
            }
        }
        return Optional.empty();
    }
}
