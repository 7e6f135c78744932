package dev.bonsai.search;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that outlives a search: a header and then a line a trial, each on disk before the search
 * goes on. A line counts when its newline is there; what stands behind the last newline was being
 * written when the process ended, and is cut off.
 */
final class Journal implements Closeable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Journal.class);

    private final Path file;
    // A FileChannel would close itself when the experiment leaves the thread interrupted.
    private final RandomAccessFile access;
    private JournalLines lines;
    private int read;

    private Journal(Path file, RandomAccessFile access) {
        this.file = file;
        this.access = access;
    }

    /**
     * Opens a journal, which is a new one if there is no such file.
     *
     * @throws JournalException if the file is in use, damaged, of a search with another header, or
     *     can't be written
     */
    static Journal open(Path file, JsonObject header) throws IOException {
        return open(file, header, access(file));
    }

    static Journal open(Path file, JsonObject header, RandomAccessFile access) throws IOException {
        Journal journal = new Journal(file, access);
        boolean opened = false;
        try {
            journal.lock();
            journal.readAll(header);
            journal.lines = new JournalLines(journal.access);
            journal.nextLine(); // the header
            opened = true;
            return journal;
        } finally {
            if (!opened) {
                journal.close(); // and with it the lock, whatever was thrown
            }
        }
    }

    private static RandomAccessFile access(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        try {
            if (!Files.isDirectory(folder)) { // createDirectories refuses a link to a folder
                Files.createDirectories(folder);
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new FileNotFoundException("it is no regular file"); // a pipe would block
            }
            return new RandomAccessFile(file.toFile(), "rw");
        } catch (IOException e) {
            throw new JournalException(
                    String.format(
                            Locale.ROOT,
                            "%s: expected a file that can be read and written: %s. Let it be"
                                    + " written to, or take another file",
                            file,
                            e),
                    e);
        }
    }

    /** The last byte a file can have: where locks are binding, others may still read the text. */
    private void lock() throws IOException {
        FileLock lock = null;
        try {
            lock = access.getChannel().tryLock(Long.MAX_VALUE - 1, 1, false);
        } catch (OverlappingFileLockException e) {
            LOGGER.debug("{} is in use by this process", file, e);
        }
        if (lock == null) {
            throw new JournalException(
                    file
                            + ": another search is using this journal. Wait until it ends, or take"
                            + " another file");
        }
    }

    /** Checks every line before the search acts on the first. */
    private void readAll(JsonObject header) throws IOException {
        lines = new JournalLines(access);
        boolean empty = true;
        for (Optional<JsonObject> line = nextLine(); line.isPresent(); line = nextLine()) {
            if (empty) {
                compare(line.get(), header);
            }
            empty = false;
        }
        byte[] rest = lines.rest();
        if (empty && !JournalLine.mayBeginHeader(rest)) {
            throw JournalLine.notAJournal(file.toString());
        }
        if (rest.length > JournalLines.MOST_BYTES) {
            throw JournalLine.damaged(where(read), "it is too long for a line of a search");
        }
        if (rest.length > 0) {
            LOGGER.info("{} ends in half a line of a killed search: it is cut off", file);
            access.setLength(lines.end());
        }
        access.seek(lines.end());
        if (empty) {
            append(header);
        }
        read = 0;
    }

    private Optional<JsonObject> nextLine() throws IOException {
        Optional<byte[]> line = lines.next();
        if (line.isEmpty()) {
            return Optional.empty();
        }
        JsonObject decoded = JournalLine.decode(line.get(), where(read), read == 0);
        ++read;
        return Optional.of(decoded);
    }

    private void compare(JsonObject found, JsonObject expected) throws IOException {
        List<String> differences = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>(expected.keySet());
        names.addAll(found.keySet());
        names.remove(JournalLine.CHECKSUM_NAME);
        for (String name : names) {
            String before = text(found.get(name));
            String now = text(expected.get(name));
            if (!before.equals(now)) {
                differences.add(
                        String.format(
                                Locale.ROOT, "the %s was %s and is now %s", name, before, now));
            }
        }
        if (!differences.isEmpty()) {
            throw new JournalException(
                    String.format(
                            Locale.ROOT,
                            "%s: this journal is of another search: %s. Search as before to go on"
                                    + " with it, or take another file to begin anew",
                            file,
                            String.join("; ", differences)));
        }
    }

    private static String text(JsonElement value) {
        return value == null ? "not given" : value.toString();
    }

    /** Returns the next trial of the journal as it was opened; empty when there are no more. */
    Optional<JsonObject> next() throws IOException {
        return nextLine();
    }

    /** Names the line that {@link #next} returned last. */
    String where() {
        return where(read - 1);
    }

    private String where(int index) {
        return String.format(Locale.ROOT, "%s, line %d", file, index + 1);
    }

    /** Returns when the line is on disk. */
    void append(JsonObject line) throws IOException {
        byte[] bytes = JournalLine.encode(line);
        if (bytes.length > JournalLines.MOST_BYTES) {
            throw new JournalException(
                    String.format(
                            Locale.ROOT,
                            "%s: a line may have %d bytes, but this one would have %d: give the"
                                    + " search fewer choices or shorter names",
                            file,
                            JournalLines.MOST_BYTES,
                            bytes.length));
        }
        try {
            write(bytes);
        } catch (IOException e) {
            throw new JournalException(
                    String.format(
                            Locale.ROOT,
                            "%s: this line could not be written: %s. Make room and run the search"
                                    + " again to resume it",
                            file,
                            line),
                    e);
        }
    }

    /** Writes a line whole or not at all: the next one may have room, and is no part of it. */
    private void write(byte[] line) throws IOException {
        long end = access.length();
        try {
            access.seek(end);
            access.write(line);
            access.getFD().sync();
        } catch (IOException e) {
            try {
                access.setLength(end);
            } catch (IOException cut) {
                e.addSuppressed(cut);
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        access.close();
    }
}
