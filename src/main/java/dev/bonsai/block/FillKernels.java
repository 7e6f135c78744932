package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Tensors;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.type.GraphException;
import java.util.Arrays;

/** Values that are made of a few numbers. */
final class FillKernels {

    private FillKernels() {}

    static Kernel constantOfShape(ConstantOfShape operator) {
        DataType type = Types.of(operator.type());
        return Kernel.of(in -> in.manager().full(new Shape(in.longs(0)), operator.value(), type));
    }

    static Kernel range() {
        return Kernel.of(in -> in.type(0).isFloating() ? floats(in) : integers(in));
    }

    private static NDArray floats(Arguments in) {
        double start = in.floats(0)[0];
        double step = in.floats(2)[0];
        int count = (int) Math.max(0, Math.ceil((in.floats(1)[0] - start) / step));
        float[] values = new float[count];
        for (int i = 0; i < count; ++i) {
            values[i] = (float) (start + i * step);
        }
        NDArray range = Tensors.constant(in.manager(), values, new Shape(count));
        DataType type = in.type(0);
        return type == DataType.FLOAT32 ? range : in.scratch(range).toType(type, false);
    }

    private static NDArray integers(Arguments in) {
        long[] values = range(in.longs(0)[0], in.longs(1)[0], in.longs(2)[0]);
        byte[] bytes = Numbers.list(values).bytes();
        NDArray range =
                Tensors.exact(in.manager(), bytes, DataType.INT64, new Shape(values.length));
        DataType type = in.type(0);
        return type == DataType.INT64 ? range : in.scratch(range).toType(type, false);
    }

    /** Returns the integers from a start up to a limit. */
    static long[] range(long start, long limit, long step) {
        if (step == 0) {
            throw new GraphException("The step of a range is not 0");
        }
        long[] values = new long[(int) Math.max(0, -Math.floorDiv(start - limit, step))];
        Arrays.setAll(values, i -> start + i * step);
        return values;
    }
}
