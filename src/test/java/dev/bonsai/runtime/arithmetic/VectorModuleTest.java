package dev.bonsai.runtime.arithmetic;

import static org.testng.Assert.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The arithmetic is chosen by the module, on this JDK and on every other that lies beside it. */
public class VectorModuleTest {

    private static final int OLDEST = 17;
    private static final String TESTS =
            ProductTest.class.getName() + "," + FunctionTest.class.getName();

    /** The homes of the JDKs, one per version. */
    @DataProvider
    Object[][] jdks() throws IOException {
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        List<Path> found = new ArrayList<>(List.of(home));
        List<Integer> versions = new ArrayList<>(List.of(Runtime.version().feature()));
        try (Stream<Path> beside = Files.list(home.getParent())) {
            for (Path other : beside.sorted().toList()) {
                int version = version(other);
                if (version >= OLDEST && !versions.contains(version)) {
                    versions.add(version);
                    found.add(other);
                }
            }
        }
        return found.stream().map(path -> new Object[] {path}).toArray(Object[][]::new);
    }

    /** Returns the version of the JDK in a folder; 0 if there is none. */
    private static int version(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release) || !Files.exists(home.resolve("bin").resolve("java"))) {
            return 0;
        }
        for (String line : Files.readAllLines(release)) {
            if (line.startsWith("JAVA_VERSION=\"")) {
                String version = line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'));
                return Runtime.Version.parse(version).feature();
            }
        }
        return 0;
    }

    @Test(dataProvider = "jdks")
    void withoutTheModuleThereIsPlainJavaOnly(Path jdk) throws Exception {
        assertEquals(run(jdk, List.of(), Main.class.getName()), "[plain Java]");
    }

    @Test(dataProvider = "jdks")
    void withTheModuleTheVectorApiComesFirst(Path jdk) throws Exception {
        String output =
                run(jdk, List.of("--add-modules=jdk.incubator.vector"), Main.class.getName());
        assertEquals(output.replaceAll("\\d+", "N"), "[Vector API, N bits, plain Java]");
    }

    @Test(dataProvider = "jdks")
    void otherJdksPassTheSameTests(Path jdk) throws Exception {
        if (jdk.toRealPath().equals(Path.of(System.getProperty("java.home")).toRealPath())) {
            return; // they run in this very JVM
        }
        Path report = Files.createTempDirectory("report");
        run(
                jdk,
                List.of("--add-modules=jdk.incubator.vector"),
                "org.testng.TestNG",
                "-usedefaultlisteners",
                "false",
                "-d",
                report.toString(),
                "-testclass",
                TESTS);
    }

    /** Returns what a program prints, which must end well. */
    private static String run(Path jdk, List<String> options, String... program) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(jdk.resolve("bin").resolve("java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        Collections.addAll(command, program);
        File output = File.createTempFile("output", ".txt");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .redirectOutput(output)
                            .start();
            int status = process.waitFor();
            String text = Files.readString(output.toPath(), StandardCharsets.UTF_8).trim();
            assertEquals(status, 0, command + "\n" + text);
            return text;
        } finally {
            Files.delete(output.toPath());
        }
    }

    /** Prints every arithmetic of its JVM. */
    static final class Main {

        private Main() {}

        public static void main(String[] arguments) {
            System.out.println(Arithmetic.all());
        }
    }
}
