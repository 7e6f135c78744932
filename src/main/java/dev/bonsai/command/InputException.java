package dev.bonsai.command;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Says in one line why a command can't do what it is asked for: what was found, what was expected
 * and how to mend it.
 */
public class InputException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    /**
     * Makes an exception.
     *
     * @param message the whole line
     */
    public InputException(String message) {
        super(message);
    }

    /**
     * Makes an exception of another one.
     *
     * @param message the whole line
     * @param cause what was thrown before; null for nothing
     */
    public InputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
