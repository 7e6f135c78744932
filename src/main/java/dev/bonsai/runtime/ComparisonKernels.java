package dev.bonsai.runtime;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.operator.Comparison;
import java.util.List;

/** Comparisons, logic, and the choice by a condition. */
final class ComparisonKernels {

    private ComparisonKernels() {}

    static List<Tensor> apply(Comparison operator, Arguments arguments) {
        Tensor a = arguments.get(0);
        Tensor b = arguments.get(1);
        Broadcasting common = Broadcasting.of(a.dims(), b.dims());
        long[] result = new long[Sizes.elements(common.shape())];
        int n = common.length();
        boolean unsigned = a.type() == ElementType.UINT64;
        common.forEachRow(
                (o, at) -> {
                    for (int k = 0; k < n; ++k) {
                        int i = at[0] + k * common.step(0);
                        int j = at[1] + k * common.step(1);
                        boolean holds =
                                a.data() instanceof long[] x
                                        ? holds(operator, x[i], b.longs()[j], unsigned)
                                        : holds(
                                                operator,
                                                Types.real(a.data(), i),
                                                Types.real(b.data(), j));
                        result[o + k] = holds ? 1 : 0;
                    }
                });
        return List.of(Tensor.of(ElementType.BOOLEAN, result, common.shape()));
    }

    private static boolean holds(Comparison operator, double a, double b) {
        return switch (operator) {
            case EQUAL -> a == b;
            case GREATER -> a > b;
            case GREATER_OR_EQUAL -> a >= b;
            case LESS -> a < b;
            case LESS_OR_EQUAL -> a <= b;
            case AND, OR, XOR -> throw new AssertionError(operator);
        };
    }

    private static boolean holds(Comparison operator, long a, long b, boolean unsigned) {
        int order = unsigned ? Long.compareUnsigned(a, b) : Long.compare(a, b);
        return switch (operator) {
            case EQUAL -> order == 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case AND -> (a & b) != 0;
            case OR -> (a | b) != 0;
            case XOR -> (a ^ b) != 0;
        };
    }

    static List<Tensor> where(Arguments arguments) {
        long[] condition = arguments.longs(0);
        Tensor yes = arguments.get(1);
        Tensor no = arguments.get(2);
        Broadcasting common = Broadcasting.of(arguments.shape(0), yes.dims(), no.dims());
        Object out = Types.zerosLike(yes.data(), Sizes.elements(common.shape()));
        int n = common.length();
        common.forEachRow(
                (o, at) -> {
                    for (int k = 0; k < n; ++k) {
                        boolean first = condition[at[0] + k * common.step(0)] != 0;
                        Object from = first ? yes.data() : no.data();
                        int which = first ? 1 : 2;
                        copy(from, at[which] + k * common.step(which), out, o + k);
                    }
                });
        return List.of(Tensor.of(yes.type(), out, common.shape()));
    }

    private static void copy(Object from, int i, Object to, int o) {
        if (from instanceof float[] floats) {
            ((float[]) to)[o] = floats[i];
        } else if (from instanceof long[] longs) {
            ((long[]) to)[o] = longs[i];
        } else {
            ((double[]) to)[o] = ((double[]) from)[i];
        }
    }
}
