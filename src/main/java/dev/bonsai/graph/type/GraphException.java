package dev.bonsai.graph.type;

import java.util.Locale;

/** A graph, or a value given to one, that can't be: says what, where, and how to mend it. */
public final class GraphException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what happened, what was expected, and the remedy
     * @param parts what stands for each %s of the message; where there are none, nothing is put in
     */
    public GraphException(String message, Object... parts) {
        super(parts.length == 0 ? message : String.format(Locale.ROOT, message, parts));
    }

    /**
     * @param message what happened, what was expected, and the remedy
     * @param cause what it came from
     */
    public GraphException(String message, Throwable cause) {
        super(message, cause);
    }
}
