package dev.bonsai.gate;

/** What the gate made of a state of the model. */
public enum Verdict {
    /** The metric before anything was changed. */
    BASELINE,
    /** Within tolerance: from now on this is the state to fall back to. */
    ACCEPTED,
    /** Tried and not taken up, because it costs too much and training would not bring it back. */
    REFUSED,
    /** The data doesn't tell whether it is within tolerance, and the model trains on. */
    UNDECIDED,
    /** Out of tolerance, and the model trains on to come back. */
    RECOVERING,
    /** Out of tolerance after recovery: undone. */
    ROLLED_BACK,
    /** The technique has reached its target, or no smaller step is worth a trial. */
    DONE
}
