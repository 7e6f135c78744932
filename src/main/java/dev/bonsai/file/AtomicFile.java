package dev.bonsai.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
 * Replaces a file at once: whoever reads it sees all of the old bytes or all of the new ones,
 * whatever fails, and however many write it at the same time.
 *
 * <p>The bytes go to a temporary file in the same folder, are forced to disk, read back and
 * compared, and moved into place in one step. Temporary files that a dead writer of the same path
 * left behind are removed.
 */
public final class AtomicFile {

    private static final int PIECE = 1 << 16;

    private AtomicFile() {}

    /** The last step, which tests make fail. */
    @FunctionalInterface
    interface Move {
        void move(Path from, Path to, CopyOption... options) throws IOException;
    }

    /**
     * Writes bytes to a file, in place of whatever it held before.
     *
     * <p>Folders are created. A file that exists keeps its permissions. A symbolic link stays, and
     * the file that it leads to is replaced.
     *
     * @param file the file; if it exists, a regular file
     * @param bytes all that the file is to hold
     * @throws FileAlreadyExistsException if the path is that of a folder
     * @throws FileSystemException if the path is that of a device, a pipe or a socket
     * @throws IOException if the bytes cannot be written; the old file is as it was then
     */
    public static void replace(Path file, byte[] bytes) throws IOException {
        replace(file, bytes, Files::move);
    }

    static void replace(Path file, byte[] bytes, Move move) throws IOException {
        Path target = target(file);
        Path folder = target.getParent();
        if (!Files.isDirectory(folder)) { // createDirectories refuses a link to a folder
            Files.createDirectories(folder);
        }
        TemporaryFile.removeDead(target);
        try (TemporaryFile temporary = TemporaryFile.create(target)) {
            keepPermissions(target, temporary.path());
            writeToDisk(temporary.channel(), bytes);
            compare(temporary.channel(), bytes, file);
            moveIntoPlace(temporary.path(), target, move);
        }
        forceFolder(folder);
    }

    /** Follows links, and refuses what is there but is not a file that can be replaced. */
    private static Path target(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        if (!Files.exists(target)) {
            if (Files.isSymbolicLink(target)) {
                throw new FileSystemException(
                        file.toString(),
                        null,
                        "it is a link to a file that does not exist: remove the link, or give the"
                                + " path of the file");
            }
            return target;
        }
        if (Files.isDirectory(target)) {
            throw new FileAlreadyExistsException(
                    file.toString(), null, "expected a file, but it is a folder");
        }
        if (!Files.isRegularFile(target)) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "expected a regular file, but it is a device, a pipe or a socket, which would"
                            + " be lost: write to a regular file and copy that");
        }
        return target.toRealPath();
    }

    private static void keepPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (view != null && Files.exists(from)) {
            view.setPermissions(Files.getPosixFilePermissions(from));
        }
    }

    private static void writeToDisk(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            // in pieces, as Java copies each one to native memory, and keeps that
            buffer.limit(Math.min(bytes.length, buffer.position() + PIECE));
            channel.write(buffer);
            buffer.limit(bytes.length);
        }
        channel.force(true);
    }

    private static void compare(FileChannel channel, byte[] bytes, Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(PIECE);
        int at = 0;
        boolean same = channel.size() == bytes.length;
        while (same && at < bytes.length) {
            buffer.clear();
            int read = channel.read(buffer, at);
            same = read > 0 && Arrays.equals(buffer.array(), 0, read, bytes, at, at + read);
            at += read;
        }
        if (!same) {
            throw new IOException(
                    file
                            + " was not read back as it was written: the disk may be faulty; write"
                            + " the file elsewhere");
        }
    }

    private static void moveIntoPlace(Path from, Path to, Move move) throws IOException {
        try {
            move.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            move.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Without this a crash of the machine can undo the move. Not every system allows it. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows opens no folders; the file itself is on the disk
            return;
        }
    }
}
