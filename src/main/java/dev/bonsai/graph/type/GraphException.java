package dev.bonsai.graph.type;

/** A graph, or a value given to one, that can't be: says what, where, and how to mend it. */
public final class GraphException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened, what was expected, and the remedy
     */
    public GraphException(String message) {
        super(message);
    }

    /**
     * @param message what happened, what was expected, and the remedy
     * @param cause what it came from
     */
    public GraphException(String message, Throwable cause) {
        super(message, cause);
    }
}
