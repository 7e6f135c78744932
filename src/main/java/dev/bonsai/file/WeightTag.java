package dev.bonsai.file;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight.Role;

/**
 * The byte that says what a parameter is: its role in bits 0 and 1, its kind in 2 and 3, its coding
 * in 4 to 7; a short kind is told apart by one more byte. The numbers are part of the format.
 */
record WeightTag(Role role, int kind, Coding coding) {

    static final int DENSE = 0;
    static final int GRID = 1;
    static final int CODEBOOK = 2;

    /** Floats of fewer than 32 bits. */
    static final int SHORT = 3;

    static WeightTag of(Role role, EncodedWeight value, Coding coding) {
        return new WeightTag(role, kind(value), coding);
    }

    private static int kind(EncodedWeight value) {
        if (value instanceof DenseWeight dense) {
            return dense.format() == FloatFormat.FLOAT32 ? DENSE : SHORT;
        }
        return value instanceof GridWeight ? GRID : CODEBOOK;
    }

    /** Writes which floats a short weight has. */
    static void writeFormat(FloatFormat format, ByteSink sink) {
        sink.u8(
                switch (format) {
                    case FLOAT32 -> throw new IllegalArgumentException("32-bit floats are dense");
                    case FLOAT16 -> 0;
                    case BFLOAT16 -> 1;
                });
    }

    static FloatFormat readFormat(ByteSource source) throws BonsaiFormatException {
        int tag = source.u8("its float format");
        return switch (tag) {
            case 0 -> FloatFormat.FLOAT16;
            case 1 -> FloatFormat.BFLOAT16;
            default -> throw unknown(source, "float format", tag);
        };
    }

    void write(ByteSink sink) {
        sink.u8(roleTag() | kind << 2 | coding.tag() << 4);
    }

    static WeightTag read(ByteSource source) throws BonsaiFormatException {
        int tag = source.u8("its tag");
        Role role =
                switch (tag & 3) {
                    case 0 -> Role.WEIGHT;
                    case 1 -> Role.BIAS;
                    case 2 -> Role.OTHER;
                    default -> throw unknown(source, "role", tag & 3);
                };
        return new WeightTag(role, tag >> 2 & 3, Coding.of(tag >> 4, source));
    }

    private static BonsaiFormatException unknown(ByteSource source, String what, int tag) {
        return source.error(
                "it has " + what + " " + tag + ", which is unknown", BonsaiFormatException.UPDATE);
    }

    private int roleTag() {
        return switch (role) {
            case WEIGHT -> 0;
            case BIAS -> 1;
            case OTHER -> 2;
        };
    }
}
