package dev.bonsai.examples;

import dev.bonsai.CompressionListener;
import dev.bonsai.gate.Trial;
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

    /** Prints a verdict of the gate, as soon as it is known. */
    void trial(Trial trial) {
        say(GateLine.of(trial));
    }

    /** Returns what prints a plain training. */
    Progress progress(int epochs) {
        return new Progress(this, epochs, null);
    }

    /** Returns what prints the epochs of a compression, each before it is judged. */
    Progress progress(int epochs, CompressionListener listener) {
        return new Progress(this, epochs, listener);
    }
}
