package dev.bonsai.examples.data;

import dev.bonsai.command.InputException;
import java.io.Serial;

/**
 * Says in one line why a data set cannot be used: what was found, what was expected and how to mend
 * it.
 */
public final class DataException extends InputException {

    @Serial private static final long serialVersionUID = 1;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
