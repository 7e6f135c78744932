package dev.bonsai.file;

/** Values of a weight in a coding that is decided on, not yet written. */
interface Coded {

    /** Tells how many bytes it takes. */
    long bytes();

    /** Writes them. */
    void write(ByteSink sink);

    /** Returns the shorter of two, the first where they are of one length. */
    static Coded shorter(Coded first, Coded second) {
        return second.bytes() < first.bytes() ? second : first;
    }
}
