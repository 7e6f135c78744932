package dev.bonsai.block;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Comparison;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Variadic;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Arithmetic of few integers. */
final class HostArithmetic {

    private HostArithmetic() {}

    /** What is of a type whose numbers fit into 64 bits with a sign. */
    private static boolean isSigned(Numbers... x) {
        return Arrays.stream(x).allMatch(n -> n.type() != ElementType.UINT64);
    }

    private static boolean isSmall(Numbers... x) {
        return shape(x).size() <= Numbers.MOST && isSigned(x);
    }

    static HostKernel binary(Binary operator) {
        return switch (operator) {
            case ADD -> elements((a, b) -> a + b);
            case SUB -> elements((a, b) -> a - b);
            case MUL -> elements((a, b) -> a * b);
            case DIV ->
                    HostKernel.where(
                            x -> isSmall(x) && Arrays.stream(x[1].values()).allMatch(b -> b != 0),
                            x -> zip(x[0].type(), (a, b) -> a / b, x[0], x[1]));
            case POW -> null;
        };
    }

    static HostKernel comparison(Comparison operator) {
        return switch (operator) {
            case EQUAL -> test((a, b) -> a == b ? 1 : 0);
            case GREATER -> test((a, b) -> a > b ? 1 : 0);
            case GREATER_OR_EQUAL -> test((a, b) -> a >= b ? 1 : 0);
            case LESS -> test((a, b) -> a < b ? 1 : 0);
            case LESS_OR_EQUAL -> test((a, b) -> a <= b ? 1 : 0);
            case AND -> test((a, b) -> a & b);
            case OR -> test((a, b) -> a | b);
            case XOR -> test((a, b) -> a ^ b);
        };
    }

    static HostKernel variadic(Variadic operator) {
        LongBinaryOperator function =
                switch (operator) {
                    case MAX -> Math::max;
                    case MIN -> Math::min;
                    case SUM -> Long::sum;
                };
        return HostKernel.where(
                HostArithmetic::isSmall,
                x -> {
                    Numbers result = x[0];
                    for (Numbers next : Arrays.asList(x).subList(1, x.length)) {
                        result = zip(x[0].type(), function, result, next);
                    }
                    return result;
                });
    }

    static HostKernel where() {
        return HostKernel.where(
                x -> shape(x).size() <= Numbers.MOST,
                x -> {
                    Shape shape = shape(x);
                    long[] condition = broadcast(x[0], shape).values();
                    long[] a = broadcast(x[1], shape).values();
                    long[] b = broadcast(x[2], shape).values();
                    long[] values = new long[condition.length];
                    Arrays.setAll(values, i -> condition[i] == 0 ? b[i] : a[i]);
                    return new Numbers(x[1].type(), shape, values);
                });
    }

    /** Reductions of a list to one number. */
    static HostKernel reduce(Reduce operator) {
        LongBinaryOperator function =
                switch (operator.kind()) {
                    case SUM -> Long::sum;
                    case PROD -> (a, b) -> a * b;
                    case MAX -> Math::max;
                    case MIN -> Math::min;
                    case MEAN, SUM_SQUARE, L1, L2 -> null;
                };
        if (function == null || operator.noAxesIsIdentity()) {
            return null;
        }
        return HostKernel.where(
                x -> x[0].rank() == 1 && x[0].size() > 0 && isSigned(x),
                x -> {
                    long value = Arrays.stream(x[0].values()).reduce(function).orElseThrow();
                    Shape shape = operator.keepDims() ? new Shape(1) : new Shape();
                    long narrow = Numbers.narrowed(x[0].type(), value);
                    return new Numbers(x[0].type(), shape, new long[] {narrow});
                });
    }

    private static HostKernel elements(LongBinaryOperator function) {
        return HostKernel.where(
                HostArithmetic::isSmall, x -> zip(x[0].type(), function, x[0], x[1]));
    }

    private static HostKernel test(LongBinaryOperator function) {
        return HostKernel.where(
                HostArithmetic::isSmall, x -> zip(ElementType.BOOLEAN, function, x[0], x[1]));
    }

    static Numbers map(Numbers x, LongUnaryOperator function) {
        long[] values =
                Arrays.stream(x.values())
                        .map(v -> Numbers.narrowed(x.type(), function.applyAsLong(v)))
                        .toArray();
        return new Numbers(x.type(), x.shape(), values);
    }

    private static Numbers zip(ElementType type, LongBinaryOperator function, Numbers... x) {
        Shape shape = shape(x);
        long[] a = broadcast(x[0], shape).values();
        long[] b = broadcast(x[1], shape).values();
        long[] values = new long[a.length];
        Arrays.setAll(values, i -> Numbers.narrowed(type, function.applyAsLong(a[i], b[i])));
        return new Numbers(type, shape, values);
    }

    private static Shape shape(Numbers... x) {
        Shape shape = x[0].shape();
        for (Numbers next : x) {
            shape = Types.broadcast(shape, next.shape());
        }
        return shape;
    }

    /** Returns the numbers repeated to a shape. */
    static Numbers broadcast(Numbers x, Shape shape) {
        if (x.shape().equals(shape)) {
            return x;
        }
        long[] values = new long[(int) shape.size()];
        Arrays.setAll(values, i -> x.values()[source(x.shape(), shape, i)]);
        return new Numbers(x.type(), shape, values);
    }

    private static int source(Shape from, Shape to, int index) {
        int rest = index;
        int place = 0;
        int stride = 1;
        for (int i = to.dimension() - 1; i >= 0; --i) {
            int at = (int) (rest % to.get(i));
            rest /= (int) to.get(i);
            int axis = i - to.dimension() + from.dimension();
            if (axis >= 0) {
                place += from.get(axis) == 1 ? 0 : at * stride;
                stride *= (int) from.get(axis);
            }
        }
        return place;
    }
}
