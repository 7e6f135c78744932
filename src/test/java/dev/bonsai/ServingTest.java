package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/**
 * Predictors in other threads, while the model is trained, judged, rolled back, refreshed and
 * baked: no crash, no error, and each answer is that of one accepted state.
 */
public class ServingTest {

    @DataProvider
    Object[][] courses() {
        Object[][] crowds =
                Cross.of(Served.COURSES.keySet().toArray(), new Integer[] {8}, Form.values());
        Object[] alone = {"regrowth", 1, Form.BLOCKS};
        return Stream.concat(Stream.of(crowds), Stream.<Object[]>of(alone))
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "courses")
    public void eachAnswerIsThatOfOneAcceptedState(String course, int threads, Form form)
            throws Exception {
        Path log = Files.createTempFile("served", ".log");
        try {
            Process process =
                    new ProcessBuilder(
                                    List.of(
                                            ProcessHandle.current().info().command().orElse("java"),
                                            "-Xmx512m",
                                            "-XX:-CreateCoredumpOnCrash",
                                            "-XX:ErrorFile=" + log + ".crash",
                                            "-cp",
                                            System.getProperty("java.class.path"),
                                            Served.class.getName(),
                                            course,
                                            String.valueOf(threads),
                                            form.name()))
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            boolean ended = process.waitFor(2, TimeUnit.MINUTES);
            process.destroyForcibly();
            assertTrue(ended, "hangs: " + Files.readString(log));
            assertEquals(process.exitValue(), 0, Files.readString(log));
        } finally {
            Files.delete(log);
            Files.deleteIfExists(new File(log + ".crash").toPath());
        }
    }
}
