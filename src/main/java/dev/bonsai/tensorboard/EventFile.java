package dev.bonsai.tensorboard;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * A file of events that grows. Each is a record: the length in eight bytes, its checksum, the
 * message, and the checksum of that, as in TensorFlow's {@code record_writer.cc}. What was flushed
 * can be read by others whatever becomes of this process.
 */
final class EventFile implements AutoCloseable {

    private static final int CHECKSUM_MASK = 0xa282ead8;

    private final Path file;
    private final OutputStream out;
    private boolean open = true;

    private EventFile(Path file, OutputStream out) {
        this.file = file;
        this.out = out;
    }

    /**
     * Begins a file in a folder, which is made if need be. No other file is written over.
     *
     * @throws UncheckedIOException if it can't be written
     */
    static EventFile create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw failed(folder, e);
        }
        for (int number = 0; ; ++number) {
            Path file = folder.resolve(name(number));
            try {
                OutputStream out =
                        Files.newOutputStream(
                                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                EventFile created = new EventFile(file, new BufferedOutputStream(out, 1 << 16));
                created.append(EventMessage.version(seconds()));
                created.flush();
                return created;
            } catch (IOException e) {
                // the file of another listener is left alone: the next number is tried
                if (!(e instanceof FileAlreadyExistsException)) {
                    throw failed(file, e);
                }
            }
        }
    }

    /** TensorBoard reads files whose names hold "tfevents", in the order of the names. */
    private static String name(int number) {
        return String.format(
                Locale.ROOT,
                "events.out.tfevents.%010d.bonsai.%d.%d",
                (long) seconds(),
                ProcessHandle.current().pid(),
                number);
    }

    private static double seconds() {
        return System.currentTimeMillis() / 1000.0;
    }

    /** Returns where the file lies. */
    Path path() {
        return file;
    }

    void scalar(String tag, long step, double value) {
        append(EventMessage.scalar(seconds(), step, tag, value));
    }

    void histogram(String tag, long step, Histogram histogram) {
        append(EventMessage.histogram(seconds(), step, tag, histogram));
    }

    void text(String tag, long step, String text) {
        append(EventMessage.text(seconds(), step, tag, text));
    }

    private void append(byte[] message) {
        byte[] length = littleEndian(Long.BYTES).putLong(message.length).array();
        try {
            out.write(length);
            out.write(checksum(length));
            out.write(message);
            out.write(checksum(message));
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static byte[] checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        int masked = Integer.rotateRight((int) crc.getValue(), 15) + CHECKSUM_MASK;
        return littleEndian(Integer.BYTES).putInt(masked).array();
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Hands everything so far to the file system. */
    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** Ends the file; does nothing the second time. */
    @Override
    public void close() {
        if (open) {
            open = false;
            try (out) {
                out.flush();
            } catch (IOException e) {
                throw failed(file, e);
            }
        }
    }

    private static UncheckedIOException failed(Path where, IOException cause) {
        return new UncheckedIOException(
                String.format(
                        Locale.ROOT,
                        "The TensorBoard events can't be written to %s (%s): give setFolder a folder"
                                + " that can be written, on a disk with free space",
                        where,
                        cause),
                cause);
    }
}
