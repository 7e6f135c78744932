package dev.bonsai.cli;

import dev.bonsai.command.CommandRunner;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/**
 * What came of a command.
 *
 * @param status the exit status
 * @param out what it printed
 * @param err what it printed as errors
 */
record CliRun(int status, String out, String err) {

    /** Runs a command as in a log file. */
    static CliRun of(Object... args) {
        return of(Ansi.OFF, args);
    }

    static CliRun of(Ansi ansi, Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = BonsaiCommand.newCommandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        line.setColorScheme(Help.defaultColorScheme(ansi));
        String[] texts = new String[args.length];
        for (int i = 0; i < texts.length; ++i) {
            texts[i] = args[i].toString();
        }
        int status = CommandRunner.run(line, texts);
        return new CliRun(status, out.toString(), err.toString());
    }

    /** What it printed, after it went well. */
    String done() {
        if (status != 0 || !err.isEmpty()) {
            throw new AssertionError(status + " " + err);
        }
        return out;
    }

    String lastLine() {
        return out.lines().reduce("", (before, line) -> line);
    }
}
