package dev.bonsai.spark;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import dev.bonsai.examples.MnistCompression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.testng.annotations.Test;

/** The example's search, which trains real networks, on two executors and without any. */
public class SearchCommandOnSparkTest extends OnCluster {

    private int search(String out, String... more) throws IOException, InterruptedException {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "search",
                                "--network",
                                "tiny",
                                "--dataset",
                                "digits",
                                "--dense-epochs",
                                "2",
                                "--trials",
                                "3",
                                "--out",
                                folder.resolve(out).toString()));
        args.addAll(List.of(more));
        cluster.start(MnistCompression.class, args.toArray());
        return cluster.join();
    }

    @Test(timeOut = 300_000)
    void bestFileIsThatOfASearchInOneProcess() throws Exception {
        assertEquals(search("here"), 0, cluster.output());
        String shared = folder.resolve("between").toUri().toString();
        int status = search("cluster", "--spark", "local-cluster[2,1,1024]", "--shared", shared);
        String printed = cluster.output();
        assertEquals(status, 0, printed);
        assertTrue(printed.contains("Spark: 2 at once on local-cluster"), printed);
        assertEquals(
                Files.readAllBytes(folder.resolve("cluster").resolve("best.bonsai")),
                Files.readAllBytes(folder.resolve("here").resolve("best.bonsai")));
        assertEquals(json("cluster"), json("here"));
        try (Stream<Path> left = Files.list(folder.resolve("between"))) {
            assertEquals(left.count(), 0, "the files of the others are gone");
        }
    }

    private String json(String out) throws IOException {
        return Files.readString(folder.resolve(out).resolve("search.json"))
                .replaceAll("\"millis\": \\d+", "");
    }

    @Test(timeOut = 120_000)
    void trialsThatWouldShareAProcessAreRefused() throws Exception {
        for (String master : List.of("local[2]", "local[*]")) {
            assertEquals(search("out", "--spark", master), 2, cluster.output());
            assertTrue(cluster.output().contains("take local-cluster[2,1,2048]"));
        }
        assertEquals(search("out", "--shared", "there"), 2, cluster.output());
        assertTrue(cluster.output().contains("expected with --spark alone"), cluster.output());
        assertEquals(search("out", "--spark"), 2, cluster.output());
        assertTrue(cluster.output().contains("expected a master such as"), cluster.output());
        assertEquals(search("out", "--spark", "spark://host:7077"), 2, cluster.output());
        assertTrue(cluster.output().contains("say with --shared which folder"), cluster.output());
        assertFalse(cluster.output().contains("\tat "), cluster.output());
    }

    @Test(timeOut = 120_000)
    void aSharedFolderThatCanNotBeReachedIsAnError() throws Exception {
        String[] args = {"--spark", "local-cluster[1,1,1024]", "--shared", "nofs://host/search"};
        assertEquals(search("out", args), 1, cluster.output());
        assertTrue(cluster.output().contains("nofs"), cluster.output());
    }
}
