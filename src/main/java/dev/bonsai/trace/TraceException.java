package dev.bonsai.trace;

/**
 * A block of which no graph can be made: says which operator of which block is in the way, and how
 * to mend it.
 */
public final class TraceException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened, where, and the remedy
     */
    public TraceException(String message) {
        super(message);
    }

    /**
     * @param message what happened, where, and the remedy
     * @param cause what it came from
     */
    public TraceException(String message, Throwable cause) {
        super(message, cause);
    }
}
