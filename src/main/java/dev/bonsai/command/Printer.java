package dev.bonsai.command;

import java.io.PrintWriter;
import java.io.Writer;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Prints lines at once, however long the work between them takes. On a terminal there is colour,
 * and a last line that comes and goes; in a log there is neither.
 */
public final class Printer {

    private static final String BACK_AND_CLEAR = "\r\u001b[K";

    private final PrintWriter out;
    private final Ansi ansi;
    private boolean passing;

    private Printer(PrintWriter out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    /**
     * Makes what prints the lines of a command.
     *
     * @param command the command
     * @return the printer
     */
    public static Printer of(CommandSpec command) {
        CommandLine line = command.commandLine();
        return new Printer(line.getOut(), line.getColorScheme().ansi());
    }

    /**
     * Makes a printer that prints nothing, for work that nobody watches.
     *
     * @return the printer
     */
    public static Printer silent() {
        return new Printer(new PrintWriter(Writer.nullWriter()), Ansi.OFF);
    }

    /**
     * Prints a line.
     *
     * @param line the line, or several of them
     */
    public void say(Object line) {
        clear();
        out.println(line);
        out.flush();
    }

    /**
     * Prints what the user may do next, which is the last line of a command.
     *
     * @param what the command, or what to do in a few words
     */
    public void next(String what) {
        say("Next: " + styled(what, Tone.COMMAND));
    }

    /**
     * Shows on a terminal how far the work has come, until something else is printed.
     *
     * @param line a short line
     */
    public void pass(String line) {
        if (ansi.enabled()) {
            out.print(BACK_AND_CLEAR + line);
            out.flush();
            passing = true;
        }
    }

    /** Takes away what {@link #pass} has shown. */
    private void clear() {
        if (passing) {
            out.print(BACK_AND_CLEAR);
            passing = false;
        }
    }

    /**
     * Returns a text in colour where there is colour.
     *
     * @param text the text
     * @param tone what it says
     * @return the text with what the terminal needs
     */
    public String styled(String text, Tone tone) {
        return ansi.enabled() ? tone.code() + text + Tone.PLAIN : text;
    }
}
