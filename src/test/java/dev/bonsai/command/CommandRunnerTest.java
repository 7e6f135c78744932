package dev.bonsai.command;

import static org.testng.Assert.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;
import picocli.CommandLine;

/** What goes wrong while a command works is one line too. */
public class CommandRunnerTest {

    @CommandLine.Command
    private record Failing(Exception failure) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            throw failure;
        }
    }

    @DataProvider
    Object[][] failures() {
        IOException full = new IOException("No space left on device");
        return new Object[][] {
            {full, 1, "java.io.IOException: No space left on device"},
            {
                new UncheckedIOException("The run could not be\nwritten down", full),
                1,
                "The run could not be written down (java.io.IOException: No space left on device)"
            },
            {new InputException("--out: take\nanother folder"), 2, "--out: take another folder"},
        };
    }

    @Test(dataProvider = "failures")
    public void aFailureIsOneLine(Exception failure, int status, String said) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setErr(err);
            assertEquals(CommandRunner.run(new Failing(failure)), status);
        } finally {
            System.setErr(before);
        }
        String printed = bytes.toString(StandardCharsets.UTF_8);
        assertEquals(printed, said.replace("\n", " ") + System.lineSeparator());
    }
}
