package dev.bonsai.npy;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.file.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Arrays in {@code .npy} files, of versions 1 to 3: floats, integers and booleans of all widths, in
 * either order of bytes, in C order.
 *
 * <pre>{@code
 * EncodedWeight image = NpyFile.read(Path.of("image.npy"));
 * NpyFile.write(Path.of("copy.npy"), image);
 * }</pre>
 *
 * <p>The length of a file and its header have to agree, so that no file takes more memory than
 * three times its length. The format is that of NEP 1, <a
 * href="https://numpy.org/neps/nep-0001-npy-format.html">numpy.org</a>.
 */
public final class NpyFile {

    private static final int LONGEST = Integer.MAX_VALUE - 64;

    private NpyFile() {}

    /**
     * Reads a file.
     *
     * @param file the file
     * @return a dense weight of 32-bit floats, or an exact one of any other type
     * @throws NpyFormatException if it is damaged, or has what can't be read; it names the file
     * @throws IOException if it can't be read
     */
    public static EncodedWeight read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(
                    file.toString(), null, "expected a file that ends in .npy");
        }
        long length = Files.size(file);
        if (length > LONGEST) {
            throw new NpyFormatException(
                    file + " has " + length + " bytes, but at most 2 GiB can be read: divide it");
        }
        try {
            return decode(Files.readAllBytes(file));
        } catch (NpyFormatException e) {
            throw new NpyFormatException(file + ": " + e.getMessage());
        }
    }

    /**
     * Reads the bytes of a file.
     *
     * @param bytes the bytes
     * @return a dense weight of 32-bit floats, or an exact one of any other type
     * @throws NpyFormatException if they are damaged, or have what can't be read
     */
    public static EncodedWeight decode(byte[] bytes) throws NpyFormatException {
        NpyHeader header = NpyHeader.read(bytes);
        ElementType type = header.type();
        byte[] data = header.littleEndian(bytes);
        if (type != ElementType.FLOAT32) {
            return new ExactWeight(header.shape(), type, data);
        }
        float[] values = new float[data.length / Float.BYTES];
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return new DenseWeight(header.shape(), values);
    }

    /**
     * Writes a file; an old one is replaced at once or not at all.
     *
     * @param file the file
     * @param array the array; what is on a grid or in a codebook is written as the 32-bit floats
     *     that it stands for, and so is bfloat16, which NumPy does not know
     * @throws IOException if it can't be written
     */
    public static void write(Path file, EncodedWeight array) throws IOException {
        AtomicFile.replace(file, encode(array));
    }

    /**
     * Returns what {@link #write} puts into a file.
     *
     * @param array the array
     * @return the bytes of a whole file of version 1
     */
    public static byte[] encode(EncodedWeight array) {
        boolean exact = array instanceof ExactWeight known && known.type() != ElementType.BFLOAT16;
        ElementType type = exact ? ((ExactWeight) array).type() : ElementType.FLOAT32;
        byte[] header = NpyHeader.bytes(type, array.shape());
        ByteBuffer file =
                ByteBuffer.allocate(
                                Math.addExact(
                                        header.length,
                                        Math.multiplyExact(array.size(), type.bytes())))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(header);
        if (exact) {
            file.put(((ExactWeight) array).data());
        } else {
            array.forEachBlock(
                    (from, values, length) -> {
                        for (int i = 0; i < length; ++i) {
                            file.putFloat(values[i]);
                        }
                    });
        }
        return file.array();
    }
}
