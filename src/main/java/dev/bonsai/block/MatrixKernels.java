package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.graph.operator.Gemm;

/** Products of matrices. */
final class MatrixKernels {

    private MatrixKernels() {}

    static Kernel matMul() {
        return Kernel.of(in -> in.owned(0).matMul(in.array(1)));
    }

    static Kernel gemm(Gemm operator) {
        boolean plain = operator.alpha() == 1 && !operator.transA();
        return Kernel.of(
                in -> {
                    boolean bias =
                            in.has(2)
                                    && operator.beta() == 1
                                    && isBias(in.shape(2), columns(operator, in.shape(1)));
                    return plain && in.type(0).isFloating() && (bias || !in.has(2))
                            ? linear(operator, in)
                            : general(operator, in);
                });
    }

    private static long columns(Gemm operator, Shape b) {
        return b.get(operator.transB() ? 0 : 1);
    }

    private static boolean isBias(Shape shape, long columns) {
        return shape.dimension() == 1 && shape.get(0) == columns;
    }

    private static NDArray linear(Gemm operator, Arguments in) {
        NDArray x = in.owned(0);
        NDArray weight = operator.transB() ? in.array(1) : in.scratch(in.owned(1).transpose());
        return x.getNDArrayInternal().linear(x, weight, in.arrayOrNull(2)).singletonOrThrow();
    }

    private static NDArray general(Gemm operator, Arguments in) {
        NDArray a = operator.transA() ? in.scratch(in.owned(0).transpose()) : in.owned(0);
        NDArray b = operator.transB() ? in.scratch(in.owned(1).transpose()) : in.array(1);
        NDArray product = a.matMul(b);
        if (operator.alpha() != 1) {
            product = in.scratch(product).mul(in.scalar(operator.alpha(), a));
        }
        if (!in.has(2)) {
            return product;
        }
        NDArray c = in.array(2);
        if (operator.beta() != 1) {
            c = in.scratch(in.owned(2).mul(in.scalar(operator.beta(), c)));
        }
        return in.scratch(product).add(c);
    }
}
