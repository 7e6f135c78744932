package dev.bonsai.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;

/** Gives each test a folder and a cluster, and takes them away. */
class OnCluster {

    Path folder;
    Cluster cluster;

    @BeforeMethod
    void begin() throws IOException {
        folder = Files.createTempDirectory("bonsai-spark");
        cluster = new Cluster(folder);
    }

    @AfterMethod(alwaysRun = true)
    void end() throws IOException {
        cluster.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
