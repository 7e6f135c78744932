package dev.bonsai.gate;

/** What a gate can say of a state. */
enum Judgement {
    /** Within tolerance. */
    PASSES,
    /** Within tolerance or not: the data doesn't tell at the confidence that is asked for. */
    UNDECIDED,
    /** Out of tolerance. */
    FAILS;

    /** Returns the worse of two. */
    Judgement and(Judgement other) {
        return compareTo(other) > 0 ? this : other;
    }
}
