package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** The example, killed with signal 9 and started again, writes what it writes undisturbed. */
public class KilledExampleTest {

    private static final int EPOCHS = 4;
    private static final Pattern AFTER = Pattern.compile("Going on after epoch (\\d+) of 4\\R");

    private Path folder;

    @BeforeClass
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("bonsai");
    }

    @AfterClass
    void removeFolder() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test(timeOut = 300_000)
    public void killedTwiceItWritesTheSameFilesToTheLastByte() throws Exception {
        Path whole = folder.resolve("whole");
        assertEquals(start(whole).waitFor(), 0, output());
        Path killed = folder.resolve("killed");
        String checkpoints = folder.resolve("checkpoints").toString();
        killBehind("epoch  1 of 2", killed, "--checkpoints", checkpoints);
        killBehind("epoch  3 of 4", killed, "--checkpoints", checkpoints);
        assertTrue(output().contains("Dense training"), output());
        assertEquals(start(killed, "--checkpoints", checkpoints).waitFor(), 0, output());
        assertWentOn();
        for (String name :
                List.of(
                        DenseFile.PARAMETERS,
                        DenseFile.ORIGIN,
                        "compressed-0000.params",
                        "model.bonsai",
                        "model.onnx")) {
            assertEquals(
                    Files.readAllBytes(killed.resolve(name)),
                    Files.readAllBytes(whole.resolve(name)),
                    name);
        }
        assertEquals(ReportNumbers.of(killed), ReportNumbers.of(whole));
    }

    /** The epochs have the numbers that they have in a run that was not killed. */
    private void assertWentOn() throws IOException {
        Matcher behind = AFTER.matcher(output());
        assertTrue(behind.find(), output());
        int epochs = Integer.parseInt(behind.group(1));
        assertTrue(epochs == 2 || epochs == 3, "the kill came before or behind the checkpoint");
        assertEquals(
                output().lines()
                        .filter(line -> line.matches("epoch  \\d of 4 .*"))
                        .map(line -> line.substring(0, "epoch  1 of 4".length()))
                        .toList(),
                IntStream.rangeClosed(epochs + 1, EPOCHS)
                        .mapToObj(epoch -> String.format(Locale.ROOT, "epoch %2d of 4", epoch))
                        .toList());
        assertTrue(output().contains("Dense network of an earlier run"), output());
        assertFalse(output().contains("Dense training"), output());
    }

    private Process start(Path out, String... more) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                MnistCompression.class.getName(),
                                "--dataset",
                                "digits",
                                "--network",
                                "tiny",
                                "--dense-epochs",
                                "2",
                                "--epochs",
                                Integer.toString(EPOCHS),
                                "--out",
                                out.toString()));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }

    private void killBehind(String line, Path out, String... more) throws Exception {
        Process process = start(out, more);
        try {
            while (!output().contains(line)) {
                assertTrue(process.isAlive(), output());
                Thread.sleep(5);
            }
        } finally {
            process.destroyForcibly();
            assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        }
    }
}
