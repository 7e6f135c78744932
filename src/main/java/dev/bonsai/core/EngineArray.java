package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.encoding.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The elements of an array of the engine, where they are if Java can reach them. */
record EngineArray(NDArray array) implements StateArray {

    @Override
    public ElementType type() {
        return Tensors.elementType(array);
    }

    @Override
    public int size() {
        return Math.toIntExact(array.size());
    }

    @Override
    public void forEachBlock(BlockConsumer consumer) throws IOException {
        if (size() == 0) {
            return;
        }
        try (NDManager scratch = array.getManager().newSubManager()) {
            NDArray alias = Tensors.alias(array, scratch);
            Optional<ByteBuffer> memory = memory(alias, scratch);
            ByteBuffer block =
                    memory.isPresent() ? memory.get() : ByteBuffer.wrap(Tensors.bytes(alias));
            consumer.accept(block.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    /** Copies elements into this array. */
    void overwrite(StateArray source) {
        source.checkFits(type(), size());
        if (size() == 0) {
            return;
        }
        try (NDManager scratch = array.getManager().newSubManager()) {
            NDArray alias = Tensors.alias(array, scratch);
            Optional<ByteBuffer> memory = memory(alias, scratch);
            if (memory.isPresent()) {
                source.forEachBlock(memory.get()::put);
            } else {
                ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(size(), type().bytes()));
                source.forEachBlock(bytes::put);
                Tensors.overwrite(array, created(bytes.array(), scratch));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The engine makes no bfloat16 from bytes: it ends the process; a float holds each of them. */
    private NDArray created(byte[] bytes, NDManager scratch) {
        if (array.getDataType() != DataType.BFLOAT16) {
            return Tensors.exact(scratch, bytes, array.getDataType(), array.getShape());
        }
        ByteBuffer upper = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = Float.intBitsToFloat(upper.getShort() << Short.SIZE);
        }
        return Tensors.constant(scratch, values, array.getShape()).toType(DataType.BFLOAT16, false);
    }

    /** Returns the memory itself; empty if on another device, not in row-major order, or hidden. */
    private static Optional<ByteBuffer> memory(NDArray alias, NDManager scratch) {
        if (alias.getDevice().isGpu()
                || alias.getDataType() == DataType.BFLOAT16
                || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            return Optional.empty();
        }
        ByteBuffer memory = alias.toByteBuffer(true);
        // what is not in row-major order is copied, and the copy has the same owner
        boolean copied = scratch.getManagedArrays().size() > 1;
        return copied || !memory.isDirect() ? Optional.empty() : Optional.of(memory);
    }
}
