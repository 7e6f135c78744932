package dev.bonsai.file;

import dev.bonsai.file.Container.Chunk;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Makes files that are well formed, and ask for much. */
final class HostileFiles {

    /** The first ten are within the free part of the budget. */
    private static final long[] EXTREMES = {
        0, 1, 2, 7, 8, 9, 127, 65_536, 65_537, 1 << 22, 1 << 24, (1 << 30) + 1, Integer.MAX_VALUE
    };

    private final Random random;
    private final boolean varied;
    private final ByteSink sink = new ByteSink();
    private final long usual;
    private final long usualLength;

    private HostileFiles(Random random, boolean varied, long usual, long usualLength) {
        this.random = random;
        this.varied = varied;
        this.usual = usual;
        this.usualLength = usualLength;
    }

    static byte[] next(Random random) {
        long usual = EXTREMES[random.nextInt(10)];
        long usualLength = EXTREMES[random.nextInt(10)];
        int kind = random.nextInt(6);
        int coding = random.nextInt(5);
        int pathLength = random.nextInt(4) == 0 ? 1 << random.nextInt(18) : 0;
        int count = 1 << random.nextInt(13);
        HostileFiles made = new HostileFiles(random, true, usual, usualLength);
        return made.file(kind, coding, pathLength, count);
    }

    /** Makes a file of so many weights that are alike but for their path. */
    static byte[] of(int kind, long usual, long usualLength, int pathLength, int count) {
        HostileFiles made = new HostileFiles(new Random(0), false, usual, usualLength);
        return made.file(kind, 0, pathLength, count);
    }

    private byte[] file(int kind, int coding, int pathLength, int count) {
        model(kind, coding, pathLength, count);
        byte[] section = sink.toByteArray();
        return Container.write(List.of(new Chunk(ModelReader.MODEL, section)));
    }

    private void model(int kind, int coding, int pathLength, int count) {
        sink.varint(1);
        sink.varint(2);
        sink.varint(number());
        sink.varint(number());
        sink.varint(count);
        sink.varint(0);
        sink.varint(pathLength);
        sink.bytes("p".repeat(pathLength).getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < count; ++i) {
            if (i > 0) {
                byte[] own = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                sink.varint(pathLength);
                sink.varint(own.length);
                sink.bytes(own);
            }
            boolean changes = rarely();
            weight(changes ? random.nextInt(6) : kind, changes ? random.nextInt(5) : coding);
        }
    }

    private boolean rarely() {
        return varied && random.nextInt(300) == 0;
    }

    /** Mostly the same number, so that products and repeats of it occur. */
    private long number() {
        return !rarely() ? usual : EXTREMES[random.nextInt(EXTREMES.length)];
    }

    private void weight(int kind, int coding) {
        sink.u8(((kind & 3) << 2) | (coding << 4) | (kind >> 2 << 7));
        int rank = !rarely() ? 1 : random.nextInt(4);
        long size = 1;
        sink.varint(rank);
        for (int i = 0; i < rank; ++i) {
            long dimension = number();
            size *= dimension;
            sink.varint(dimension);
        }
        long scales = size;
        switch (kind) {
            case WeightTag.SHORT -> sink.u8(random.nextInt(2));
            case WeightTag.EXACT -> sink.u8(random.nextInt(12));
            case WeightTag.GRID -> {
                sink.u8(2 | ((int) (usualLength & 1) << 7));
                sink.varint(usualLength > 8 ? size & Integer.MAX_VALUE : 1);
                sink.varint(usualLength & 1);
                constant(scales);
                if ((usualLength & 1) == 1) {
                    constant(scales);
                }
            }
            case WeightTag.CODEBOOK -> {
                long length = rarely() ? number() : usualLength;
                sink.varint(length);
                constant(length);
            }
            default -> {}
        }
        if (coding == 2) {
            sink.varint(!rarely() ? 0 : number());
        }
        constant(size);
    }

    /** So many equal numbers; floats where there are eight and more. */
    private void constant(long count) {
        if (count > 0 && count < 8) {
            sink.bytes(new byte[(int) count * Float.BYTES]);
        } else if (count > 0) {
            sink.u8(0);
            sink.zigzag(rarely() ? random.nextInt() : 0x7f);
        }
    }
}
