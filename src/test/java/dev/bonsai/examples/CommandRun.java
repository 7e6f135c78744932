package dev.bonsai.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What came of the example when it was run as from a command line.
 *
 * @param status the exit status
 * @param out what it printed
 * @param err what it printed as errors
 */
record CommandRun(int status, String out, String err) {

    /** Runs the example on digits. */
    static CommandRun of(String... args) {
        return of(Example.MNIST, args);
    }

    static CommandRun of(Example example, String... args) {
        PrintStream oldOut = System.out;
        PrintStream oldErr = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream failed = new ByteArrayOutputStream();
        try (PrintStream newOut = new PrintStream(printed, true, StandardCharsets.UTF_8);
                PrintStream newErr = new PrintStream(failed, true, StandardCharsets.UTF_8)) {
            System.setOut(newOut);
            System.setErr(newErr);
            int status = example.run(args);
            return new CommandRun(
                    status,
                    printed.toString(StandardCharsets.UTF_8),
                    failed.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(oldOut);
            System.setErr(oldErr);
        }
    }
}
