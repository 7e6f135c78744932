package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.encoding.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Numbers of a state that may be many: they are handed over block by block, so that no copy of all
 * of them is ever in Java's memory.
 *
 * <p>One that is made {@link #of(NDArray)} an array of the engine is a view of it; one that was
 * read from a file reads from that file, as long as it is open.
 */
public interface StateArray {

    /** What is done with a part of the elements. */
    @FunctionalInterface
    interface BlockConsumer {

        /**
         * Takes the elements that follow those that it was given before.
         *
         * @param block whole elements in little-endian order, from position to limit; not to be
         *     used afterwards
         * @throws IOException if they can't be written
         */
        void accept(ByteBuffer block) throws IOException;
    }

    /**
     * Returns the type of the elements.
     *
     * @return the type
     */
    ElementType type();

    /**
     * Tells how many elements there are.
     *
     * @return the count
     */
    int size();

    /**
     * Hands over all elements in order.
     *
     * @param consumer takes them part by part
     * @throws IOException if they can't be read, or what the consumer throws
     */
    void forEachBlock(BlockConsumer consumer) throws IOException;

    /**
     * Returns a view of an array, which shows the elements that it has when they are asked for.
     *
     * @param array an array of any type that a file holds, which stays open
     * @return the view
     */
    static StateArray of(NDArray array) {
        return new EngineArray(array);
    }

    /**
     * Overwrites the elements of an array, outside any graph, in the memory that it has.
     *
     * @param target an array of the same type and number of elements
     * @throws IllegalArgumentException if it has others
     * @throws UncheckedIOException if the elements can't be read
     */
    default void copyTo(NDArray target) {
        new EngineArray(target).overwrite(this);
    }

    /**
     * Makes an array of the elements that lives in native memory alone.
     *
     * @param owner the owner of the array
     * @param shape the shape
     * @return the array, of 32-bit floats
     * @throws IllegalArgumentException if the elements are no 32-bit floats, or another number
     * @throws UncheckedIOException if they can't be read
     */
    default NDArray toFloats(NDManager owner, Shape shape) {
        checkFits(ElementType.FLOAT32, shape.size());
        return Tensors.written(
                owner,
                shape,
                memory -> {
                    try {
                        forEachBlock(block -> memory.put(block.asFloatBuffer()));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    /**
     * Checks the type and the number of the elements.
     *
     * @param wantedType the type expected
     * @param wantedSize the number expected
     * @throws IllegalArgumentException if they are others
     */
    default void checkFits(ElementType wantedType, long wantedSize) {
        if (type() != wantedType || size() != wantedSize) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Expected %d elements of %s, but the state has %d of %s: restore it"
                                    + " into the model and the technique that it was taken from",
                            wantedSize,
                            wantedType,
                            size(),
                            type()));
        }
    }
}
