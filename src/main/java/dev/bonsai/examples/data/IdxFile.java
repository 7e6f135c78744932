package dev.bonsai.examples.data;

import dev.bonsai.file.AtomicFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/**
 * Reads and writes an IDX file of unsigned bytes, the format of <a
 * href="http://yann.lecun.com/exdb/mnist/">MNIST</a>: big-endian integers for the magic number
 * {@code 0x0800 + rank} and each dimension, then the elements.
 */
final class IdxFile {

    private static final int MAGIC = 0x0800;
    private static final int[] IMAGE = {ImageFormat.MNIST.height(), ImageFormat.MNIST.width()};
    private static final int[] LABEL = {};

    private IdxFile() {}

    static byte[] readImages(Path file) {
        return read(file, "images of 28x28 pixels", IMAGE);
    }

    static byte[] readLabels(Path file) {
        return read(file, "labels", LABEL);
    }

    static void writeImages(Path file, byte[] pixels) throws IOException {
        write(file, pixels, IMAGE);
    }

    static void writeLabels(Path file, byte[] labels) throws IOException {
        write(file, labels, LABEL);
    }

    private static byte[] read(Path file, String what, int[] item) {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
                InputStream plain = isGzip(raw) ? new GZIPInputStream(raw) : raw;
                DataInputStream in = new DataInputStream(plain)) {
            return read(in, file, what, item);
        } catch (NoSuchFileException e) {
            throw new DataException(file + " does not exist", e);
        } catch (EOFException e) {
            throw new DataException(file + " is cut off: fetch it again", e);
        } catch (ZipException e) {
            throw new DataException(file + " is a broken gzip file: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new DataException("Cannot read " + file + ": " + e, e);
        }
    }

    private static byte[] read(DataInputStream in, Path file, String what, int[] item)
            throws IOException {
        int expected = MAGIC + 1 + item.length;
        int magic = in.readInt();
        if (magic != expected) {
            throw new DataException(
                    String.format(
                            Locale.ROOT,
                            "%s is no IDX file of %s: it starts with 0x%08x instead of 0x%08x",
                            file,
                            what,
                            magic,
                            expected));
        }
        long count = Integer.toUnsignedLong(in.readInt());
        int[] dimensions = new int[item.length];
        for (int i = 0; i < dimensions.length; ++i) {
            dimensions[i] = in.readInt();
        }
        if (!Arrays.equals(dimensions, item)) {
            throw new DataException(
                    String.format(
                            Locale.ROOT,
                            "%s holds images of %s pixels instead of %s",
                            file,
                            Arrays.toString(dimensions),
                            Arrays.toString(item)));
        }
        return readItems(in, file, what, count, size(item));
    }

    private static byte[] readItems(
            DataInputStream in, Path file, String what, long count, int itemSize)
            throws IOException {
        long length = count * itemSize;
        // The stream decides what is allocated, so that a senseless count asks for no memory.
        byte[] items = in.readNBytes((int) Math.min(length, Integer.MAX_VALUE - Long.BYTES));
        if (items.length != length) {
            throw new DataException(
                    String.format(
                            Locale.ROOT,
                            "%s is cut off: %,d %s need %,d bytes, but it has %,d",
                            file,
                            count,
                            what,
                            length,
                            items.length));
        }
        if (in.read() >= 0) {
            throw new DataException(
                    String.format(
                            Locale.ROOT,
                            "%s goes on after the %,d bytes of its %,d %s",
                            file,
                            length,
                            count,
                            what));
        }
        return items;
    }

    private static boolean isGzip(InputStream in) throws IOException {
        in.mark(2);
        int first = in.read();
        int second = in.read();
        in.reset();
        return first == 0x1F && second == 0x8B;
    }

    private static void write(Path file, byte[] items, int[] item) throws IOException {
        // Java writes no time into the header, so that the same items give the same bytes.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes, 1 << 16);
                DataOutputStream out = new DataOutputStream(gzip)) {
            out.writeInt(MAGIC + 1 + item.length);
            out.writeInt(items.length / size(item));
            for (int dimension : item) {
                out.writeInt(dimension);
            }
            out.write(items);
        }
        AtomicFile.replace(file, bytes.toByteArray());
    }

    private static int size(int[] item) {
        return Arrays.stream(item).reduce(1, Math::multiplyExact);
    }
}
