package dev.bonsai.cli;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import dev.bonsai.npy.NpyFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The jar of the command line, as {@code package} has made it. Runs behind {@code package}. */
public class CommandJarTest {

    private static final Path JAR = Path.of(System.getProperty("bonsai.cli.jar", "none"));

    private static final long LARGEST = 100_000_000;

    private Path folder;
    private Path model;
    private Path onnx;
    private Path rows;

    @BeforeClass
    public void writeFiles() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        model = SmallModels.write(folder.resolve("model.bonsai"), SmallModels.layers());
        onnx = SmallModels.writeOnnx(folder.resolve("model.onnx"), SmallModels.layers());
        rows = folder.resolve("rows.npy");
        NpyFile.write(rows, SmallModels.random(1, 8, 64));
    }

    @Test
    public void itHoldsAllButPyTorchsLibraryAndNoSignatures() throws Exception {
        assertTrue(Files.size(JAR) <= LARGEST, JAR + " has " + Files.size(JAR) + " bytes");
        try (JarFile jar = new JarFile(JAR.toFile())) {
            jar.stream()
                    .map(entry -> entry.getName())
                    .forEach(
                            name -> {
                                assertFalse(name.endsWith("module-info.class"), name);
                                assertFalse(name.matches("META-INF/.*\\.(SF|RSA|DSA)"), name);
                                assertFalse(name.contains("libtorch"), name);
                            });
            String engines =
                    new String(
                            jar.getInputStream(
                                            jar.getEntry(
                                                    "META-INF/services/ai.djl.engine.EngineProvider"))
                                    .readAllBytes(),
                            StandardCharsets.UTF_8);
            assertTrue(engines.contains("pytorch"), engines);
        }
    }

    @DataProvider
    Object[][] commands() {
        return new Object[][] {
            {List.of("--help"), "compress"},
            {List.of("--version"), "Bonsai "},
            {List.of("inspect", model), "= Gemm("},
            {List.of("predict", model, rows), "class "},
            {List.of("export", model, "--to", folder.resolve("floats.onnx")), "32-bit floats"},
            {
                List.of(
                        "export",
                        model,
                        "--to",
                        folder.resolve("int8.onnx"),
                        "--int8",
                        "--calibrate",
                        rows),
                "int8"
            },
            {List.of("import", onnx, "--to", folder.resolve("to.bonsai")), "3 operators"},
            {List.of("unpack", model, "--out", folder.resolve("out")), "3 weights"},
            {List.of("completion"), "bonsai"},
        };
    }

    @Test(dataProvider = "commands")
    public void itRunsAlone(List<?> args, String part) throws Exception {
        run(args, 0, part);
    }

    @Test
    public void whatItLacksForAClusterIsNamed() throws Exception {
        run(List.of("search", "--spark", "spark://host:7077"), 2, "start this command with spark-");
    }

    private static void run(List<?> args, int status, String part) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-jar",
                                JAR.toString()));
        args.forEach(arg -> command.add(arg.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        assertEquals(process.exitValue(), status, said);
        assertTrue(said.contains(part), said);
    }
}
