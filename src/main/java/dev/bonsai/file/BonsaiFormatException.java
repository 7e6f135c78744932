package dev.bonsai.file;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Says that bytes are not a {@code .bonsai} file that this version can read: which section is
 * wrong, what was expected there, and what to do.
 */
public final class BonsaiFormatException extends IOException {

    static final String COPY_AGAIN = "Copy the file again from where it was written.";
    static final String UPDATE = "Update Bonsai to read it.";

    private static final long serialVersionUID = 1L;

    /** What a message quotes of a file may be as long as the file. */
    private static final int LONGEST = 240;

    BonsaiFormatException(String place, String problem, String remedy) {
        super(shortened(place) + ": " + shortened(problem) + ". " + remedy);
    }

    private static String shortened(String text) {
        int end = LONGEST / 2;
        return text.length() <= LONGEST
                ? text
                : text.substring(0, end) + " ... " + text.substring(text.length() - end);
    }

    private BonsaiFormatException(Path file, BonsaiFormatException cause) {
        super(file + ": " + cause.getMessage(), cause);
    }

    BonsaiFormatException in(Path file) {
        return new BonsaiFormatException(file, this);
    }
}
