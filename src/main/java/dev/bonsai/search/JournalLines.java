package dev.bonsai.search;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.util.Optional;

/** Reads a journal line by line, so that a long one needs no more memory than a short one. */
final class JournalLines {

    /** The most bytes of a line: a search that writes longer ones is refused as it begins. */
    static final int MOST_BYTES = 1 << 20;

    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private byte[] rest = {};
    private long end;

    /** Begins at the beginning of a file, which nobody else moves about in meanwhile. */
    JournalLines(RandomAccessFile file) throws IOException {
        file.seek(0);
        in =
                new BufferedInputStream(
                        new InputStream() {
                            @Override
                            public int read() throws IOException {
                                return file.read();
                            }

                            @Override
                            public int read(byte[] bytes, int offset, int length)
                                    throws IOException {
                                return file.read(bytes, offset, length);
                            }
                        },
                        BUFFER);
    }

    /**
     * Reads a line.
     *
     * @return the bytes without the newline; empty if no further newline comes within the most
     *     bytes of a line
     */
    Optional<byte[]> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (line.size() <= MOST_BYTES) {
            int read = in.read();
            if (read == '\n') {
                end += line.size() + 1L;
                return Optional.of(line.toByteArray());
            }
            if (read < 0) {
                break;
            }
            line.write(read);
        }
        rest = line.toByteArray();
        return Optional.empty();
    }

    /** Returns where the last whole line ends. */
    long end() {
        return end;
    }

    /** Returns what stands behind the last newline; more than a line's most bytes is cut. */
    byte[] rest() {
        return rest;
    }
}
