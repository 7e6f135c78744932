package dev.bonsai.tensorboard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.framework.Summary;
import org.tensorflow.util.Event;

/** Reads event files by TensorFlow's own messages, and a checksum that is worked out bit by bit. */
final class EventReader {

    static {
        // TensorFlow's messages are older than a check of protobuf's, and these files are our own
        System.setProperty("com.google.protobuf.use_unsafe_pre22_gencode", "true");
    }

    private EventReader() {}

    /** Reads the whole records of a file, and fails where one is wrong; half of one ends it. */
    static List<Event> read(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (in.remaining() >= 12) {
            byte[] length = new byte[8];
            in.get(length);
            check(length, in.getInt());
            long size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (in.remaining() < size + 4) {
                break;
            }
            byte[] message = new byte[Math.toIntExact(size)];
            in.get(message);
            check(message, in.getInt());
            events.add(Event.parseFrom(message));
        }
        return events;
    }

    private static void check(byte[] bytes, int masked) throws IOException {
        int rotated = masked - 0xa282ead8;
        if (crc(bytes) != (rotated << 15 | rotated >>> 17)) {
            throw new IOException("The checksum is wrong");
        }
    }

    /** CRC32C by its definition. */
    private static int crc(byte[] bytes) {
        int crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int i = 0; i < 8; ++i) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82f63b78;
            }
        }
        return ~crc;
    }

    /** Returns the files of a folder in the order in which TensorBoard reads them. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Returns the values of the only file in a folder. */
    static List<Point> points(Path folder) throws IOException {
        List<Path> files = files(folder);
        if (files.size() != 1) {
            throw new IOException("One file was expected, but there are " + files);
        }
        return points(read(Files.readAllBytes(files.get(0))));
    }

    static List<Point> points(List<Event> events) {
        return events.stream()
                .flatMap(e -> e.getSummary().getValueList().stream().map(v -> new Point(e, v)))
                .toList();
    }

    /** A value with the event that it is of. */
    record Point(Event event, Summary.Value value) {

        String tag() {
            return value.getTag();
        }

        long step() {
            return event.getStep();
        }
    }
}
