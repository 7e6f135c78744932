package dev.bonsai.page;

import java.io.IOException;
import java.io.Serial;

/** Says why a file is no report: what was found, what was expected and how to mend it. */
public final class ReportFormatException extends IOException {

    @Serial private static final long serialVersionUID = 1;

    ReportFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
