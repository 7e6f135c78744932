package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How long the file is that DJL writes of a block.
 *
 * <p>DJL takes several times the bytes of a parameter from Java's heap to write it, and ends the
 * process where these are not there. What would come near to that is added up instead.
 *
 * @param bytes the length; 0 for a block that DJL can't save
 * @param note says that it was added up
 */
record DenseLength(long bytes, Optional<String> note) {

    /** The copies of an array that are on the heap at a time, some of them while they grow. */
    private static final int COPIES = 8;

    static DenseLength of(Block root) {
        return of(root, Runtime.getRuntime().maxMemory());
    }

    /**
     * @param heap the most bytes that Java's heap may have
     */
    static DenseLength of(Block root, long heap) {
        long largest =
                root.getParameters().values().stream()
                        .filter(Parameter::isInitialized)
                        .mapToLong(DenseLength::arrayBytes)
                        .max()
                        .orElse(0);
        return COPIES * largest <= heap
                ? new DenseLength(written(root), Optional.empty())
                : new DenseLength(
                        addedUp(root),
                        Optional.of(
                                String.format(
                                        Locale.ROOT,
                                        "the size of the model before is that of its parameters,"
                                                + " without what DJL stores of its blocks: to write"
                                                + " it, DJL needs a heap of about %,d MB (-Xmx)",
                                        (COPIES * largest) >> 20)));
    }

    private static long written(Block root) {
        Counter counter = new Counter();
        try (DataOutputStream out = new DataOutputStream(counter)) {
            root.saveParameters(out);
        } catch (IOException | RuntimeException e) {
            return 0; // a block that DJL can't save has no file
        }
        return counter.bytes;
    }

    private static long addedUp(Block root) {
        long bytes = 0;
        for (Parameter parameter : root.getParameters().values()) {
            bytes += parameter.isInitialized() ? head(parameter) + arrayBytes(parameter) : 2;
        }
        return bytes;
    }

    private static long arrayBytes(Parameter parameter) {
        NDArray array = parameter.getArray();
        return array.size() * array.getDataType().getNumOfBytes();
    }

    /** The bytes before the elements: they are the same for one element of the same rank. */
    private static long head(Parameter parameter) {
        NDArray array = parameter.getArray();
        long[] ones = new long[array.getShape().dimension()];
        Arrays.fill(ones, 1);
        Counter counter = new Counter();
        try (NDManager scratch = array.getManager().newSubManager();
                DataOutputStream out = new DataOutputStream(counter)) {
            NDArray one =
                    scratch.zeros(
                            new Shape(ones, array.getShape().getLayout()), array.getDataType());
            one.setName(array.getName());
            out.writeChar('P');
            out.writeByte(1);
            out.writeUTF(parameter.getName());
            out.write(one.encode());
            return counter.bytes - array.getDataType().getNumOfBytes();
        } catch (IOException e) {
            throw new IllegalStateException("Counting bytes can't fail", e);
        }
    }

    /** Counts what is written, and keeps nothing. */
    private static final class Counter extends OutputStream {

        private long bytes;

        @Override
        public void write(int b) {
            ++bytes;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            bytes += length;
        }
    }
}
