package dev.bonsai.runtime;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.operator.ShapeOf;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.GraphException;
import java.util.Arrays;
import java.util.List;

/** Values of other types, and values that are made of shapes and numbers. */
final class SourceKernels {

    private SourceKernels() {}

    static List<Tensor> cast(Cast operator, Arguments arguments) {
        return List.of(cast(arguments.get(0), operator.to()));
    }

    static Tensor cast(Tensor x, ElementType to) {
        if (x.type() == to) {
            return x;
        }
        if (to == ElementType.FLOAT64) {
            return Tensor.of(to, doubles(x), x.dims());
        }
        if (Constants.isFloat(to)) {
            float[] floats = x.data() instanceof float[] own ? own.clone() : floats(x);
            return Tensor.of(to, floats, x.dims());
        }
        return Tensor.of(to, longs(x, to), x.dims());
    }

    static double[] doubles(Tensor x) {
        double[] values = new double[x.size()];
        boolean unsigned = x.type() == ElementType.UINT64;
        for (int i = 0; i < values.length; ++i) {
            values[i] = Types.real(x.data(), i);
            values[i] += unsigned && values[i] < 0 ? 0x1p64 : 0;
        }
        return values;
    }

    private static float[] floats(Tensor x) {
        float[] values = new float[x.size()];
        if (x.data() instanceof long[] longs && x.type() != ElementType.UINT64) {
            for (int i = 0; i < values.length; ++i) {
                values[i] = longs[i]; // not by way of a double, which would round twice
            }
            return values;
        }
        double[] wide = doubles(x);
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) wide[i];
        }
        return values;
    }

    /** Floats are rounded towards 0; a boolean is true where a number is not 0. */
    private static long[] longs(Tensor x, ElementType to) {
        if (x.data() instanceof long[] longs) {
            return longs.clone();
        }
        long[] values = new long[x.size()];
        for (int i = 0; i < values.length; ++i) {
            double real = Types.real(x.data(), i);
            boolean large = to == ElementType.UINT64 && real >= 0x1p63;
            values[i] =
                    to == ElementType.BOOLEAN
                            ? real == 0 ? 0 : 1
                            : large ? (long) (real - 0x1p63) ^ Long.MIN_VALUE : (long) real;
        }
        return values;
    }

    static List<Tensor> shape(ShapeOf operator, Arguments arguments) {
        int[] shape = arguments.shape(0);
        long[] told = operator.axes(shape.length).stream().mapToLong(axis -> shape[axis]).toArray();
        return List.of(Tensor.of(told, told.length));
    }

    static List<Tensor> constantOfShape(ConstantOfShape operator, Arguments arguments) {
        int[] shape = arguments.get(0).ints();
        Object data = Types.zeros(operator.type(), Sizes.elements(shape));
        if (data instanceof float[] floats) {
            Arrays.fill(floats, operator.value());
        } else if (data instanceof double[] doubles) {
            Arrays.fill(doubles, operator.value());
        } else {
            Arrays.fill((long[]) data, (long) operator.value());
        }
        return List.of(Tensor.of(operator.type(), data, shape));
    }

    static List<Tensor> range(Arguments arguments) {
        Tensor start = arguments.get(0);
        if (start.data() instanceof long[] first) {
            return List.of(range(start.type(), first[0], arguments.longs(1), arguments.longs(2)));
        }
        double from = Types.real(start.data(), 0);
        double step = Types.real(arguments.get(2).data(), 0);
        int count = count((Types.real(arguments.get(1).data(), 0) - from) / step);
        Object data = Types.zeros(start.type(), count);
        for (int i = 0; i < count; ++i) {
            if (data instanceof float[] floats) {
                floats[i] = (float) (from + i * step);
            } else {
                ((double[]) data)[i] = from + i * step;
            }
        }
        return List.of(Tensor.of(start.type(), data, new int[] {count}));
    }

    private static Tensor range(ElementType type, long start, long[] limit, long[] step) {
        if (step[0] == 0) {
            throw new GraphException("A step of Range is not 0");
        }
        int count = count((double) -Math.floorDiv(start - limit[0], step[0]));
        long[] data = new long[count];
        for (int i = 0; i < count; ++i) {
            data[i] = start + i * step[0];
        }
        return Tensor.of(type, data, count);
    }

    private static int count(double steps) {
        double count = Math.max(0, Math.ceil(steps));
        if (!(count <= Integer.MAX_VALUE)) {
            throw new GraphException("Range has at most 2^31 - 1 numbers, but got %s", count);
        }
        return (int) count;
    }
}
