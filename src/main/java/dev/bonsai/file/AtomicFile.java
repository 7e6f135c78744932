package dev.bonsai.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Replaces a file at once: readers see the old bytes or the new ones, whatever fails. */
public final class AtomicFile {

    private AtomicFile() {}

    /** The last step, which tests make fail. */
    @FunctionalInterface
    interface Move {
        void move(Path from, Path to, CopyOption... options) throws IOException;
    }

    /**
     * Writes a file, or replaces it by another.
     *
     * @param file the file; missing folders are made
     * @param bytes what it is to hold
     * @throws IOException if it can't be written; the old file is as it was
     */
    public static void replace(Path file, byte[] bytes) throws IOException {
        replace(file, bytes, Files::move);
    }

    static void replace(Path file, byte[] bytes, Move move) throws IOException {
        Path target = file.toAbsolutePath();
        if (Files.isDirectory(target)) {
            throw new FileAlreadyExistsException(
                    file.toString(), null, "expected a file, but it is a folder");
        }
        Path folder = target.getParent();
        if (!Files.isDirectory(folder)) { // createDirectories refuses a link to a folder
            Files.createDirectories(folder);
        }
        // not Files.createTempFile, whose files only their owner can read
        Path temporary = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID());
        try {
            writeToDisk(temporary, bytes);
            moveIntoPlace(temporary, target, move);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void writeToDisk(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static void moveIntoPlace(Path from, Path to, Move move) throws IOException {
        try {
            move.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            move.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
