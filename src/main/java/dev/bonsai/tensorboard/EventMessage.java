package dev.bonsai.tensorboard;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The messages of an event file: TensorFlow's {@code event.proto}, {@code summary.proto} and {@code
 * tensor.proto}, as far as they are needed. Each number is that of a field there.
 */
final class EventMessage {

    /** What the first message of a file holds. */
    private static final String VERSION = "brain.Event:2";

    private static final int STRING_TYPE = 7;

    private EventMessage() {}

    /** Writes the fields of a message. */
    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    static byte[] version(double seconds) {
        return message(
                out -> {
                    out.writeDouble(1, seconds);
                    out.writeString(3, VERSION);
                });
    }

    static byte[] scalar(double seconds, long step, String tag, double value) {
        return event(seconds, step, tag, out -> out.writeFloat(2, (float) value));
    }

    static byte[] histogram(double seconds, long step, String tag, Histogram histogram) {
        return event(seconds, step, tag, out -> out.writeByteArray(5, message(of(histogram))));
    }

    private static Fields of(Histogram histogram) {
        List<Histogram.Bucket> buckets = histogram.buckets();
        double[] limits = buckets.stream().mapToDouble(Histogram.Bucket::limit).toArray();
        double[] counts = buckets.stream().mapToDouble(b -> (double) b.count()).toArray();
        return out -> {
            out.writeDouble(1, histogram.min());
            out.writeDouble(2, histogram.max());
            out.writeDouble(3, (double) histogram.count());
            out.writeDouble(4, histogram.sum());
            out.writeDouble(5, histogram.sumOfSquares());
            out.writeByteArray(6, packed(limits));
            out.writeByteArray(7, packed(counts));
        };
    }

    /** A text is a tensor of one string, with the plugin of TensorBoard's that shows it. */
    static byte[] text(double seconds, long step, String tag, String text) {
        byte[] one = message(size -> size.writeInt64(1, 1));
        byte[] shape = message(dimensions -> dimensions.writeByteArray(2, one));
        byte[] plugin = message(data -> data.writeString(1, "text"));
        return event(
                seconds,
                step,
                tag,
                out -> {
                    out.writeByteArray(9, message(metadata -> metadata.writeByteArray(1, plugin)));
                    out.writeByteArray(
                            8,
                            message(
                                    tensor -> {
                                        tensor.writeEnum(1, STRING_TYPE);
                                        tensor.writeByteArray(2, shape);
                                        tensor.writeString(8, text);
                                    }));
                });
    }

    private static byte[] event(double seconds, long step, String tag, Fields value) {
        byte[] tagged =
                message(
                        out -> {
                            out.writeString(1, tag);
                            value.writeTo(out);
                        });
        byte[] summary = message(out -> out.writeByteArray(1, tagged));
        return message(
                out -> {
                    out.writeDouble(1, seconds);
                    out.writeInt64(2, step);
                    out.writeByteArray(5, summary);
                });
    }

    private static byte[] packed(double[] values) {
        return message(
                out -> {
                    for (double value : values) {
                        out.writeDoubleNoTag(value);
                    }
                });
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory takes all
        }
        return bytes.toByteArray();
    }
}
