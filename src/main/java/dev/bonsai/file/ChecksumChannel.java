package dev.bonsai.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32C;

/** Passes bytes on, all of those that it is given, and sums them up. */
final class ChecksumChannel implements WritableByteChannel {

    private static final int BLOCK = 1 << 16;

    private final WritableByteChannel target;
    private final CRC32C sum = new CRC32C();

    ChecksumChannel(WritableByteChannel target) {
        this.target = target;
    }

    /** Returns the checksum of all bytes from the position of a channel on. */
    static long of(ReadableByteChannel source) throws IOException {
        CRC32C sum = new CRC32C();
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        while (source.read(block) >= 0) {
            sum.update(block.flip());
            block.clear();
        }
        return sum.getValue();
    }

    long checksum() {
        return sum.getValue();
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        sum.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
            target.write(bytes);
        }
        return length;
    }

    @Override
    public boolean isOpen() {
        return target.isOpen();
    }

    /** The file is closed by the one that opened it. */
    @Override
    public void close() {}
}
