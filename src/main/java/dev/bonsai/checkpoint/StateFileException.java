package dev.bonsai.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Says that a file holds no state that this version can read: where it is wrong, what was expected
 * there, and what to do.
 */
public final class StateFileException extends IOException {

    static final String COPY_AGAIN = "Copy the file again from where it was written";
    static final String OTHER = "Name the file of another epoch, or begin the training anew";

    private static final long serialVersionUID = 1L;

    /** What a message quotes of a file may be as long as the file. */
    private static final int LONGEST = 400;

    StateFileException(Path file, String place, String problem, String remedy) {
        this(file, place, problem, remedy, null);
    }

    StateFileException(Path file, String place, String problem, String remedy, Throwable cause) {
        super(
                String.format(
                        Locale.ROOT, "%s: %s: %s. %s.", file, place, shortened(problem), remedy),
                cause);
    }

    private static String shortened(String text) {
        int end = LONGEST / 2;
        return text.length() <= LONGEST
                ? text
                : text.substring(0, end) + " ... " + text.substring(text.length() - end);
    }
}
