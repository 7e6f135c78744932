package dev.bonsai.file;

/** The indices of the nonzeros of a weight, in ascending order. */
final class Positions {

    private static final String WHAT = "the positions";
    private static final int MAX_PARAMETER = 30;

    private Positions() {}

    /** One bit an element. */
    static ByteSink bitmap(int[] positions, int size) {
        byte[] bitmap = new byte[bitmapBytes(size)];
        for (int position : positions) {
            bitmap[position >> 3] |= (byte) (1 << (position & 7));
        }
        ByteSink sink = new ByteSink();
        sink.bytes(bitmap);
        return sink;
    }

    /** The count, the Rice parameter k, then each gap: {@code gap >> k} in unary, and k bits. */
    static ByteSink gaps(int[] positions) {
        ByteSink sink = new ByteSink();
        sink.varint(positions.length);
        if (positions.length == 0) {
            return sink;
        }
        int parameter = bestParameter(positions);
        sink.u8(parameter);
        BitSink bits = new BitSink(sink);
        int previous = -1;
        for (int position : positions) {
            int gap = position - previous - 1;
            bits.unary(gap >> parameter);
            bits.write(gap & ((1L << parameter) - 1), parameter);
            previous = position;
        }
        bits.finish();
        return sink;
    }

    private static int bestParameter(int[] positions) {
        int best = 0;
        long fewest = Long.MAX_VALUE;
        for (int k = 0; k <= MAX_PARAMETER; ++k) {
            long bits = (long) positions.length * (1 + k);
            int previous = -1;
            for (int position : positions) {
                bits += (position - previous - 1) >> k;
                previous = position;
            }
            if (bits >= fewest) {
                break; // the cost is convex in k
            }
            fewest = bits;
            best = k;
        }
        return best;
    }

    static int[] read(Coding coding, ByteSource source, int size) throws BonsaiFormatException {
        return coding == Coding.BITMAP ? readBitmap(source, size) : readGaps(source, size);
    }

    private static int[] readBitmap(ByteSource source, int size) throws BonsaiFormatException {
        byte[] bitmap = source.bytes(bitmapBytes(size), WHAT);
        int count = 0;
        for (byte bits : bitmap) {
            count += Integer.bitCount(bits & 0xff);
        }
        int[] positions = new int[count];
        int next = 0;
        for (long i = 0; i < 8L * bitmap.length && next < count; ++i) {
            if ((bitmap[(int) (i >> 3)] >> (i & 7) & 1) == 1) {
                positions[next++] = (int) Math.min(i, Integer.MAX_VALUE);
            }
        }
        if (count > 0 && positions[count - 1] >= size) {
            throw source.error(WHAT + " lead beyond the end of the weight");
        }
        return positions;
    }

    private static int[] readGaps(ByteSource source, int size) throws BonsaiFormatException {
        int count = (int) source.varint("the number of nonzeros", size);
        if (count == 0) {
            return new int[0];
        }
        int parameter = source.u8(WHAT);
        if (parameter > MAX_PARAMETER) {
            throw source.error("the Rice parameter is at most 30, but the file says " + parameter);
        }
        source.need((count * (1L + parameter) + 7) / 8, WHAT);
        int[] positions = new int[count];
        BitSource bits = new BitSource(source, WHAT);
        int next = 0;
        for (int i = 0; i < count; ++i) {
            int quotient = bits.unary((size - next) >> parameter);
            long position = next + ((long) quotient << parameter) + bits.read(parameter);
            if (position >= size) {
                throw source.error(WHAT + " lead beyond the end of the weight");
            }
            positions[i] = (int) position;
            next = positions[i] + 1;
        }
        return positions;
    }

    private static int bitmapBytes(int size) {
        return (int) (((long) size + 7) / 8);
    }
}
