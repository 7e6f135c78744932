package dev.bonsai.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.bonsai.onnx.OnnxFormatException.Problem;
import java.io.IOException;
import java.util.Map;

/**
 * Counts the messages and texts of a file before any of them is made an object: two bytes of a file
 * may ask for an object of a hundred. A file of n bytes may have 2^16 + n / 16 of them.
 */
final class MessageBudget {

    private static final long FREE = 1L << 16;
    private static final long BYTES_PER_MESSAGE = 16;
    private static final int DEEPEST = 64;

    /** Messages of ONNX by the fields that hold messages of others, or texts. */
    private enum Kind {
        MODEL,
        GRAPH,
        NODE,
        ATTRIBUTE,
        TENSOR,
        FUNCTION,
        OTHER,
        /** Bytes without parts: texts and arrays of numbers. */
        LEAF
    }

    private static final Map<Kind, Map<Integer, Kind>> PARTS =
            Map.of(
                    Kind.MODEL,
                    Map.of(7, Kind.GRAPH, 8, Kind.OTHER, 14, Kind.OTHER, 25, Kind.FUNCTION),
                    Kind.GRAPH,
                    Map.of(
                            1,
                            Kind.NODE,
                            5,
                            Kind.TENSOR,
                            11,
                            Kind.OTHER,
                            12,
                            Kind.OTHER,
                            13,
                            Kind.OTHER,
                            14,
                            Kind.OTHER,
                            15,
                            Kind.OTHER,
                            16,
                            Kind.OTHER),
                    Kind.NODE,
                    Map.of(5, Kind.ATTRIBUTE, 9, Kind.OTHER),
                    Kind.ATTRIBUTE,
                    Map.of(5, Kind.TENSOR, 6, Kind.GRAPH, 10, Kind.TENSOR, 11, Kind.GRAPH),
                    Kind.TENSOR,
                    Map.of(13, Kind.OTHER, 16, Kind.OTHER),
                    Kind.FUNCTION,
                    Map.of(
                            7,
                            Kind.NODE,
                            9,
                            Kind.OTHER,
                            11,
                            Kind.ATTRIBUTE,
                            12,
                            Kind.OTHER,
                            14,
                            Kind.OTHER));

    private final long most;
    private long count;

    private MessageBudget(long bytes) {
        most = FREE + bytes / BYTES_PER_MESSAGE;
    }

    /** Goes through a model's bytes; throws what protobuf throws where they are no message. */
    static void check(CodedInputStream model, long bytes) throws IOException {
        new MessageBudget(bytes).message(model, Kind.MODEL, 0);
    }

    private void message(CodedInputStream in, Kind kind, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new OnnxFormatException(
                    Problem.INVALID,
                    "Messages stand in one another at most " + DEEPEST + " deep, but go deeper");
        }
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            if (tag == 0) {
                return;
            }
            if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                in.skipField(tag);
                continue;
            }
            count();
            Kind part =
                    kind == Kind.OTHER
                            ? Kind.LEAF
                            : PARTS.get(kind)
                                    .getOrDefault(WireFormat.getTagFieldNumber(tag), Kind.LEAF);
            int length = in.readRawVarint32();
            if (part == Kind.LEAF) {
                in.skipRawBytes(length);
            } else {
                int outer = in.pushLimit(length);
                message(in, part, depth + 1);
                in.popLimit(outer);
            }
        }
    }

    private void count() throws OnnxFormatException {
        if (++count > most) {
            throw new OnnxFormatException(
                    Problem.INVALID,
                    "A file of this length has at most "
                            + most
                            + " messages and texts, but this has more: it is damaged or was made"
                            + " to exhaust memory");
        }
    }
}
