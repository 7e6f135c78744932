package dev.bonsai.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/**
 * A file beside a target that lives as long as its writer: the writer holds a lock on it, so that a
 * file without a lock is that of a dead one.
 */
final class TemporaryFile implements AutoCloseable {

    /** A name has at most 255 bytes; a letter takes up to 4, and what follows 46. */
    private static final int LETTERS = 40;

    private static final int ATTEMPTS = 100;

    /**
     * The files of this process. A process must not even open a file that it has locked: closing it
     * again would give the lock away on POSIX systems.
     */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private TemporaryFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Creates an empty file, which others of the target's writers leave alone. */
    static TemporaryFile create(Path target) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; ++attempt) {
            // not Files.createTempFile, whose files only their owner can read
            Path path = target.resolveSibling(prefix(target) + UUID.randomUUID());
            OWN.add(path);
            FileChannel channel = null;
            try {
                channel =
                        FileChannel.open(
                                path,
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE);
                lock(channel);
                if (Files.exists(path)) {
                    return new TemporaryFile(path, channel);
                }
            } catch (IOException | RuntimeException | Error e) {
                OWN.remove(path);
                if (channel != null) {
                    channel.close();
                    Files.deleteIfExists(path);
                }
                throw e;
            }
            channel.close(); // another process took it for a dead one's before it was locked
            OWN.remove(path);
        }
        throw new IOException(
                "The temporary files for " + target + " are removed as soon as they are created");
    }

    /** Removes the files that dead writers of a target left behind. */
    static void removeDead(Path target) throws IOException {
        String prefix = prefix(target);
        try (DirectoryStream<Path> left =
                Files.newDirectoryStream(
                        target.getParent(),
                        path -> path.getFileName().toString().startsWith(prefix))) {
            for (Path path : left) {
                if (!OWN.contains(path) && Files.isRegularFile(path)) {
                    removeIfDead(path);
                }
            }
        }
    }

    private static void removeIfDead(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | OverlappingFileLockException e) {
            return; // not ours to remove, gone already, or on a file system without locks
        }
    }

    private static void lock(FileChannel channel) {
        try {
            channel.lock();
        } catch (IOException e) {
            return; // a file system without locks: then nobody can take the file for a dead one's
        }
    }

    private static String prefix(Path target) {
        String name = target.getFileName().toString();
        CRC32C hash = new CRC32C();
        hash.update(name.getBytes(StandardCharsets.UTF_8));
        int end =
                name.offsetByCodePoints(
                        0, Math.min(LETTERS, name.codePointCount(0, name.length())));
        return String.format(Locale.ROOT, ".%s.%08x.", name.substring(0, end), hash.getValue());
    }

    Path path() {
        return path;
    }

    FileChannel channel() {
        return channel;
    }

    /** Removes the file, unless it was moved away, and gives up the lock. */
    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(path);
        } finally {
            OWN.remove(path);
        }
    }
}
