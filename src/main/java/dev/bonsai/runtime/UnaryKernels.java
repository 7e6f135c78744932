package dev.bonsai.runtime;

import dev.bonsai.graph.operator.Unary;
import dev.bonsai.runtime.arithmetic.Arithmetic;
import dev.bonsai.runtime.arithmetic.Function;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Operators without attributes on each element of one operand. */
final class UnaryKernels {

    private static final double HARD_SWISH_SLOPE = 1d / 6;
    private static final double HALF = 0.5;

    private UnaryKernels() {}

    static List<Tensor> apply(Unary operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        if (operator == Unary.IDENTITY) {
            return List.of(x);
        }
        if (x.data() instanceof long[] longs) {
            return List.of(Tensor.of(x.type(), integers(operator, longs), x.dims()));
        }
        return List.of(
                x.data() instanceof float[] floats
                        ? Tensor.of(x.type(), floats(operator, floats, arguments), x.dims())
                        : map(x, function(operator)));
    }

    /** Applies a function to each element of a value of floats. */
    static Tensor map(Tensor x, DoubleUnaryOperator function) {
        Object out = Types.zerosLike(x.data(), x.size());
        if (out instanceof float[] y) {
            float[] values = x.floats();
            for (int i = 0; i < y.length; ++i) {
                y[i] = (float) function.applyAsDouble(values[i]);
            }
        } else {
            double[] y = (double[]) out;
            double[] values = x.doubles();
            for (int i = 0; i < y.length; ++i) {
                y[i] = function.applyAsDouble(values[i]);
            }
        }
        return Tensor.of(x.type(), out, x.dims());
    }

    private static float[] floats(Unary operator, float[] x, Arguments arguments) {
        Arithmetic arithmetic = arguments.arithmetic();
        float[] y = arguments.arrayInPlace(x.length);
        switch (operator) {
            case RELU -> FloatFunctions.relu(x, y);
            case SIGMOID -> arithmetic.apply(Function.SIGMOID, x, 0, y, 0, y.length);
            case TANH -> arithmetic.apply(Function.TANH, x, 0, y, 0, y.length);
            case ERF -> arithmetic.apply(Function.ERF, x, 0, y, 0, y.length);
            case EXP -> arithmetic.apply(Function.EXP, x, 0, y, 0, y.length);
            case SQRT -> FloatFunctions.sqrt(x, y);
            case NEG -> FloatFunctions.negative(x, y);
            case HARD_SWISH -> FloatFunctions.hardSwish(x, y);
            default -> {
                DoubleUnaryOperator function = function(operator);
                for (int i = 0; i < y.length; ++i) {
                    y[i] = (float) function.applyAsDouble(x[i]);
                }
            }
        }
        return y;
    }

    private static long[] integers(Unary operator, long[] x) {
        long[] y = new long[x.length];
        for (int i = 0; i < y.length; ++i) {
            y[i] =
                    switch (operator) {
                        case RELU -> Math.max(0, x[i]);
                        case NEG -> -x[i];
                        case ABS -> Math.abs(x[i]);
                        case SIGN -> Long.signum(x[i]);
                        case NOT -> 1 - x[i];
                        default -> throw new AssertionError(operator + " of integers");
                    };
        }
        return y;
    }

    private static DoubleUnaryOperator function(Unary operator) {
        return switch (operator) {
            case IDENTITY -> x -> x;
            case RELU -> x -> Math.max(0, x);
            case SIGMOID -> RealFunctions::sigmoid;
            case TANH -> Math::tanh;
            case EXP -> Math::exp;
            case LOG -> Math::log;
            case SQRT -> Math::sqrt;
            case ERF -> RealFunctions::erf;
            case HARD_SWISH -> x -> x * Math.max(0, Math.min(1, x * HARD_SWISH_SLOPE + HALF));
            case NEG -> x -> -x;
            case ABS -> Math::abs;
            case RECIPROCAL -> x -> 1 / x;
            case FLOOR -> Math::floor;
            case CEIL -> Math::ceil;
            case ROUND -> Math::rint;
            case SOFTPLUS -> x -> Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
            case SOFTSIGN -> x -> x / (1 + Math.abs(x));
            case SIGN -> Math::signum;
            case SIN -> Math::sin;
            case COS -> Math::cos;
            case NOT -> throw new AssertionError("NOT of floats");
        };
    }
}
