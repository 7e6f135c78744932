package dev.bonsai.npy;

import java.io.IOException;
import java.io.Serial;

/** Says why bytes are no {@code .npy} file that can be read, and what to do. */
public final class NpyFormatException extends IOException {

    @Serial private static final long serialVersionUID = 1;

    NpyFormatException(String message) {
        super(message);
    }
}
