package dev.bonsai.examples;

import dev.bonsai.CompressionListener;
import java.io.PrintWriter;

/** Prints lines at once, however long the work between them takes. */
final class Printer {

    private final PrintWriter out;

    Printer(PrintWriter out) {
        this.out = out;
    }

    void say(Object line) {
        out.println(line);
        out.flush();
    }

    /** Returns what prints a plain training. */
    Progress progress(int epochs) {
        return new Progress(this, epochs, null);
    }

    /** Returns what prints a compression; it belongs behind the listener. */
    Progress progress(int epochs, CompressionListener listener) {
        return new Progress(this, epochs, listener);
    }
}
