package dev.bonsai.runtime;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.operator.Gelu;
import dev.bonsai.graph.operator.ParametricActivation;
import dev.bonsai.runtime.arithmetic.Function;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Activations with attributes, on each element of one operand. */
final class ActivationKernels {

    private ActivationKernels() {}

    static List<Tensor> apply(ParametricActivation operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        ParametricActivation.Kind kind = operator.kind();
        boolean linear =
                kind == ParametricActivation.Kind.LEAKY_RELU
                        || kind == ParametricActivation.Kind.HARD_SIGMOID;
        if (!linear || !(x.data() instanceof float[] floats)) {
            return List.of(UnaryKernels.map(x, function(kind, operator.alpha(), operator.beta())));
        }
        float[] y = arguments.array(floats.length);
        if (kind == ParametricActivation.Kind.LEAKY_RELU) {
            FloatFunctions.leakyRelu(floats, operator.alpha(), y);
        } else {
            FloatFunctions.hardSigmoid(floats, operator.alpha(), operator.beta(), y);
        }
        return List.of(Tensor.of(x.type(), y, x.dims()));
    }

    private static DoubleUnaryOperator function(
            ParametricActivation.Kind kind, float alpha, float beta) {
        return switch (kind) {
            case LEAKY_RELU -> x -> x < 0 ? alpha * x : x;
            case ELU -> x -> x < 0 ? alpha * Math.expm1(x) : x;
            case SELU -> {
                double below = (double) beta * alpha;
                yield x -> x > 0 ? beta * x : below * Math.expm1(x);
            }
            case HARD_SIGMOID -> x -> Math.max(0, Math.min(1, alpha * x + beta));
        };
    }

    static List<Tensor> gelu(Gelu operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        boolean exact = operator.approximation() == Gelu.Approximation.NONE;
        if (x.data() instanceof float[] floats) {
            float[] y =
                    exact ? arguments.arrayInPlace(floats.length) : arguments.array(floats.length);
            if (exact) {
                arguments.arithmetic().apply(Function.GELU, floats, 0, y, 0, y.length);
            } else {
                FloatFunctions.geluTanh(arguments.arithmetic(), floats, y);
            }
            return List.of(Tensor.of(x.type(), y, x.dims()));
        }
        return List.of(UnaryKernels.map(x, exact ? RealFunctions::gelu : RealFunctions::geluTanh));
    }

    static List<Tensor> clip(Arguments arguments) {
        Tensor x = arguments.get(0);
        if (x.data() instanceof long[] longs) {
            return List.of(Tensor.of(x.type(), clip(longs, arguments), x.dims()));
        }
        if (x.data() instanceof float[] floats) {
            float low = arguments.scalar(1, Float.NEGATIVE_INFINITY);
            float high = arguments.scalar(2, Float.POSITIVE_INFINITY);
            float[] y = arguments.array(floats.length);
            FloatFunctions.clip(floats, low, high, y);
            return List.of(Tensor.of(x.type(), y, x.dims()));
        }
        double low = arguments.has(1) ? arguments.get(1).doubles()[0] : Double.NEGATIVE_INFINITY;
        double high = arguments.has(2) ? arguments.get(2).doubles()[0] : Double.POSITIVE_INFINITY;
        return List.of(UnaryKernels.map(x, v -> Math.min(high, Math.max(low, v))));
    }

    private static long[] clip(long[] x, Arguments arguments) {
        boolean unsigned = arguments.type(0) == ElementType.UINT64;
        long flip = unsigned ? Long.MIN_VALUE : 0; // turns the unsigned order into the signed one
        long low = arguments.has(1) ? arguments.longs(1)[0] ^ flip : Long.MIN_VALUE;
        long high = arguments.has(2) ? arguments.longs(2)[0] ^ flip : Long.MAX_VALUE;
        long[] y = new long[x.length];
        for (int i = 0; i < y.length; ++i) {
            y[i] = Math.min(high, Math.max(low, x[i] ^ flip)) ^ flip;
        }
        return y;
    }

    /** The operand itself, as this is not training, and a mask of ones. */
    static List<Tensor> dropout(Arguments arguments) {
        Tensor x = arguments.get(0);
        if (arguments.results() == 1) {
            return List.of(x);
        }
        long[] ones = new long[x.size()];
        Arrays.fill(ones, 1);
        return List.of(x, Tensor.of(ElementType.BOOLEAN, ones, x.dims()));
    }
}
