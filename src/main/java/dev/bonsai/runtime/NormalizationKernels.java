package dev.bonsai.runtime;

import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.LayerNormalization;
import dev.bonsai.graph.operator.Softmax;
import dev.bonsai.runtime.arithmetic.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Normalisations; what is computed of a row is computed in double precision. */
final class NormalizationKernels {

    private NormalizationKernels() {}

    static List<Tensor> batch(BatchNormalization operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        int channels = x.rank() == 1 ? 1 : x.dims()[1];
        int inner = x.rank() == 1 ? x.size() : Sizes.product(x.dims(), 2, x.rank());
        double[] factors = new double[channels];
        double[] shifts = new double[channels];
        for (int c = 0; c < channels; ++c) {
            double variance = Types.real(arguments.get(4).data(), c);
            factors[c] =
                    Types.real(arguments.get(1).data(), c)
                            / Math.sqrt(variance + operator.epsilon());
            shifts[c] =
                    Types.real(arguments.get(2).data(), c)
                            - Types.real(arguments.get(3).data(), c) * factors[c];
        }
        Object out = arguments.arrayLike(x.data(), x.size());
        int rows = inner == 0 ? 0 : x.size() / inner;
        for (int row = 0; row < rows; ++row) {
            int c = row % channels;
            affine(x.data(), row * inner, factors[c], shifts[c], inner, out);
        }
        return List.of(Tensor.of(x.type(), out, x.dims()));
    }

    /** Computes x * factor + shift for a row. */
    private static void affine(Object x, int at, double factor, double shift, int n, Object out) {
        if (out instanceof float[] floats) {
            affine((float[]) x, at, (float) factor, (float) shift, n, floats);
            return;
        }
        double[] from = (double[]) x;
        double[] to = (double[]) out;
        for (int k = at; k < at + n; ++k) {
            to[k] = from[k] * factor + shift;
        }
    }

    private static void affine(float[] x, int at, float factor, float shift, int n, float[] out) {
        for (int k = at; k < at + n; ++k) {
            out[k] = x[k] * factor + shift;
        }
    }

    static List<Tensor> layer(LayerNormalization operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        int axis = Sizes.axis(operator.axis(), x.rank());
        int n = Sizes.product(x.dims(), axis, x.rank());
        int rows = Sizes.product(x.dims(), 0, axis);
        if (x.data() instanceof float[] floats && isPlain(arguments, n)) {
            float[] y = arguments.array(floats.length);
            arguments
                    .arithmetic()
                    .normalize(
                            Matrix.of(floats, rows, n),
                            operator.epsilon(),
                            arguments.floats(1),
                            arguments.floats(2),
                            Matrix.of(y, rows, n));
            return List.of(Tensor.of(x.type(), y, x.dims()));
        }
        Object out = Types.zerosLike(x.data(), x.size());
        double[] means = new double[rows];
        double[] inverses = new double[rows];
        double[] row = new double[n];
        for (int r = 0; r < rows; ++r) {
            Rows.load(x.data(), r * n, 1, row);
            double mean = Rows.sum(row) / n;
            double squares = Rows.sumOfSquares(row, mean);
            means[r] = mean;
            inverses[r] = 1 / Math.sqrt(squares / n + operator.epsilon());
            affine(x.data(), r * n, inverses[r], -mean * inverses[r], n, out);
        }
        Tensor normal = Tensor.of(x.type(), out, x.dims());
        Arguments scaled = arguments.with(normal, arguments.get(1));
        Tensor result = BinaryKernels.apply(Binary.MUL, scaled).get(0);
        if (arguments.has(2)) {
            Arguments shifted = arguments.with(result, arguments.get(2));
            result = BinaryKernels.apply(Binary.ADD, shifted).get(0);
        }
        if (arguments.results() == 1) {
            return List.of(result);
        }
        int[] shape = x.dims().clone();
        Arrays.fill(shape, axis, shape.length, 1);
        return List.of(result, statistic(x, means, shape), statistic(x, inverses, shape));
    }

    /** Whether there is a scale and a shift per element of a row, and no statistic is asked for. */
    private static boolean isPlain(Arguments arguments, int n) {
        return arguments.results() == 1
                && arguments.has(2)
                && arguments.get(1).size() == n
                && arguments.get(2).size() == n;
    }

    private static Tensor statistic(Tensor x, double[] values, int[] shape) {
        Object data = Types.zerosLike(x.data(), values.length);
        Rows.store(values, data, 0, 1);
        return Tensor.of(x.type(), data, shape);
    }

    static List<Tensor> softmax(Softmax operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        if (operator.kind() == Softmax.Kind.LOG_SOFTMAX) {
            return List.of(alongAxis(x, operator.axis(), NormalizationKernels::logSoftmax));
        }
        if (x.data() instanceof float[] floats
                && Sizes.axis(operator.axis(), x.rank()) == x.rank() - 1) {
            int n = x.dims()[x.rank() - 1];
            int rows = n == 0 ? 0 : x.size() / n;
            float[] y = arguments.arrayInPlace(floats.length);
            arguments.arithmetic().softmax(Matrix.of(floats, rows, n), Matrix.of(y, rows, n));
            return List.of(Tensor.of(x.type(), y, x.dims()));
        }
        return List.of(alongAxis(x, operator.axis(), NormalizationKernels::softmax));
    }

    private static Tensor alongAxis(Tensor x, int along, Consumer<double[]> function) {
        int axis = Sizes.axis(along, x.rank());
        int n = x.dims()[axis];
        int inner = Sizes.product(x.dims(), axis + 1, x.rank());
        int outer = Sizes.product(x.dims(), 0, axis);
        Object out = Types.zerosLike(x.data(), x.size());
        double[] row = new double[n];
        for (int i = 0; i < outer; ++i) {
            for (int k = 0; k < inner; ++k) {
                int at = i * n * inner + k;
                Rows.load(x.data(), at, inner, row);
                function.accept(row);
                Rows.store(row, out, at, inner);
            }
        }
        return Tensor.of(x.type(), out, x.dims());
    }

    private static void softmax(double[] row) {
        double largest = Rows.largest(row);
        double sum = 0;
        for (int k = 0; k < row.length; ++k) {
            row[k] = Math.exp(row[k] - largest);
            sum += row[k];
        }
        double factor = 1 / sum;
        for (int k = 0; k < row.length; ++k) {
            row[k] *= factor;
        }
    }

    private static void logSoftmax(double[] row) {
        double largest = Rows.largest(row);
        double sum = 0;
        for (int k = 0; k < row.length; ++k) {
            sum += Math.exp(row[k] - largest);
        }
        double shift = largest + Math.log(sum);
        for (int k = 0; k < row.length; ++k) {
            row[k] -= shift;
        }
    }
}
