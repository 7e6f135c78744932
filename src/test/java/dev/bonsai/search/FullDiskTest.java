package dev.bonsai.search;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.testng.annotations.Test;

/** A journal on a disk that is full for a while. */
public class FullDiskTest extends TemporaryFiles {

    /** A disk that is full for one line, of which a half is written. */
    private static final class FullOnce extends RandomAccessFile {

        private boolean full;

        FullOnce(Path file) throws IOException {
            super(file.toFile(), "rw");
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            if (full) {
                full = false;
                super.write(bytes, 0, bytes.length / 2);
                throw new IOException("No space left on device");
            }
            super.write(bytes);
        }
    }

    @Test
    void lineAfterOneThatWasCutShortStandsByItself() throws Exception {
        JsonObject header = JournalLine.header();
        FullOnce access = new FullOnce(file("journal"));
        try (Journal journal = Journal.open(file("journal"), header, access)) {
            journal.append(numbered(1));
            access.full = true;
            expectThrows(JournalException.class, () -> journal.append(numbered(2)));
            journal.append(numbered(3));
        }
        try (Journal journal = Journal.open(file("journal"), header)) {
            assertEquals(journal.next().orElseThrow().get("trial").getAsInt(), 1);
            assertEquals(journal.next().orElseThrow().get("trial").getAsInt(), 3);
            assertTrue(journal.next().isEmpty());
        }
    }

    private static JsonObject numbered(int trial) {
        JsonObject line = new JsonObject();
        line.addProperty("trial", trial);
        return line;
    }
}
