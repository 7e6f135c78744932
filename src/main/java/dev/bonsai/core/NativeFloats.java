package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The 32-bit floats of an array on the CPU, in their own native memory, for plain Java to read and
 * write row by row: rows that fit the processor's cache are read from memory once and written once,
 * where a chain of operators reads and writes everything again for each of them.
 *
 * <p>It is a view: the array is to stay open while it is used. What is written is not seen by the
 * engine's gradients, as if an alias outside the graph had been written.
 */
public final class NativeFloats {

    /** Below this many elements a second thread costs more than it saves. */
    private static final int PARALLEL = 1 << 17;

    /** The elements that one thread works on at a time: 64 KB. */
    private static final int BLOCK = 1 << 14;

    private final FloatBuffer memory;

    private NativeFloats(FloatBuffer memory) {
        this.memory = memory;
    }

    /** What is done to a row, or to a part of one where it is long. */
    @FunctionalInterface
    public interface RowOperator {

        /**
         * Changes some elements of a row.
         *
         * @param row the number of the row
         * @param values the elements, to be changed; the array may be longer
         * @param length the number of elements
         */
        void apply(int row, float[] values, int length);
    }

    /** What is read from a row, or from a part of one where it is long. */
    @FunctionalInterface
    public interface RowFunction {

        /**
         * Computes a number.
         *
         * @param values elements of one row; the array may be longer
         * @param length the number of elements
         * @return the number
         */
        float apply(float[] values, int length);
    }

    /**
     * Gives access to the memory of an array.
     *
     * @param array the array
     * @return its memory, or empty if it can't be worked on in place: on another device, of another
     *     type, or not in row-major order
     */
    public static Optional<NativeFloats> of(NDArray array) {
        if (array.getDevice().isGpu() || array.getDataType() != DataType.FLOAT32) {
            return Optional.empty();
        }
        try (NDManager scratch = array.getManager().newSubManager()) {
            NDArray alias = Tensors.alias(array, scratch);
            FloatBuffer memory = alias.toByteBuffer(true).asFloatBuffer();
            // what is not in row-major order is copied, and the copy has the same owner
            boolean copied = scratch.getManagedArrays().size() > 1;
            return copied ? Optional.empty() : Optional.of(new NativeFloats(memory));
        }
    }

    /**
     * Returns the number of elements.
     *
     * @return the size
     */
    public int size() {
        return memory.capacity();
    }

    /**
     * Returns the elements, to be read.
     *
     * @return a view, which is not to be used once the array is closed
     */
    public FloatBuffer view() {
        return memory.asReadOnlyBuffer();
    }

    /**
     * Tells whether an operator is handed whole rows of a length.
     *
     * @param rowLength the elements in a row
     * @return whether a row is not cut into parts
     */
    public static boolean isWhole(int rowLength) {
        return rowLength <= BLOCK;
    }

    /**
     * Finds the greatest of what is computed from the parts of each row, on several threads where
     * the array is large.
     *
     * @param rowLength the elements in a row, a divisor of the size
     * @param function computes a number from some elements
     * @return the greatest number of each row; NaN where one is
     */
    public float[] greatest(int rowLength, RowFunction function) {
        int rows = size() == 0 ? 0 : size() / rowLength;
        int parts = (rowLength + BLOCK - 1) / BLOCK;
        float[] found = new float[rows * parts];
        forEachPart(
                rowLength,
                (row, part, at, values, length) -> {
                    memory.get(at, values, 0, length);
                    found[row * parts + part] = function.apply(values, length);
                });
        float[] greatest = new float[rows];
        for (int row = 0; row < rows; ++row) {
            greatest[row] = found[row * parts];
            for (int part = 1; part < parts; ++part) {
                greatest[row] = Math.max(greatest[row], found[row * parts + part]);
            }
        }
        return greatest;
    }

    /**
     * Changes this array row by row, on several threads where it is large.
     *
     * @param rowLength the elements in a row, a divisor of the size
     * @param operator changes some elements
     */
    public void update(int rowLength, RowOperator operator) {
        write(this, rowLength, operator);
    }

    /**
     * Writes what is made of each row of this array into another, which may be this one.
     *
     * @param target where the results go, of the same size
     * @param rowLength the elements in a row, a divisor of the size
     * @param operator changes some elements
     */
    public void write(NativeFloats target, int rowLength, RowOperator operator) {
        forEachPart(
                rowLength,
                (row, part, at, values, length) -> {
                    memory.get(at, values, 0, length);
                    operator.apply(row, values, length);
                    target.memory.put(at, values, 0, length);
                });
    }

    /** What is done to some elements, wherever they are. */
    @FunctionalInterface
    public interface BlockOperator {

        /**
         * Changes some elements.
         *
         * @param at the index of the first of them
         * @param values the elements, to be changed; the array may be longer
         * @param length the number of elements
         */
        void apply(int at, float[] values, int length);
    }

    /**
     * Changes this array block by block, on several threads where it is large.
     *
     * @param operator changes some elements
     */
    public void update(BlockOperator operator) {
        forEachPart(
                Math.max(1, size()),
                (row, part, at, values, length) -> {
                    memory.get(at, values, 0, length);
                    operator.apply(at, values, length);
                    memory.put(at, values, 0, length);
                });
    }

    /**
     * Reads this array row by row, on several threads where it is large: short rows whole, long
     * ones in parts, whose lengths but for the last are a power of two, at least 4096.
     *
     * @param rowLength the elements in a row, a divisor of the size
     * @param reader looks at some elements of a row; what it makes of them is not written
     */
    public void read(int rowLength, BlockOperator reader) {
        forEachPart(
                rowLength,
                (row, part, at, values, length) -> {
                    memory.get(at, values, 0, length);
                    reader.apply(at, values, length);
                });
    }

    /** A part of a row, from an element of the array on. */
    @FunctionalInterface
    private interface Part {
        void apply(int row, int part, int at, float[] values, int length);
    }

    private void forEachPart(int rowLength, Part action) {
        if (size() == 0) {
            return;
        }
        int rows = size() / rowLength;
        int parts = (rowLength + BLOCK - 1) / BLOCK;
        int together = Math.max(1, BLOCK / rowLength); // rows for one thread at a time
        int tasks = (rows + together - 1) / together * parts;
        IntConsumer block =
                task -> {
                    float[] values = new float[Math.min(rowLength, BLOCK)];
                    int part = task % parts;
                    int from = task / parts * together;
                    for (int row = from; row < Math.min(rows, from + together); ++row) {
                        int begin = part * BLOCK;
                        int length = Math.min(BLOCK, rowLength - begin);
                        action.apply(row, part, row * rowLength + begin, values, length);
                    }
                };
        if (size() >= PARALLEL) {
            IntStream.range(0, tasks).parallel().forEach(block);
        } else {
            for (int task = 0; task < tasks; ++task) {
                block.accept(task);
            }
        }
    }
}
