package dev.bonsai.file;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight.Role;

/**
 * The byte that says what a parameter is: its role in bits 0 and 1, its kind in 2, 3 and 7 (the
 * highest), its coding in 4 to 6; one more byte says which floats a short weight has, and which
 * type an exact one. The numbers are part of the format.
 */
record WeightTag(Role role, int kind, Coding coding) {

    static final int DENSE = 0;
    static final int GRID = 1;
    static final int CODEBOOK = 2;

    /** Floats of fewer than 32 bits. */
    static final int SHORT = 3;

    /** Elements of another type, bit for bit. */
    static final int EXACT = 4;

    static WeightTag of(Role role, EncodedWeight value, Coding coding) {
        return new WeightTag(role, kind(value), coding);
    }

    private static int kind(EncodedWeight value) {
        if (value instanceof DenseWeight dense) {
            return dense.format() == FloatFormat.FLOAT32 ? DENSE : SHORT;
        }
        if (value instanceof ExactWeight) {
            return EXACT;
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

    static void writeType(ElementType type, ByteSink sink) {
        sink.u8(
                switch (type) {
                    case FLOAT32 -> throw new AssertionError("no exact weight is of " + type);
                    case FLOAT64 -> 0;
                    case FLOAT16 -> 1;
                    case BFLOAT16 -> 2;
                    case INT8 -> 3;
                    case UINT8 -> 4;
                    case INT16 -> 5;
                    case UINT16 -> 6;
                    case INT32 -> 7;
                    case UINT32 -> 8;
                    case INT64 -> 9;
                    case UINT64 -> 10;
                    case BOOLEAN -> 11;
                });
    }

    static ElementType readType(ByteSource source) throws BonsaiFormatException {
        int tag = source.u8("its element type");
        return switch (tag) {
            case 0 -> ElementType.FLOAT64;
            case 1 -> ElementType.FLOAT16;
            case 2 -> ElementType.BFLOAT16;
            case 3 -> ElementType.INT8;
            case 4 -> ElementType.UINT8;
            case 5 -> ElementType.INT16;
            case 6 -> ElementType.UINT16;
            case 7 -> ElementType.INT32;
            case 8 -> ElementType.UINT32;
            case 9 -> ElementType.INT64;
            case 10 -> ElementType.UINT64;
            case 11 -> ElementType.BOOLEAN;
            default -> throw unknown(source, "element type", tag);
        };
    }

    void write(ByteSink sink) {
        sink.u8(roleTag() | ((kind & 3) << 2) | (coding.tag() << 4) | (kind >> 2 << 7));
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
        int kind = ((tag >> 2) & 3) | (tag >> 7 << 2);
        if (kind > EXACT) {
            throw unknown(source, "kind", kind);
        }
        return new WeightTag(role, kind, Coding.of(tag >> 4 & 7, source));
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
