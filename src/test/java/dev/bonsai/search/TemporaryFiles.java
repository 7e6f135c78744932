package dev.bonsai.search;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;

/** Gives each test a folder of its own. */
abstract class TemporaryFiles {

    private Path folder;

    @BeforeMethod
    void createFolder() throws IOException {
        folder = Files.createTempDirectory("bonsai-search");
    }

    @AfterMethod
    void deleteFolder() throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    Path file(String name) {
        return folder.resolve(name);
    }
}
