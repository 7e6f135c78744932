package dev.bonsai.gate;

/** What the gate's machine is about, with what it knows of that and of nothing else. */
public sealed interface Phase {

    /** The model is trained as it is, and nothing was measured that steps are judged against. */
    record Dense() implements Phase {}

    /** The accepted state is in effect, and within tolerance when it was looked at last. */
    record Idle() implements Phase {}

    /**
     * The accepted state has been trained out of tolerance.
     *
     * @param epochs for how many epoch ends in a row
     */
    record Drifted(int epochs) implements Phase {}

    /**
     * A step that is not accepted yet is trained.
     *
     * @param level the level of the technique whose turn it is
     * @param tried the metrics of the step before it was trained
     * @param epochs for how many epoch ends in a row it has not been within tolerance
     */
    record OnTrial(double level, Metrics tried, int epochs) implements Phase {}

    /** Every technique has come as far as it comes; the accepted state trains on. */
    record Done() implements Phase {}
}
