package dev.bonsai.command;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.engine.EngineException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.Callable;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;
import picocli.CommandLine;

/** What goes wrong while a command works is one line too. */
public class CommandRunnerTest {

    @CommandLine.Command
    private record Failing(Throwable failure) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        }
    }

    @CommandLine.Command(name = "run")
    private static final class Given implements Callable<Integer> {

        @CommandLine.Parameters private List<String> words;

        @Override
        public Integer call() {
            return words.size();
        }
    }

    @Test
    void aCommandIsToldSoThatAShellReadsItTheSame() {
        String[] words = {"--", "a/b-1.5=x", "two words", "$HOME", "it's", "", "*"};
        CommandLine line = new CommandLine(new Given());
        line.execute(words);
        assertEquals(
                CommandRunner.given(line.getCommandSpec()),
                "run -- a/b-1.5=x 'two words' '$HOME' 'it'\\''s' '' '*'");
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
            {new NoSuchFileException("a.npy"), 2, "There is no file a.npy: name one that is there"},
            {
                new IllegalStateException("a bug"),
                1,
                "java.lang.IllegalStateException: a bug; --verbose tells where it was thrown"
            },
            {
                new EngineException("no library"),
                1,
                "DJL's engine: no library; if it can't fetch PyTorch's library, put"
                        + " ai.djl.pytorch:pytorch-native-cpu on the class path, and if it has it,"
                        + " --verbose tells where this was thrown"
            },
            {
                new OutOfMemoryError("Java heap space"),
                1,
                "Java heap space: give Java more memory, such as java -Xmx8g"
            },
            {
                new NoClassDefFoundError("ai/onnx/Missing"),
                1,
                "java.lang.NoClassDefFoundError: ai/onnx/Missing; --verbose tells where it was"
                        + " thrown"
            },
        };
    }

    @Test(dataProvider = "failures")
    public void aFailureIsOneLine(Throwable failure, int status, String said) {
        assertEquals(errors(failure, status), said.replace("\n", " ") + System.lineSeparator());
    }

    @Test(dataProvider = "failures")
    public void theTraceIsForThoseWhoWantIt(Throwable failure, int status, String said) {
        String errors = errors(failure, status, "--verbose");
        assertEquals(errors.lines().findFirst().orElse(""), said.replace("\n", " "));
        assertTrue(errors.contains("\tat "), errors);
    }

    private static String errors(Throwable failure, int status, String... args) {
        StringWriter errors = new StringWriter();
        CommandLine line = new CommandLine(new Failing(failure));
        line.setErr(new PrintWriter(errors));
        assertEquals(CommandRunner.run(line, args), status);
        return errors.toString();
    }
}
