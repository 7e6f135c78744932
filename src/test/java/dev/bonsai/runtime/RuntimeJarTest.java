package dev.bonsai.runtime;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/**
 * The runtime's jar, as {@code package} has made it: it is small, needs nothing but the JDK, and
 * computes the same bits as the classes that it was made of. Runs behind {@code package}.
 */
public class RuntimeJarTest {

    private static final Path JAR = Path.of(System.getProperty("bonsai.runtime.jar", "none"));

    private static final int LARGEST = 340_000;

    private static final List<String> MODELS =
            List.of("lenet", "attention", "recurrent", "residual");

    /** What the classes may name beside one another: the JDK's own, and its Vector API. */
    private static final Pattern OF_THE_JDK = Pattern.compile("java/.*|jdk/incubator/vector/.*");

    private static final String VECTORS = "jdk.incubator.vector.FloatVector";

    @Test
    void jarIsSmall() throws Exception {
        assertTrue(Files.size(JAR) <= LARGEST, JAR + " has " + Files.size(JAR) + " bytes");
    }

    @Test
    void classesNameNothingBeyondTheJdkAndOneAnother() throws Exception {
        Set<String> foreign = new TreeSet<>();
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<JarEntry> classes =
                    jar.stream().filter(entry -> entry.getName().endsWith(".class")).toList();
            assertTrue(classes.size() > 100, "The classes are here: " + classes.size());
            for (JarEntry entry : classes) {
                for (String name : types(jar.getInputStream(entry).readAllBytes())) {
                    boolean own = jar.getEntry(name + ".class") != null;
                    if (!own && !OF_THE_JDK.matcher(name).matches()) {
                        foreign.add(entry.getName() + " names " + name);
                    }
                }
            }
        }
        assertEquals(foreign, Set.of());
    }

    @DataProvider
    Object[][] vectors() {
        return new Object[][] {{List.of()}, {List.of("--add-modules", "jdk.incubator.vector")}};
    }

    @Test(dataProvider = "vectors")
    void jarAloneComputesTheBitsOfTheClasses(List<String> options) throws Exception {
        Path alone = Files.createTempDirectory("alone");
        Path main = alone.resolve("dev/bonsai/runtime/RunAlone.class");
        Files.createDirectories(main.getParent());
        Files.copy(file(RunAlone.class), main);
        List<String> whole = run(options, root(PlainModel.class), alone);
        List<String> shrunk = run(options, JAR, alone);
        assertTrue(results(shrunk).size() > MODELS.size(), String.join("\n", shrunk));
        assertEquals(results(shrunk), results(whole));
        boolean vectors = shrunk.stream().anyMatch(line -> line.contains(" " + VECTORS + " "));
        assertEquals(vectors, !options.isEmpty());
    }

    private static List<String> results(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith("graph-")).toList();
    }

    private static List<String> run(List<String> options, Path... path)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        Collections.addAll(command, "-Xlog:class+load:stdout", "-cp");
        command.add(
                Stream.of(path)
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator)));
        command.add("dev.bonsai.runtime.RunAlone");
        for (String name : MODELS) {
            command.add("src/test/resources/golden/graph-" + name + ".bonsai");
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(process.waitFor(), 0, text);
        return text.lines().toList();
    }

    /** The folder of classes that a class was loaded from. */
    private static Path root(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Path file(Class<?> type) throws URISyntaxException {
        return root(type).resolve(type.getName().replace('.', '/') + ".class");
    }

    private static Set<String> types(byte[] file) throws IOException {
        return ClassFile.of(file).types();
    }
}
