package dev.bonsai.runtime;

import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.runtime.arithmetic.Arithmetic;
import dev.bonsai.runtime.arithmetic.Matrix;
import dev.bonsai.runtime.arithmetic.PackedMatrix;
import dev.bonsai.runtime.arithmetic.Write;
import java.util.Arrays;
import java.util.List;

/** Products of matrices. */
final class ProductKernels {

    private ProductKernels() {}

    static List<Tensor> gemm(Gemm operator, Arguments arguments) {
        Tensor a = matrix(arguments.get(0), operator.transA());
        int m = a.dims()[0];
        int k = a.dims()[1];
        int n = arguments.shape(1)[operator.transB() ? 0 : 1];
        Object out = arguments.arrayLike(a.data(), m * n);
        if (a.data() instanceof float[] floats) {
            Matrix left = Matrix.of(floats, m, k);
            Matrix product = Matrix.of((float[]) out, m, n);
            PackedMatrix right = right(arguments, operator.transB());
            arguments.arithmetic().multiply(left, right, product, Write.REPLACE);
        } else {
            Tensor b = matrix(arguments.get(1), operator.transB());
            Products.add(a.data(), 0, b.data(), 0, out, 0, m, k, n);
        }
        scale(out, operator.alpha());
        if (arguments.has(2)) {
            addBias(out, new int[] {m, n}, arguments.get(2), operator.beta());
        }
        return List.of(Tensor.of(a.type(), out, new int[] {m, n}));
    }

    /** The matrix on the right, which is packed once where it is the same in every run. */
    private static PackedMatrix right(Arguments arguments, boolean transposed) {
        Arithmetic arithmetic = arguments.arithmetic();
        return arguments.prepared(
                1,
                PackedMatrix.class,
                b -> {
                    int columns = b.dims()[b.rank() - 1];
                    int rows = columns == 0 ? b.dims()[b.rank() - 2] : b.size() / columns;
                    Matrix matrix = Matrix.of(b.floats(), rows, columns);
                    return transposed ? arithmetic.packTransposed(matrix) : arithmetic.pack(matrix);
                });
    }

    private static void addBias(Object out, int[] shape, Tensor bias, float factor) {
        Broadcasting common = Broadcasting.of(shape, bias.dims());
        int step = common.step(1);
        int n = common.length();
        common.forEachRow((o, at) -> addRow(out, o, bias.data(), at[1], step, n, factor));
    }

    private static Tensor matrix(Tensor x, boolean transposed) {
        if (!transposed) {
            return x;
        }
        int rows = x.dims()[0];
        int columns = x.dims()[1];
        Object turned = Products.transposed(x.data(), rows, columns);
        return Tensor.of(x.type(), turned, new int[] {columns, rows});
    }

    private static void scale(Object out, float factor) {
        if (factor == 1f) {
            return;
        }
        if (out instanceof float[] floats) {
            for (int i = 0; i < floats.length; ++i) {
                floats[i] *= factor;
            }
        } else if (out instanceof double[] doubles) {
            for (int i = 0; i < doubles.length; ++i) {
                doubles[i] *= factor;
            }
        } else {
            long[] longs = (long[]) out;
            for (int i = 0; i < longs.length; ++i) {
                longs[i] = (long) (longs[i] * (double) factor);
            }
        }
    }

    private static void addRow(Object out, int o, Object c, int i, int step, int n, float factor) {
        if (out instanceof float[] floats) {
            float[] from = (float[]) c;
            for (int k = 0; k < n; ++k) {
                floats[o + k] += factor * from[i + k * step];
            }
        } else if (out instanceof double[] doubles) {
            double[] from = (double[]) c;
            for (int k = 0; k < n; ++k) {
                doubles[o + k] += factor * from[i + k * step];
            }
        } else {
            long[] longs = (long[]) out;
            long[] from = (long[]) c;
            for (int k = 0; k < n; ++k) {
                longs[o + k] += (long) (factor * (double) from[i + k * step]);
            }
        }
    }

    static List<Tensor> matMul(Arguments arguments) {
        Tensor a = arguments.get(0);
        Tensor b = arguments.get(1);
        int[] left = a.rank() == 1 ? new int[] {1, a.size()} : a.dims();
        int[] right = b.rank() == 1 ? new int[] {b.size(), 1} : b.dims();
        int k = left[left.length - 1];
        if (k != right[right.length - 2]) {
            throw new GraphException(a + " and " + b + " can't be multiplied");
        }
        Broadcasting common = Broadcasting.of(batches(left), batches(right));
        int[] batch = common.shape();
        boolean folded = Sizes.elements(batches(right)) == 1; // one matrix on the right for all
        int rows = left[left.length - 2];
        int m = rows * Sizes.elements(batches(left));
        int n = right[right.length - 1];
        int[] shape = Arrays.copyOf(batch, batch.length + 2);
        shape[batch.length] = rows;
        shape[batch.length + 1] = n;
        Object out = arguments.arrayLike(a.data(), Sizes.elements(shape));
        if (folded && out instanceof float[] product) {
            arguments
                    .arithmetic()
                    .multiply(
                            Matrix.of(a.floats(), m, k),
                            right(arguments, b.rank() == 1),
                            Matrix.of(product, m, n),
                            Write.REPLACE);
        } else {
            common.forEachRow(
                    (o, at) -> {
                        for (int i = 0; i < common.length(); ++i) {
                            int first = (at[0] + i * common.step(0)) * rows * k;
                            int second = (at[1] + i * common.step(1)) * k * n;
                            int to = (o + i) * rows * n;
                            multiply(arguments, first, second, out, to, rows, k, n);
                        }
                    });
        }
        return List.of(Tensor.of(a.type(), out, withoutVectors(shape, a, b)));
    }

    private static void multiply(
            Arguments arguments, int i, int j, Object out, int o, int m, int k, int n) {
        if (out instanceof float[] product) {
            Matrix left = Matrix.of(arguments.floats(0), i, m, k);
            Matrix right = Matrix.of(arguments.floats(1), j, k, n);
            Matrix result = Matrix.of(product, o, m, n);
            arguments.arithmetic().multiply(left, right, result, Write.REPLACE);
        } else {
            Object a = arguments.get(0).data();
            Products.add(a, i, arguments.get(1).data(), j, out, o, m, k, n);
        }
    }

    private static int[] batches(int[] shape) {
        return Arrays.copyOf(shape, shape.length - 2);
    }

    /** A vector has no axis of rows, or none of columns. */
    private static int[] withoutVectors(int[] shape, Tensor a, Tensor b) {
        int[] result = shape;
        int rank = shape.length;
        if (a.rank() == 1) {
            result = Arrays.copyOf(result, rank - 1);
            result[rank - 2] = shape[rank - 1];
        }
        return b.rank() == 1 ? Arrays.copyOf(result, result.length - 1) : result;
    }
}
