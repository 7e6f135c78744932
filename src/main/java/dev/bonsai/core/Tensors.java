package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.function.Consumer;

/** What DJL's arrays need in more than one place, each with its trap avoided once. */
public final class Tensors {

    private Tensors() {}

    /**
     * Returns an alias of an array, outside any graph: the same memory, with an owner of its own.
     *
     * @param array the array
     * @param owner the owner of the alias, and so of what is computed with it as the first operand
     * @return the alias
     */
    public static NDArray alias(NDArray array, NDManager owner) {
        NDArray alias = array.stopGradient();
        alias.attach(owner);
        return alias;
    }

    /**
     * Returns aliases of arrays, outside any graph, with the names that the arrays have.
     *
     * @param arrays the arrays, such as the inputs of a pass
     * @param owner the owner of the aliases, and so of what is computed with them as first operands
     * @return the aliases in the same order
     */
    public static NDList aliases(NDList arrays, NDManager owner) {
        NDList aliases = new NDList(arrays.size());
        for (NDArray array : arrays) {
            NDArray alias = alias(array, owner);
            alias.setName(array.getName());
            aliases.add(alias);
        }
        return aliases;
    }

    /**
     * Returns a copy of the values of an array, outside any graph.
     *
     * @param array the array
     * @param owner the owner of the copy
     * @return the copy
     */
    public static NDArray copy(NDArray array, NDManager owner) {
        try (NDArray alias = array.stopGradient()) {
            NDArray copy = alias.duplicate();
            copy.attach(owner);
            return copy;
        }
    }

    /**
     * Makes an array of values that lives in native memory alone, so that it may be a constant in a
     * gradient's graph.
     *
     * <p>{@code NDManager.create(float[])}, and DJL's operators with a {@code Number}, wrap the
     * memory of a Java buffer. Autograd keeps the tensor when the array is closed, but nothing
     * keeps the buffer: the next garbage collection frees it, and gradients turn to garbage.
     *
     * @param owner the owner of the array
     * @param values the values in row-major order
     * @param shape the shape
     * @return the array, of 32-bit floats
     */
    public static NDArray constant(NDManager owner, float[] values, Shape shape) {
        return written(owner, shape, memory -> memory.put(values));
    }

    /**
     * Makes an array that lives in native memory alone, see {@link #constant(NDManager, float[],
     * Shape)}, and has its elements written.
     *
     * @param owner the owner of the array
     * @param shape the shape
     * @param writer writes all elements in row-major order
     * @return the array, of 32-bit floats
     */
    public static NDArray written(NDManager owner, Shape shape, Consumer<FloatBuffer> writer) {
        int size = Math.toIntExact(shape.size());
        if (owner.getDevice().isGpu() || size == 0) {
            float[] values = new float[size];
            writer.accept(FloatBuffer.wrap(values));
            return owner.create(values, shape); // is copied to the device
        }
        NDArray array = owner.create(shape, DataType.FLOAT32);
        writer.accept(array.toByteBuffer(true).asFloatBuffer());
        return array;
    }

    /**
     * Returns the elements of an array, to be read: those on the CPU where they are, others in a
     * copy.
     *
     * @param array an array of 32-bit floats
     * @return the elements in row-major order, not to be used once the array is closed
     */
    public static FloatBuffer floats(NDArray array) {
        return NativeFloats.of(array)
                .map(NativeFloats::view)
                .orElseGet(() -> FloatBuffer.wrap(array.toFloatArray()));
    }

    /**
     * Decodes a weight into native memory, without a copy in Java's.
     *
     * @param owner the owner of the array
     * @param weight the weight
     * @return the array, of 32-bit floats and the weight's shape, which may be a constant in a
     *     gradient's graph
     */
    public static NDArray decoded(NDManager owner, EncodedWeight weight) {
        return written(
                owner,
                shape(weight.shape()),
                memory ->
                        weight.forEachBlock(
                                (from, values, length) -> memory.put(from, values, 0, length)));
    }

    /**
     * Masks a weight for the length of an encoding: what lies in the memory of the engine is copied
     * there, and not to Java's heap.
     *
     * @param weight the weight
     * @param keep the row-major indices of the elements that keep their value
     * @param scratch the owner of the copy, without which the result can't be used
     * @return the masked weight, in the same encoding
     */
    public static EncodedWeight masked(EncodedWeight weight, BitSet keep, NDManager scratch) {
        if (!(weight instanceof DenseWeight dense) || !dense.values().isDirect()) {
            return weight.masked(keep);
        }
        FloatBuffer values = dense.values();
        NDArray copy =
                written(
                        scratch,
                        shape(weight.shape()),
                        target -> {
                            for (int i = 0; i < values.capacity(); ++i) {
                                target.put(i, keep.get(i) ? values.get(i) : 0f);
                            }
                        });
        return new DenseWeight(weight.shape(), floats(copy), dense.format());
    }

    /**
     * Returns whole numbers as codes, without a copy in Java's memory.
     *
     * @param numbers an array of 32-bit integers
     * @param low the lowest that can occur
     * @param high the highest that can occur
     * @return the codes in row-major order
     */
    public static Codes codes(NDArray numbers, int low, int high) {
        IntBuffer memory = numbers.toByteBuffer(!numbers.getDevice().isGpu()).asIntBuffer();
        return Codes.of(memory.remaining(), low, high, memory::get);
    }

