package dev.bonsai.spark;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** A folder that several machines share, by way of Hadoop's file systems. */
public class SharedFolderTest {

    private Path local;
    private SharedFolder folder;

    @BeforeMethod
    void make() throws IOException {
        local = Files.createTempDirectory("bonsai-shared");
        folder = SharedFolder.of(uri(), new Configuration());
    }

    private String uri() {
        return local.resolve("made").resolve("here").toUri().toString();
    }

    @AfterMethod(alwaysRun = true)
    void delete() throws IOException {
        try (Stream<Path> files = Files.walk(local)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    private Path written(String text) throws IOException {
        return Files.writeString(local.resolve("mine"), text);
    }

    @Test
    void aFileIsThereForAllWhoHaveTheFolder() throws Exception {
        assertFalse(folder.has("model"));
        Travels.sent(folder).put(written("one"), "model");
        assertTrue(folder.has("model"));
        folder.put(written("two"), "model"); // in its place
        Path copy = local.resolve("copy");
        Travels.sent(folder).get("model", copy);
        assertEquals(Files.readString(copy), "two");
        assertTrue(Files.exists(local.resolve("mine")), "it was copied");
        folder.get("model", copy); // in its place, too
        folder.delete("model");
        folder.delete("model");
        assertFalse(folder.has("model"));
        assertEquals(Travels.sent(folder).toString(), folder.toString());
    }

    @Test
    void nothingElseIsLeftInIt() throws Exception {
        folder.put(written("one"), "model");
        Path copy = local.resolve("copy");
        folder.get("model", copy);
        expectThrows(FileNotFoundException.class, () -> folder.get("none", copy));
        assertEquals(Files.readString(copy), "one", "left as it was");
        expectThrows(IOException.class, () -> folder.put(local.resolve("none"), "other"));
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(local)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> names.add(file.getFileName().toString()));
        }
        names.sort(null);
        assertEquals(names, List.of("copy", "mine", "model"));
    }

    @Test
    void twoWritersLeaveOneWholeFile() throws Exception {
        byte[] ones = new byte[3_000_000];
        byte[] twos = new byte[2_000_000];
        java.util.Arrays.fill(ones, (byte) 1);
        java.util.Arrays.fill(twos, (byte) 2);
        Path one = Files.write(local.resolve("one"), ones);
        Path two = Files.write(local.resolve("two"), twos);
        Thread other =
                new Thread(
                        () -> {
                            for (int i = 0; i < 20; ++i) {
                                try {
                                    Travels.sent(folder).put(two, "model");
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            }
                        });
        other.start();
        int put = 0;
        for (int i = 0; i < 20; ++i) {
            try {
                folder.put(one, "model");
                ++put;
            } catch (IOException e) { // the other was a moment before
                assertTrue(e.getMessage().contains("could not be put into place"), "" + e);
            }
        }
        other.join();
        assertTrue(put > 0);
        Path copy = local.resolve("copy");
        folder.get("model", copy);
        byte[] found = Files.readAllBytes(copy);
        assertTrue(found.length == ones.length || found.length == twos.length);
        assertEquals(found[0], found[found.length - 1]);
        Files.delete(one);
        Files.delete(two);
    }

    @Test
    void aNameHasNoFolder() {
        for (String name : List.of("", " ", "a/b", "../a", ".")) {
            expectThrows(IllegalArgumentException.class, () -> folder.has(name));
        }
    }

    @Test
    void aFolderThatCanNotBeMadeIsAnError() throws Exception {
        Path file = Files.writeString(local.resolve("file"), "");
        expectThrows(
                IOException.class,
                () -> SharedFolder.of(file.resolve("in").toUri().toString(), new Configuration()));
        expectThrows(
                IOException.class, () -> SharedFolder.of("nofs://host/a", new Configuration()));
    }
}
