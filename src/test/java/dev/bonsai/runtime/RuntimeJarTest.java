package dev.bonsai.runtime;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
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
import java.util.regex.Matcher;
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

    private static final int LARGEST = 306_000;

    private static final List<String> MODELS =
            List.of("lenet", "attention", "recurrent", "residual");

    /** What the classes may name beside one another: the JDK's own, and its Vector API. */
    private static final Pattern OF_THE_JDK = Pattern.compile("java/.*|jdk/incubator/vector/.*");

    private static final Pattern NAMED = Pattern.compile("L([\\w$]+(?:/[\\w$]+)+)[;<]");

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
                for (String name : names(jar.getInputStream(entry).readAllBytes())) {
                    boolean own = jar.getEntry(name + ".class") != null;
                    if (!own && !OF_THE_JDK.matcher(name).matches()) {
                        foreign.add(entry.getName() + " names " + name);
                    }
                }
            }
        }
        assertEquals(foreign, Set.of());
    }

    @Test
    void namesOfAClassAreFoundWhereverTheyStand() throws Exception {
        Path file = file(RuntimeJarTest.class);
        Set<String> names = names(Files.readAllBytes(file));
        assertTrue(names.contains("org/testng/annotations/Test"), names.toString());
        assertTrue(names.contains("java/util/jar/JarFile"), names.toString());
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

    /** The types that a class file names in its constants. */
    private static Set<String> names(byte[] file) throws IOException {
        Set<String> names = new TreeSet<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(file))) {
            in.skipNBytes(8);
            int count = in.readUnsignedShort();
            String[] texts = new String[count];
            int[] classes = new int[count];
            for (int i = 1; i < count; ++i) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts[i] = in.readUTF();
                    case 7 -> classes[i] = in.readUnsignedShort();
                    case 8, 16, 19, 20 -> in.skipNBytes(2);
                    case 15 -> in.skipNBytes(3);
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        ++i; // a long or a double takes two places
                    }
                    default -> throw new IOException("tag " + tag + "");
                }
            }
            for (int i = 1; i < count; ++i) {
                if (classes[i] > 0 && !texts[classes[i]].startsWith("[")) {
                    names.add(texts[classes[i]]);
                }
                if (texts[i] != null && texts[i].matches("[(\\[L<].*")) {
                    Matcher matcher = NAMED.matcher(texts[i]);
                    while (matcher.find()) {
                        names.add(matcher.group(1));
                    }
                }
            }
        }
        return names;
    }
}
