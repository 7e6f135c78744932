package dev.bonsai.cli;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.npy.NpyFile;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Files are shown and run by a Java that has no engine and no native library. */
public class WithoutEngineTest {

    private Path folder;
    private Path model;
    private Path row;

    @BeforeClass
    public void writeFiles() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        model = SmallModels.write(folder.resolve("model.bonsai"), SmallModels.layers());
        row = folder.resolve("row.npy");
        NpyFile.write(row, SmallModels.random(1, 1, 64));
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(
                        entry ->
                                !entry.matches(
                                        ".*(pytorch|huggingface|onnxruntime|model-zoo|rapaio).*"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @DataProvider
    Object[][] commands() {
        return new Object[][] {
            {List.of("inspect", model), "= Gemm("},
            {List.of("predict", model, row), "class "},
            {List.of("unpack", model, "--out", folder.resolve("out")), "model.json"},
            {List.of("--help"), "compress"},
            {List.of("predict", "--help"), "--mean"},
        };
    }

    @Test(dataProvider = "commands")
    public void itRunsWithoutAnEngine(List<?> args, String part) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                classPath(),
                                BonsaiCommand.class.getName()));
        args.forEach(arg -> command.add(arg.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(process.exitValue(), 0, said);
        assertTrue(said.contains(part), said);
    }
}
