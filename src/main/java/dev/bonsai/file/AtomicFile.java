package dev.bonsai.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Arrays;

/**
 * Replaces a file at once: readers see the old bytes or the new ones, whatever fails.
 *
 * <p>Several writers of one file don't disturb one another: the last one's bytes stay. What a
 * writer left behind when its process was killed is removed by the next write to the same file.
 */
public final class AtomicFile {

    private AtomicFile() {}

    /** Writes what a file is to hold, part by part, where it is too much for Java's memory. */
    @FunctionalInterface
    public interface Content {

        /**
         * Writes all bytes.
         *
         * @param channel takes them; it is not to be closed
         * @throws IOException if they can't be written
         */
        void writeTo(WritableByteChannel channel) throws IOException;
    }

    /** The last step, which tests make fail. */
    @FunctionalInterface
    interface Move {
        void move(Path from, Path to, CopyOption... options) throws IOException;
    }

    /**
     * Writes a file, or replaces it by another that has the same permissions. The bytes are read
     * back before they take the old file's place.
     *
     * @param file the file; missing folders are made, a symbolic link stays one
     * @param bytes what it is to hold
     * @throws IOException if it can't be written, or is a folder, a device or a pipe; the old file
     *     is as it was
     */
    public static void replace(Path file, byte[] bytes) throws IOException {
        replace(file, bytes, Files::move);
    }

    /**
     * Writes a file, or replaces it, as {@link #replace(Path, byte[])} does, with bytes that are
     * never in Java's memory as a whole. They are read back by their checksum (CRC-32C).
     *
     * @param file the file; missing folders are made, a symbolic link stays one
     * @param content writes what it is to hold, once
     * @throws IOException if it can't be written, or is a folder, a device or a pipe; the old file
     *     is as it was
     */
    public static void replace(Path file, Content content) throws IOException {
        replace(
                file,
                channel -> {
                    ChecksumChannel written = new ChecksumChannel(channel);
                    content.writeTo(written);
                    return () -> ChecksumChannel.of(channel.position(0)) == written.checksum();
                },
                Files::move);
    }

    static void replace(Path file, byte[] bytes, Move move) throws IOException {
        replace(
                file,
                channel -> {
                    ByteBuffer buffer = ByteBuffer.wrap(bytes);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                    return () -> Arrays.equals(WholeFile.read(channel.position(0)), bytes);
                },
                move);
    }

    /** Writes to a file, and returns what tells whether it is read back the same. */
    @FunctionalInterface
    private interface Body {
        Check write(FileChannel channel) throws IOException;
    }

    @FunctionalInterface
    private interface Check {
        boolean isReadBack() throws IOException;
    }

    private static void replace(Path file, Body body, Move move) throws IOException {
        Path target = target(file);
        Path folder = target.getParent();
        if (!Files.isDirectory(folder)) { // createDirectories refuses a link to a folder
            Files.createDirectories(folder);
        }
        Leftovers.remove(target);
        // not Files.createTempFile, whose files only their owner can read
        Path temporary = Leftovers.temporary(target);
        try {
            writeToDisk(temporary, target, body);
            moveIntoPlace(temporary, target, move);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceFolder(folder);
    }

    private static Path target(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        if (!Files.exists(target)) {
            return target;
        }
        checkRegular(file);
        return target.toRealPath();
    }

    /** Refuses what exists and is not a regular file, before it is opened: a pipe may never end. */
    static void checkRegular(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileAlreadyExistsException(
                    file.toString(), null, "expected a file, but it is a folder");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "expected a regular file, but it is a device or a pipe: name a file, and copy"
                            + " its bytes from or to there");
        }
    }

    private static void writeToDisk(Path file, Path like, Body body) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            keepPermissions(like, file);
            Check check = body.write(channel);
            channel.force(true);
            if (!check.isReadBack()) {
                throw new FileSystemException(
                        like.toString(),
                        null,
                        "was not read back as it was written: the disk may be faulty; write the"
                                + " file elsewhere");
            }
        }
    }

    private static void keepPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(from, PosixFileAttributeView.class);
        if (view != null && Files.exists(from)) {
            Files.setPosixFilePermissions(to, view.readAttributes().permissions());
        }
    }

    private static void moveIntoPlace(Path from, Path to, Move move) throws IOException {
        try {
            move.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            move.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Makes the new name last; not all systems can open a folder. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            return; // the file's own bytes are on disk
        }
    }
}
