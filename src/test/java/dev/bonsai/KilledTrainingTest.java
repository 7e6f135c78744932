package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** A process that trains and is killed with signal 9, at moments that nobody chose. */
public class KilledTrainingTest {

    private static final int KILLS = 20;

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
    void runThatIsKilledEndsWithTheSameFileAsOneThatIsNot() throws Exception {
        Random random = new Random(1);
        for (int kill = 0; kill < KILLS; ++kill) {
            killSoon(random.nextInt(150));
        }
        assertTrue(run("killed", folder.resolve("killed.bonsai")).waitFor() == 0, output());
        assertTrue(output().contains("Going on after epoch"), output());
        assertTrue(run("whole", folder.resolve("whole.bonsai")).waitFor() == 0, output());
        assertEquals(
                Files.readString(folder.resolve("killed.bonsai.txt")),
                Files.readString(folder.resolve("whole.bonsai.txt")));
        assertEquals(
                Files.readAllBytes(folder.resolve("killed.bonsai")),
                Files.readAllBytes(folder.resolve("whole.bonsai")));
    }

    private Process run(String checkpoints, Path file) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LongTraining.class.getName(),
                        folder.resolve(checkpoints).toString(),
                        file.toString());
        builder.environment().put("OMP_NUM_THREADS", "1");
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }

    /** Kills the process some time after it has written a checkpoint, perhaps in the next one. */
    private void killSoon(int millis) throws Exception {
        List<Path> before = checkpoints();
        Process process = run("killed", folder.resolve("killed.bonsai"));
        try {
            while (checkpoints().equals(before)) {
                assertTrue(process.isAlive(), output());
                Thread.sleep(2);
            }
            Thread.sleep(millis);
            assertTrue(process.isAlive(), "it has ended before it was killed often enough");
        } finally {
            process.destroyForcibly();
            assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        }
    }

    private List<Path> checkpoints() throws IOException {
        Path checkpoints = folder.resolve("killed");
        if (!Files.isDirectory(checkpoints)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.filter(file -> file.toString().endsWith(".state")).sorted().toList();
        }
    }
}
