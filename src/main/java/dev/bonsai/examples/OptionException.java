package dev.bonsai.examples;

import java.io.Serial;

/**
 * Says in one line why the command can't do what the options ask for: what was found, what was
 * expected and how to mend it.
 */
final class OptionException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    OptionException(String message) {
        super(message);
    }

    OptionException(String message, Throwable cause) {
        super(message, cause);
    }
}
