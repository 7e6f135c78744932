package dev.bonsai.library;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.io.File;
import java.lang.reflect.Constructor;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/**
 * What is missing on the class path is named by its Maven coordinates, whatever is called first.
 */
public class OptionalLibraryTest {

    @DataProvider
    public Object[][] libraries() {
        return Arrays.stream(OptionalLibrary.values())
                .map(library -> new Object[] {library})
                .toArray(Object[][]::new);
    }

    private static String jar(OptionalLibrary library) {
        String[] parts = library.coordinates().split(":", -1);
        return parts[1] + "-" + parts[2] + ".jar";
    }

    @Test(dataProvider = "libraries")
    public void theCoordinatesAreOfWhatIsTested(OptionalLibrary library) {
        URL found = getClass().getClassLoader().getResource(library.resource());
        assertTrue(found.toString().contains("/" + jar(library) + "!"), library + ": " + found);
        String group = library.coordinates().split(":", -1)[0];
        boolean inRepository = found.toString().contains("/" + group.replace('.', '/') + "/");
        assertTrue(inRepository, library + ": " + found);
        library.need();
    }

    @Test(dataProvider = "libraries")
    public void withoutItTheFirstCallNamesIt(OptionalLibrary library) throws Exception {
        try (URLClassLoader loader = without(library)) {
            Constructor<?> use = loader.loadClass(use(library)).getDeclaredConstructor();
            use.setAccessible(true);
            Callable<?> call = (Callable<?>) use.newInstance();
            IllegalStateException e = expectThrows(IllegalStateException.class, call::call);
            assertEquals(
                    e.getMessage().replaceFirst("^[^:]* needs a library", "A use needs a library"),
                    "A use needs a library that is not on the class path: add the dependency "
                            + library.coordinates()
                            + " to your build");
        }
        assertFalse(Files.exists(Path.of("never-written")));
    }

    private static String use(OptionalLibrary library) {
        StringBuilder name = new StringBuilder("dev.bonsai.library.Uses$");
        for (String word : library.name().split("_", -1)) {
            name.append(word.charAt(0))
                    .append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return name.toString();
    }

    /** Loads all classes anew, and none of the library. */
    private static URLClassLoader without(OptionalLibrary library) {
        String[] places = System.getProperty("java.class.path").split(File.pathSeparator, -1);
        URL[] others =
                Arrays.stream(places)
                        .filter(place -> !place.endsWith(File.separator + jar(library)))
                        .map(place -> url(Path.of(place)))
                        .toArray(URL[]::new);
        assertEquals(others.length, places.length - 1, library.toString());
        return new URLClassLoader(others, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(Path place) {
        try {
            return place.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
