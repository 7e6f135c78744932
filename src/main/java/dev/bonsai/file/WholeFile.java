package dev.bonsai.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Reads a file through one channel, so that header, length and bytes are those of one file. */
final class WholeFile {

    private WholeFile() {}

    /** Checks the header against the length before memory is taken for the rest. */
    static byte[] read(Path file) throws IOException {
        AtomicFile.checkRegular(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long length = channel.size();
            ByteBuffer head = ByteBuffer.allocate((int) Math.min(length, Container.MAX_HEADER));
            fill(channel, head);
            Container.checkHeader(Arrays.copyOf(head.array(), head.position()), length);
            return read(channel.position(0));
        }
    }

    static byte[] read(SeekableByteChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        fill(channel, bytes);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static void fill(SeekableByteChannel channel, ByteBuffer buffer) throws IOException {
        int read = 0;
        while (buffer.hasRemaining() && read >= 0) {
            read = channel.read(buffer);
        }
    }
}
