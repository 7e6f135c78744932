package dev.bonsai.file;

/**
 * The length of a part of a file.
 *
 * @param bytes how many bytes it has
 * @param ideal how many they would be by the probabilities alone, if nothing were rounded up; the
 *     same where nothing is coded
 */
record Length(long bytes, double ideal) {

    static final Length NONE = of(0);

    /** A length of what is not coded. */
    static Length of(long bytes) {
        return new Length(bytes, bytes);
    }

    Length plus(Length other) {
        return new Length(bytes + other.bytes, ideal + other.ideal);
    }

    Length minus(Length other) {
        return new Length(bytes - other.bytes, ideal - other.ideal);
    }
}
