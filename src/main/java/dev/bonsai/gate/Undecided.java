package dev.bonsai.gate;

/**
 * What becomes of a step on which the data doesn't tell, once training and looking have come to an
 * end: see {@link Gate.Builder#optConfidence}.
 */
public enum Undecided {
    /** It is undone: nothing is accepted that was not shown to be good enough. */
    ROLLED_BACK,
    /** It is accepted: nothing is refused that was not shown to be too bad. */
    ACCEPTED
}
