package dev.bonsai.search;

import java.io.IOException;
import java.io.Serial;

/**
 * Says why a search can't go on with a journal: it is in use, damaged, of another search, or can't
 * be written. The message names the file, what was expected and how to mend it.
 */
public final class JournalException extends IOException {

    @Serial private static final long serialVersionUID = 1;

    JournalException(String message) {
        super(message);
    }

    JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
