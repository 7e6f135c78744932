package dev.bonsai.artifact;

import dev.bonsai.format.DenseWeight;
import dev.bonsai.format.EncodedWeight;
import dev.bonsai.format.GridWeight;
import dev.bonsai.format.NamedWeight.Role;

/**
 * The byte that says what a parameter is: its role in bits 0 and 1, its kind in 2 and 3, its coding
 * in 4 to 7. The numbers are part of the format.
 */
record WeightTag(Role role, int kind, Coding coding) {

    static final int DENSE = 0;
    static final int GRID = 1;
    static final int CODEBOOK = 2;

    static WeightTag of(Role role, EncodedWeight value, Coding coding) {
        int kind =
                value instanceof DenseWeight
                        ? DENSE
                        : value instanceof GridWeight ? GRID : CODEBOOK;
        return new WeightTag(role, kind, coding);
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
        int kind = tag >> 2 & 3;
        if (kind > CODEBOOK) {
            throw unknown(source, "kind", kind);
        }
        return new WeightTag(role, kind, Coding.of(tag >> 4, source));
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
