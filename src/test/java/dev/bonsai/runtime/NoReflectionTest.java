package dev.bonsai.runtime;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.testng.annotations.Test;

/** The classes of the runtime reflect nothing: a native image needs no configuration. */
public class NoReflectionTest {

    private static final List<String> PACKAGES =
            List.of("text", "encoding", "entropy", "graph", "file", "runtime");

    private static final Set<String> REFLECTING =
            Set.of(
                    "forName",
                    "loadClass",
                    "newInstance",
                    "getMethod",
                    "getMethods",
                    "getDeclaredMethod",
                    "getDeclaredMethods",
                    "getConstructor",
                    "getDeclaredConstructor",
                    "getField",
                    "getDeclaredField",
                    "getResource",
                    "getResourceAsStream",
                    "findVirtual",
                    "findStatic",
                    "findConstructor",
                    "findVarHandle",
                    "unreflect");

    @Test
    void classesReflectNothing() throws Exception {
        Set<String> found = new TreeSet<>();
        List<Path> classes = classes();
        assertTrue(classes.size() > 100, "The classes are here: " + classes.size());
        for (Path file : classes) {
            for (String use : reflections(file)) {
                found.add(file.getFileName() + " uses " + use);
            }
        }
        assertEquals(found, Set.of());
    }

    @Test
    void reflectionIsFound() throws Exception {
        assertEquals(
                reflections(file(Reflecting.class)),
                Set.of(
                        "forName",
                        "getDeclaredMethod",
                        "findStatic",
                        "java/lang/reflect/Method",
                        "java/util/ServiceLoader"));
    }

    /** Does what the runtime must not. */
    private static final class Reflecting {

        @SuppressWarnings("unused") // only looked at
        static List<Object> all(MethodHandles.Lookup lookup) throws Exception {
            Class<?> type = Class.forName("java.lang.String");
            return List.of(
                    type.getDeclaredMethod("length"),
                    lookup.findStatic(type, "valueOf", null),
                    ServiceLoader.load(type));
        }
    }

    /**
     * The methods and types of reflection that a class names. The compiler itself names
     * MethodHandles.Lookup for lambdas, but none of its methods.
     */
    private static Set<String> reflections(Path path) throws IOException {
        ClassFile file = ClassFile.of(Files.readAllBytes(path));
        Set<String> found = new TreeSet<>(file.texts());
        found.retainAll(REFLECTING);
        for (String name : file.types()) {
            if (name.startsWith("java/lang/reflect/") || name.equals("java/util/ServiceLoader")) {
                found.add(name);
            }
        }
        return found;
    }

    private static Path root(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Path file(Class<?> type) throws URISyntaxException {
        return root(type).resolve(type.getName().replace('.', '/') + ".class");
    }

    /** The classes of the packages, without those of tests, which may lie beside them. */
    private static List<Path> classes() throws IOException, URISyntaxException {
        Path bonsai = root(PlainModel.class).resolve("dev/bonsai");
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
}
