package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** The constants of a graph on one device, in native memory, made once. */
final class DeviceConstants implements AutoCloseable {

    private record Scalar(double value, DataType type) {}

    private final NDManager manager;
    private final Value[] values;
    private final ConcurrentHashMap<Scalar, NDArray> scalars = new ConcurrentHashMap<>();

    /**
     * @param manager the owner of the arrays, which is closed with this
     * @param constants the constants of the graph
     */
    DeviceConstants(NDManager manager, List<EncodedWeight> constants) {
        this.manager = manager;
        values =
                constants.stream()
                        .map(c -> Value.constant(array(manager, c), c))
                        .toArray(Value[]::new);
    }

    /** Returns the value of a weight or constant as an array in native memory. */
    static NDArray array(NDManager owner, EncodedWeight value) {
        return value instanceof ExactWeight exact
                ? Tensors.exact(
                        owner, exact.data(), Types.of(exact.type()), Tensors.shape(exact.shape()))
                : Tensors.decoded(owner, value);
    }

    Value value(int constant) {
        return values[constant];
    }

    /** Returns a number to compute with. */
    NDArray scalar(double value, DataType type) {
        return scalars.computeIfAbsent(
                new Scalar(value, type),
                key -> {
                    NDArray exact = manager.full(new Shape(), (float) value, DataType.FLOAT32);
                    return type == DataType.FLOAT32 ? exact : converted(exact, value, type);
                });
    }

    private static NDArray converted(NDArray rounded, double value, DataType type) {
        try (rounded) {
            if ((float) value == value) {
                return rounded.toType(type, false);
            }
            double rest = value - (float) value; // full takes floats only
            try (NDArray wide = rounded.toType(DataType.FLOAT64, false);
                    NDArray small =
                            wide.getManager().full(new Shape(), (float) rest, DataType.FLOAT64)) {
                wide.addi(small);
                return wide.toType(type, true);
            }
        }
    }

    /** Returns how many arrays there are. */
    int size() {
        return manager.getManagedArrays().size();
    }

    @Override
    public void close() {
        manager.close();
    }
}
