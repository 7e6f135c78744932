package dev.bonsai.runtime;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.testng.annotations.Test;

/** The classes of the runtime's jar need nothing but the JDK. */
public class RuntimeJarTest {

    private static final List<String> PACKAGES =
            List.of("text", "encoding", "graph", "file", "runtime");

    /** What the classes may name: the JDK's own, its Vector API, and one another. */
    private static final Pattern ALLOWED =
            Pattern.compile(
                    "java/.*|jdk/incubator/vector/.*|dev/bonsai/("
                            + String.join("|", PACKAGES)
                            + ")/.*");

    private static final Pattern NAMED = Pattern.compile("L([\\w$]+(?:/[\\w$]+)+)[;<]");

    private static final int LARGEST = 640 * 1024;

    @Test
    void classesNameNothingBeyondTheJdkAndOneAnother() throws Exception {
        Set<String> foreign = new TreeSet<>();
        List<Path> classes = classes();
        assertTrue(classes.size() > 100, "The classes are here: " + classes.size());
        for (Path file : classes) {
            for (String name : names(file)) {
                if (!ALLOWED.matcher(name).matches()) {
                    foreign.add(file.getFileName() + " names " + name);
                }
            }
        }
        assertEquals(foreign, Set.of());
    }

    @Test
    void namesOfAClassAreFoundWhereverTheyStand() throws Exception {
        Set<String> names = names(file(RuntimeJarTest.class));
        assertTrue(names.contains("org/testng/annotations/Test"), names.toString());
        assertTrue(names.contains("java/util/jar/JarOutputStream"), names.toString());
    }

    @Test
    void jarIsSmall() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            for (Path file : classes()) {
                jar.putNextEntry(new JarEntry(root().relativize(file).toString()));
                Files.copy(file, jar);
            }
        }
        assertTrue(bytes.size() <= LARGEST, "The jar has " + bytes.size() + " bytes");
    }

    private static Path root() throws URISyntaxException {
        return Path.of(
                PlainModel.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Path file(Class<?> type) throws URISyntaxException {
        Path from = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        return from.resolve(type.getName().replace('.', '/') + ".class");
    }

    /** The classes of the packages, without those of tests, which may lie beside them. */
    private static List<Path> classes() throws IOException, URISyntaxException {
        Path bonsai = root().resolve("dev/bonsai");
        Path sources = Path.of("src/main/java/dev/bonsai");
        try (Stream<Path> files = Files.walk(bonsai)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(
                            file ->
                                    PACKAGES.contains(
                                            bonsai.relativize(file).getName(0).toString()))
                    .filter(file -> Files.exists(source(sources, bonsai.relativize(file))))
                    .sorted()
                    .toList();
        }
    }

    private static Path source(Path sources, Path file) {
        String name = file.toString().replaceAll("(\\$.*)?\\.class$", "");
        return sources.resolve(name + ".java");
    }

    /** The types that a class file names in its constants. */
    private static Set<String> names(Path file) throws IOException {
        Set<String> names = new TreeSet<>();
        try (InputStream stream = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(stream)) {
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
                    default -> throw new IOException("tag " + tag + " in " + file);
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
