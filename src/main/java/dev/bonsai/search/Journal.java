package dev.bonsai.search;

import com.google.gson.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
    private final List<JsonObject> lines = new ArrayList<>();
    private int read = 1;

    private Journal(Path file, RandomAccessFile access) {
        this.file = file;
        this.access = access;
    }

    /**
     * Opens a journal, which is a new one if there is no such file.
     *
     * @throws IOException if the file is in use, damaged, or of a search with another header
     */
    static Journal open(Path file, JsonObject header) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) { // createDirectories refuses a link to a folder
            Files.createDirectories(folder);
        }
        Journal journal = new Journal(file, new RandomAccessFile(file.toFile(), "rw"));
        try {
            journal.lock();
            journal.readLines();
            if (journal.lines.isEmpty()) {
                journal.append(header);
            } else {
                journal.compare(journal.lines.get(0), header);
            }
            return journal;
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
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
            throw new IOException(
                    file
                            + ": another search is using this journal. Wait until it ends, or take"
                            + " another file");
        }
    }

    private void readLines() throws IOException {
        byte[] bytes = new byte[Math.toIntExact(access.length())];
        access.readFully(bytes);
        int start = 0;
        for (int i = 0; i < bytes.length; ++i) {
            if (bytes[i] == '\n') {
                byte[] line = Arrays.copyOfRange(bytes, start, i);
                lines.add(JournalLine.decode(line, where(lines.size()), lines.isEmpty()));
                start = i + 1;
            }
        }
        if (start == 0 && !JournalLine.mayBeginHeader(bytes)) {
            throw JournalLine.notAJournal(file.toString());
        }
        if (start < bytes.length) {
            LOGGER.info("{} ends in half a line of a killed search: it is cut off", file);
            access.setLength(start);
        }
        access.seek(start);
    }

    private void compare(JsonObject found, JsonObject expected) throws IOException {
        List<String> differences = new ArrayList<>();
        for (String name : expected.keySet()) {
            String before = String.valueOf(found.get(name));
            String now = String.valueOf(expected.get(name));
            if (!before.equals(now)) {
                differences.add(String.format("the %s was %s and is now %s", name, before, now));
            }
        }
        if (!differences.isEmpty()) {
            throw new IOException(
                    String.format(
                            "%s: this journal is of another search: %s. Search as before to go on"
                                    + " with it, or take another file to begin anew",
                            file, String.join("; ", differences)));
        }
    }

    /** Returns the next trial of the journal as it was opened; empty when there are no more. */
    Optional<JsonObject> next() {
        return read < lines.size() ? Optional.of(lines.get(read++)) : Optional.empty();
    }

    /** Names the line that {@link #next} returned last. */
    String where() {
        return where(read - 1);
    }

    private String where(int index) {
        return String.format("%s, line %d", file, index + 1);
    }

    /** Returns when the line is on disk. */
    void append(JsonObject line) throws IOException {
        try {
            access.write(JournalLine.encode(line));
            access.getFD().sync();
        } catch (IOException e) {
            throw new IOException(
                    String.format(
                            "%s: this line could not be written: %s. Make room and run the search"
                                    + " again to resume it",
                            file, line),
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        access.close();
    }
}
