package dev.bonsai.file;

import dev.bonsai.entropy.EntropyCoder;
import java.util.Arrays;

/**
 * The coded section while it is read: the heads of the model and of the graph, byte by byte, then
 * the numbers of all weights.
 */
final class CodedStream {

    private final EntropyCoder coder;
    private final int payload;
    private final byte[] heads;
    private final int ofModel;

    /** The length of the stream before each byte of the heads, and behind the last. */
    private final int[] bytes;

    private final double[] bits;

    /** Reads the heads. */
    CodedStream(byte[] payload, MemoryBudget budget) throws BonsaiFormatException {
        this.payload = payload.length;
        coder = EntropyCoder.reader(payload);
        ByteSource place = new ByteSource(payload, ModelReader.codedPlace());
        ofModel = length(place, "the heads of its weights", budget);
        int ofGraph = length(place, "its graph", budget);
        heads = new byte[ofModel + ofGraph];
        bytes = new int[heads.length + 1];
        bits = new double[heads.length + 1];
        for (int i = 0; i < heads.length; ++i) {
            heads[i] = (byte) coder.octet(0);
            bytes[i + 1] = coder.position();
            bits[i + 1] = coder.bits();
        }
        if (coder.isOverrun()) {
            throw place.error("its heads end too early");
        }
    }

    private int length(ByteSource place, String what, MemoryBudget budget)
            throws BonsaiFormatException {
        int length = coder.number(0);
        if (length < 0) {
            throw place.error("expected the length of " + what + ", but got " + length);
        }
        budget.heads(length);
        budget.check(place, what);
        return length;
    }

    byte[] modelHeads() {
        return Arrays.copyOf(heads, ofModel);
    }

    /** Returns the graph without the numbers of its constants; no bytes if there is none. */
    byte[] graphHeads() {
        return Arrays.copyOfRange(heads, ofModel, heads.length);
    }

    EntropyCoder coder() {
        return coder;
    }

    /** Returns the length of the stream up to a byte of the heads. */
    Length lengthOfHead(int position) {
        return new Length(bytes[position], bits[position] / Byte.SIZE);
    }

    Length lengthOfGraph() {
        return lengthOfHead(heads.length).minus(lengthOfHead(ofModel));
    }

    /** Returns the length of what was read. */
    Length length() {
        return new Length(coder.position(), coder.bits() / Byte.SIZE);
    }

    /** Returns the bytes that only end the stream. */
    Length rest() {
        return new Length(payload - coder.position(), 0);
    }

    void checkEnd() throws BonsaiFormatException {
        if (!coder.isAtEnd()) {
            throw new BonsaiFormatException(
                    ModelReader.codedPlace(),
                    "expected its end, but some of " + payload + " bytes are left",
                    BonsaiFormatException.COPY_AGAIN);
        }
    }
}
