package dev.bonsai.runtime;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Variadic;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.runtime.arithmetic.Arithmetic;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Arithmetic on two operands that are broadcast to one shape. */
final class BinaryKernels {

    private static final FloatRows.Row SLOPE = FloatRows.of((x, slope) -> x < 0 ? x * slope : x);
    private static final FloatRows.Row LARGER = FloatRows.of(Math::max);
    private static final FloatRows.Row SMALLER = FloatRows.of(Math::min);

    private BinaryKernels() {}

    static List<Tensor> apply(Binary operator, Arguments arguments) {
        Tensor a = arguments.get(0);
        Tensor b = arguments.get(1);
        if (operator == Binary.POW && a.type() != b.type()) {
            return List.of(mixedPower(arguments, a, b));
        }
        boolean unsigned = a.type() == ElementType.UINT64;
        return List.of(
                switch (operator) {
                    case ADD -> sum(arguments, a, b);
                    case SUB ->
                            compute(
                                    arguments,
                                    a,
                                    b,
                                    FloatRows::subtract,
                                    (x, y) -> x - y,
                                    (x, y) -> x - y);
                    case MUL ->
                            compute(
                                    arguments,
                                    a,
                                    b,
                                    FloatRows::multiply,
                                    (x, y) -> x * y,
                                    (x, y) -> x * y);
                    case DIV ->
                            compute(
                                    arguments,
                                    a,
                                    b,
                                    FloatRows::divide,
                                    (x, y) -> x / y,
                                    (x, y) -> quotient(x, y, unsigned));
                    case POW ->
                            compute(
                                    arguments,
                                    a,
                                    b,
                                    FloatRows::power,
                                    Math::pow,
                                    BinaryKernels::power);
                });
    }

    private static Tensor sum(Arguments arguments, Tensor a, Tensor b) {
        Arithmetic arithmetic = arguments.arithmetic();
        FloatRows.Row row =
                (x, i, stepX, y, j, stepY, out, o, n) -> {
                    if (out == y && stepX == 1 && stepY == 1) {
                        arithmetic.addScaled(1f, x, i, out, o, n); // in place, and j is o
                    } else if (stepX == 1 && stepY == 1) {
                        System.arraycopy(x, i, out, o, n);
                        arithmetic.addScaled(1f, y, j, out, o, n);
                    } else {
                        FloatRows.add(x, i, stepX, y, j, stepY, out, o, n);
                    }
                };
        return compute(arguments, a, b, row, Double::sum, Long::sum);
    }

    private static long quotient(long a, long b, boolean unsigned) {
        if (b == 0) {
            throw new GraphException("An integer is divided by 0: mend the model or its input");
        }
        return unsigned ? Long.divideUnsigned(a, b) : a / b;
    }

    /** a to the power of b, by squaring. */
    private static long power(long a, long b) {
        if (b < 0) {
            return (long) Math.pow((double) a, (double) b);
        }
        long power = 1;
        long square = a;
        for (long left = b; left > 0; left >>= 1) {
            power *= (left & 1) == 1 ? square : 1;
            square *= square;
        }
        return power;
    }

    /** A power whose base and exponent have different types. */
    private static Tensor mixedPower(Arguments arguments, Tensor a, Tensor b) {
        Tensor wideA = Tensor.of(ElementType.FLOAT64, SourceKernels.doubles(a), a.dims());
        Tensor wideB = Tensor.of(ElementType.FLOAT64, SourceKernels.doubles(b), b.dims());
        Tensor power =
                compute(arguments, wideA, wideB, FloatRows::power, Math::pow, BinaryKernels::power);
        return SourceKernels.cast(power, a.type());
    }

    static List<Tensor> variadic(Variadic operator, Arguments arguments) {
        Tensor result = arguments.get(0);
        boolean unsigned = result.type() == ElementType.UINT64;
        for (int i = 1; i < arguments.count(); ++i) {
            Tensor next = arguments.get(i);
            result =
                    switch (operator) {
                        case MAX ->
                                compute(
                                        arguments,
                                        result,
                                        next,
                                        LARGER,
                                        Math::max,
                                        (x, y) -> less(x, y, unsigned) ? y : x);
                        case MIN ->
                                compute(
                                        arguments,
                                        result,
                                        next,
                                        SMALLER,
                                        Math::min,
                                        (x, y) -> less(x, y, unsigned) ? x : y);
                        case SUM -> sum(arguments, result, next);
                    };
        }
        return List.of(result);
    }

    private static boolean less(long a, long b, boolean unsigned) {
        return (unsigned ? Long.compareUnsigned(a, b) : Long.compare(a, b)) < 0;
    }

    static List<Tensor> pRelu(Arguments arguments) {
        return List.of(
                compute(
                        arguments,
                        arguments.get(0),
                        arguments.get(1),
                        SLOPE,
                        (x, slope) -> x < 0 ? x * slope : x,
                        (x, slope) -> x < 0 ? x * slope : x));
    }

    /** Of more than two operands, those that follow have yet to be read. */
    private static Object array(Arguments arguments, Tensor a, int size) {
        return arguments.count() == 2 && a.data() instanceof float[]
                ? arguments.arrayInPlace(size)
                : arguments.arrayLike(a.data(), size);
    }

    private static Tensor compute(
            Arguments arguments,
            Tensor a,
            Tensor b,
            FloatRows.Row floats,
            DoubleBinaryOperator doubles,
            LongBinaryOperator longs) {
        Broadcasting common = Broadcasting.of(a.dims(), b.dims());
        Object out = array(arguments, a, Sizes.elements(common.shape()));
        int n = common.length();
        int stepA = common.step(0);
        int stepB = common.step(1);
        if (out instanceof float[] result) {
            float[] x = a.floats();
            float[] y = b.floats();
            common.forEachRow(
                    (o, at) -> floats.apply(x, at[0], stepA, y, at[1], stepB, result, o, n));
        } else if (out instanceof double[] result) {
            double[] x = a.doubles();
            double[] y = b.doubles();
            common.forEachRow(
                    (o, at) -> {
                        for (int k = 0; k < n; ++k) {
                            result[o + k] =
                                    doubles.applyAsDouble(
                                            x[at[0] + k * stepA], y[at[1] + k * stepB]);
                        }
                    });
        } else {
            long[] result = (long[]) out;
            long[] x = a.longs();
            long[] y = b.longs();
            common.forEachRow(
                    (o, at) -> {
                        for (int k = 0; k < n; ++k) {
                            result[o + k] =
                                    longs.applyAsLong(x[at[0] + k * stepA], y[at[1] + k * stepB]);
                        }
                    });
        }
        return Tensor.of(a.type(), out, common.shape());
    }
}