    /**
     * Makes a scalar that may be a constant in a gradient's graph, see {@link #constant(NDManager,
     * float[], Shape)}.
     *
     * @param owner the owner of the scalar
     * @param value the value
     * @return the scalar, a 32-bit float
     */
    public static NDArray constant(NDManager owner, float value) {
        return owner.full(new Shape(), value, DataType.FLOAT32);
    }

    /**
     * Copies values into the storage of an array, also while gradients are recorded.
     *
     * <p>{@code NDArray.copyTo} and {@code set(Buffer)} won't do: they give the array new storage,
     * which aliases and the optimizer don't see.
     *
     * @param target the array to change
     * @param values the values, of its shape and type
     */
    public static void overwrite(NDArray target, NDArray values) {
        try (NDArray alias = target.stopGradient()) {
            if (alias.getShape().isScalar()) {
                try (NDArray one = alias.reshape(1);
                        NDArray value = values.reshape(1)) {
                    one.set(new NDIndex(":"), value);
                }
            } else {
                alias.set(new NDIndex("..."), values);
            }
        }
    }

    /**
     * Returns a shape as plain numbers.
     *
     * @param shape a shape of dimensions below 2^31
     * @return its dimensions, -1 for a free one
     */
    public static int[] dimensions(Shape shape) {
        return Arrays.stream(shape.getShape()).mapToInt(Math::toIntExact).toArray();
    }

    /**
     * Returns plain numbers as a shape.
     *
     * @param dimensions the dimensions, -1 for a free one
     * @return the shape
     */
    public static Shape shape(int[] dimensions) {
        return new Shape(Arrays.stream(dimensions).mapToLong(d -> d).toArray());
    }

    /**
     * Returns the type of an array's elements, as a file names it.
     *
     * @param array an array of numbers or truth values
     * @return the type
     * @throws IllegalArgumentException if a file can't hold elements of that type
     */
    public static ElementType elementType(NDArray array) {
        return Arrays.stream(ElementType.values())
                .filter(type -> type.name().equals(array.getDataType().name()))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        String.format(
                                                Locale.ROOT,
                                                "A file holds parameters of %s, but"
                                                        + " got %s: convert the parameter",
                                                Arrays.toString(ElementType.values()),
                                                array.getDataType())));
    }

    /**
     * Returns the bytes of an array, the lowest of each element first.
     *
     * @param array the array
     * @return its elements in row-major order
     */
    public static byte[] bytes(NDArray array) {
        if (array.getDataType() == DataType.BFLOAT16) { // the engine has no way to its bytes
            return upperHalves(array);
        }
        ByteBuffer buffer = array.toByteBuffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /**
     * Returns an array of some bytes.
     *
     * @param bytes the elements in row-major order, the lowest byte of each first
     * @param type their type
     * @param shape the shape of the array
     * @param owner the owner of the array
     * @return the array
     */
    public static NDArray create(byte[] bytes, DataType type, Shape shape, NDManager owner) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(bytes).rewind();
        return owner.create(buffer, shape, type);
    }

    /**
     * Makes an array of some bytes that lives in native memory alone, see {@link
     * #constant(NDManager, float[], Shape)}.
     *
     * @param owner the owner of the array
     * @param bytes the elements in row-major order, the lowest byte of each first
     * @param type their type
     * @param shape the shape of the array
     * @return the array
     */
    public static NDArray exact(NDManager owner, byte[] bytes, DataType type, Shape shape) {
        try (NDArray wrapped = create(bytes, type, shape, owner)) {
            return wrapped.duplicate();
        }
    }

    /**
     * Returns how far an output lies from the one that is expected.
     *
     * @param expected the one that is expected
     * @param actual the other
     * @return the largest difference of two elements, as a part of the largest finite expected
     *     element; 0 where none differ, and NaN where the shapes do. NaN and infinities equal
     *     themselves
     */
    public static double difference(NDArray expected, NDArray actual) {
        if (!expected.getShape().equals(actual.getShape())) {
            return Double.NaN;
        }
        double[] one = doubles(expected);
        double[] other = doubles(actual);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < one.length; ++i) {
            if (!Double.isInfinite(one[i])) { // beside it any difference would be nothing
                largest = Math.max(largest, Math.abs(one[i]));
            }
            if (Double.compare(one[i], other[i]) != 0) {
                difference = Math.max(difference, Math.abs(one[i] - other[i]));
            }
        }
        return difference == 0 ? 0 : difference / largest;
    }

    /**
     * Returns the elements of an array of any type as 64-bit floats.
     *
     * @param array the array
     * @return its elements in row-major order
     */
    public static double[] doubles(NDArray array) {
        try (NDArray wide = array.toType(DataType.FLOAT64, true)) {
            return wide.toDoubleArray();
        }
    }

    private static byte[] upperHalves(NDArray array) {
        try (NDArray floats = array.toType(DataType.FLOAT32, false)) {
            float[] values = floats.toFloatArray();
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Short.BYTES);
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            for (float value : values) {
                bytes.putShort((short) (Float.floatToRawIntBits(value) >>> Short.SIZE));
            }
            return bytes.array();
        }
    }
}
