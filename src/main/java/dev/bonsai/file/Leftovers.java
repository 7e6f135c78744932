package dev.bonsai.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names the temporary files of writers, and removes those whose process has ended.
 *
 * <p>A name says for which file it is, and which process writes it. It is short, whatever the
 * file's own name is.
 */
final class Leftovers {

    private static final AtomicLong COUNT = new AtomicLong();
    private static final String SEPARATOR = "-";
    private static final int PARTS = 3;

    private Leftovers() {}

    /** Returns a name in the same folder that nobody else uses. */
    static Path temporary(Path target) {
        ProcessHandle own = ProcessHandle.current();
        String process = own.pid() + SEPARATOR + start(own);
        return target.resolveSibling(
                prefix(target) + process + SEPARATOR + COUNT.getAndIncrement());
    }

    /** Removes the temporary files of the same target whose writers have ended. */
    static void remove(Path target) throws IOException {
        String prefix = prefix(target);
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(target.getParent(), prefix + "*")) {
            for (Path file : files) {
                String[] parts =
                        file.getFileName()
                                .toString()
                                .substring(prefix.length())
                                .split(SEPARATOR, -1);
                if (parts.length == PARTS && !isAlive(parts[0], parts[1])) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static String prefix(Path target) {
        byte[] name = target.getFileName().toString().getBytes(StandardCharsets.UTF_8);
        return ".bonsai-" + UUID.nameUUIDFromBytes(name).toString().replace("-", "") + SEPARATOR;
    }

    /** A number of a process is used again after its end; its start tells the two apart. */
    private static boolean isAlive(String pid, String start) {
        try {
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
            long since = Long.parseLong(start);
            return process.isPresent() && (since == 0 || start(process.get()) == since);
        } catch (NumberFormatException e) {
            return true; // not a name of ours
        }
    }

    private static long start(ProcessHandle process) {
        return process.info().startInstant().map(start -> start.toEpochMilli()).orElse(0L);
    }
}
