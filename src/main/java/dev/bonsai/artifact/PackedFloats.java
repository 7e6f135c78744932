package dev.bonsai.artifact;

/**
 * 32-bit floats, bit for bit, without the exponent bits that they do not need.
 *
 * <p>With the sign moved from the highest bit to the lowest, floats of a similar magnitude are
 * integers of a small range. Fewer than {@link #FEW} floats are written as they are.
 */
final class PackedFloats {

    private static final int FEW = 8;

    private PackedFloats() {}

    static void write(float[] values, ByteSink sink) {
        if (values.length < FEW) {
            for (float value : values) {
                sink.int32(Float.floatToRawIntBits(value));
            }
            return;
        }
        int[] symbols = new int[values.length];
        for (int i = 0; i < symbols.length; ++i) {
            int bits = Float.floatToRawIntBits(values[i]);
            symbols[i] = Integer.rotateLeft(bits, 1) ^ Integer.MIN_VALUE; // in unsigned order
        }
        PackedInts.write(symbols, PackedInts.NONE, sink);
    }

    static float[] read(ByteSource source, int count, String what) throws BonsaiFormatException {
        if (count < FEW) {
            float[] values = new float[count];
            for (int i = 0; i < count; ++i) {
                values[i] = Float.intBitsToFloat(source.int32(what));
            }
            return values;
        }
        int[] symbols = PackedInts.read(source, count, PackedInts.NONE, what);
        float[] values = new float[count];
        for (int i = 0; i < count; ++i) {
            int bits = Integer.rotateRight(symbols[i] ^ Integer.MIN_VALUE, 1);
            values[i] = Float.intBitsToFloat(bits);
        }
        return values;
    }
}
