package dev.bonsai.file;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;

/** The indices of the nonzeros of a weight, in ascending order. */
final class Positions {

    private static final String WHAT = "the positions";
    private static final int MAX_PARAMETER = 30;

    private Positions() {}

    /** Decides on the shorter of both codings. */
    static Chosen of(BitSet nonzeros, int size) {
        Bitmap bitmap = new Bitmap(nonzeros, bitmapBytes(size));
        Gaps gaps = Gaps.of(nonzeros);
        return gaps.bytes() < bitmap.bytes()
                ? new Chosen(Coding.GAPS, gaps)
                : new Chosen(Coding.BITMAP, bitmap);
    }

    /** Positions in a coding. */
    record Chosen(Coding coding, Coded coded) {}

    /** One bit an element. */
    private record Bitmap(BitSet positions, int length) implements Coded {

        @Override
        public long bytes() {
            return length;
        }

        @Override
        public void write(ByteSink sink) {
            sink.bytes(Arrays.copyOf(positions.toByteArray(), length));
        }
    }

    /** The count, the Rice parameter k, then each gap: {@code gap >> k} in unary, and k bits. */
    private record Gaps(IntSequence positions, int parameter, long bits) implements Coded {

        static Gaps of(BitSet nonzeros) {
            IntSequence positions = IntSequence.of(nonzeros);
            int best = 0;
            long fewest = Long.MAX_VALUE;
            for (int k = 0; k <= MAX_PARAMETER; ++k) {
                long bits = cost(positions, k);
                if (bits >= fewest) {
                    break; // the cost is convex in k
                }
                fewest = bits;
                best = k;
            }
            return new Gaps(positions, best, fewest);
        }

        private static long cost(IntSequence positions, int k) {
            long[] bits = {(long) positions.count() * (1 + k)};
            forEachGap(positions, gap -> bits[0] += gap >> k);
            return bits[0];
        }

        private static void forEachGap(IntSequence positions, IntConsumer action) {
            int[] previous = {-1};
            positions.forEach(
                    position -> {
                        action.accept(position - previous[0] - 1);
                        previous[0] = position;
                    });
        }

        @Override
        public long bytes() {
            ByteSink count = new ByteSink();
            count.varint(positions.count());
            return count.size() + (positions.count() == 0 ? 0 : 1 + (bits + 7) / 8);
        }

        @Override
        public void write(ByteSink sink) {
            sink.varint(positions.count());
            if (positions.count() == 0) {
                return;
            }
            sink.u8(parameter);
            BitSink out = new BitSink(sink);
            forEachGap(
                    positions,
                    gap -> {
                        out.unary(gap >> parameter);
                        out.write(gap & ((1L << parameter) - 1), parameter);
                    });
            out.finish();
        }
    }

    static BitSet read(Coding coding, ByteSource source, int size) throws BonsaiFormatException {
        return coding == Coding.BITMAP ? readBitmap(source, size) : readGaps(source, size);
    }

    private static BitSet readBitmap(ByteSource source, int size) throws BonsaiFormatException {
        BitSet positions = BitSet.valueOf(source.bytes(bitmapBytes(size), WHAT));
        if (positions.length() > size) {
            throw source.error(WHAT + " lead beyond the end of the weight");
        }
        return positions;
    }

    private static BitSet readGaps(ByteSource source, int size) throws BonsaiFormatException {
        int count = (int) source.varint("the number of nonzeros", size);
        BitSet positions = new BitSet();
        if (count == 0) {
            return positions;
        }
        int parameter = source.u8(WHAT);
        if (parameter > MAX_PARAMETER) {
            throw source.error("the Rice parameter is at most 30, but the file says " + parameter);
        }
        source.need((count * (1L + parameter) + 7) / 8, WHAT);
        BitSource bits = new BitSource(source, WHAT);
        int next = 0;
        for (int i = 0; i < count; ++i) {
            int quotient = bits.unary((size - next) >> parameter);
            long position = next + ((long) quotient << parameter) + bits.read(parameter);
            if (position >= size) {
                throw source.error(WHAT + " lead beyond the end of the weight");
            }
            positions.set((int) position);
            next = (int) position + 1;
        }
        return positions;
    }

    private static int bitmapBytes(int size) {
        return (int) (((long) size + 7) / 8);
    }
}
