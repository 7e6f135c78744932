package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.NamedValue;
import dev.bonsai.core.NativeFloats;
import dev.bonsai.core.Tensors;
import java.util.Optional;

/** So many root mean squares of the elements that are not pruned, to either side of zero. */
record RootMeanSquare(float reach) implements RangeEstimator {

    RootMeanSquare {
        if (!(reach > 0 && reach < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "The reach is finite and greater than 0, but got "
                            + reach
                            + ": use 7f for 4 bits whose steps are as wide as the values are"
                            + " large");
        }
    }

    @Override
    public String toString() {
        return NamedValue.call("rootMeanSquare", reach);
    }

    @Override
    public Range estimate(NDArray groups, AffineQuantizer quantizer, Mode mode) {
        float[] bounds = bounds(groups);
        NDArray high =
                Tensors.constant(groups.getManager(), bounds, new Shape(bounds.length, 1))
                        .toType(groups.getDataType(), false);
        return new Range(high.neg(), high);
    }

    private float[] bounds(NDArray groups) {
        int rows = Math.toIntExact(groups.getShape().get(0));
        int rowLength = Math.toIntExact(groups.getShape().get(1));
        SquareSums sums = new SquareSums(rows, rowLength);
        Optional<NativeFloats> memory = NativeFloats.of(groups);
        if (memory.isPresent()) {
            memory.get().read(Math.max(1, rowLength), sums::add);
        } else {
            float[] values = groups.toType(DataType.FLOAT32, false).toFloatArray();
            sums.add(0, values, values.length);
        }
        return bounds(sums);
    }

    /** How far the grid of each row reaches. */
    float[] bounds(SquareSums sums) {
        float[] bounds = sums.roots();
        for (int row = 0; row < bounds.length; ++row) {
            bounds[row] *= reach;
        }
        return bounds;
    }
}
