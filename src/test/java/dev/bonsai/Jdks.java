package dev.bonsai;

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

/** The JDKs that lie beside this one, and programs on them with the classes of this JVM. */
public final class Jdks {

    /** The option that offers the Vector API. */
    public static final String VECTORS = "--add-modules=jdk.incubator.vector";

    private static final int OLDEST = 17;

    private Jdks() {}

    /** Returns the homes of the JDKs that Bonsai supports, one per version, this one first. */
    public static List<Path> all() throws IOException {
        Path home = own();
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
        return found;
    }

    /** Returns the home of the JDK of this JVM. */
    public static Path own() throws IOException {
        return Path.of(System.getProperty("java.home")).toRealPath();
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

    /** Runs tests, which must pass. */
    public static void test(Path jdk, List<String> options, List<Class<?>> tests)
            throws IOException, InterruptedException {
        String report = Files.createTempDirectory("report").toString();
        String names = String.join(",", tests.stream().map(Class::getName).toList());
        run(
                jdk,
                options,
                "org.testng.TestNG",
                "-usedefaultlisteners",
                "false",
                "-d",
                report,
                "-testclass",
                names);
    }

    /** Returns what a program prints, which must end well. */
    public static String run(Path jdk, List<String> options, String... program)
            throws IOException, InterruptedException {
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
}
