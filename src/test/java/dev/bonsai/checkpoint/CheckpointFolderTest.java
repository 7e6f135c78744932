package dev.bonsai.checkpoint;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** Two checkpoints are kept, and the newest that is whole is gone on from. */
public class CheckpointFolderTest {

    private Path folder;
    private CheckpointFolder checkpoints;

    @BeforeMethod
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("bonsai").resolve("made/when/needed");
        checkpoints = new CheckpointFolder(folder);
    }

    @AfterMethod
    void removeFolder() throws IOException {
        Path top = folder.getParent().getParent().getParent();
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Path write(int epoch) throws IOException {
        JsonObject root = new JsonObject();
        root.addProperty("epoch", epoch);
        return checkpoints.write(new StateFileWriter(), root);
    }

    private int newest() throws IOException {
        try (StateFileReader reader = checkpoints.newest().orElseThrow()) {
            return reader.root().get("epoch").getAsInt();
        }
    }

    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void folderMayBeALinkToOne() throws IOException {
        Path real = Files.createDirectories(folder.resolveSibling("real"));
        Files.createSymbolicLink(folder, real);
        write(1);
        assertEquals(newest(), 1);
        assertTrue(Files.exists(real.resolve("checkpoint-000001.state")));
    }

    @Test
    void folderThatIsNotThereHasNone() throws IOException {
        assertTrue(checkpoints.newest().isEmpty());
        write(1);
        assertEquals(newest(), 1);
    }

    @Test
    void lastTwoAreKeptInTheOrderOfTheirNumbers() throws IOException {
        for (int epoch = 1; epoch <= 12; ++epoch) {
            write(epoch);
            assertEquals(newest(), epoch);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    files.map(file -> file.getFileName().toString()).sorted().toList(),
                    List.of("checkpoint-000011.state", "checkpoint-000012.state"));
        }
    }

    @Test
    void damagedOneIsPassedOver() throws IOException {
        write(1);
        Path last = write(2);
        damage(last);
        assertEquals(newest(), 1);
        Path next = write(3);
        assertEquals(newest(), 3);
        assertEquals(next.getFileName().toString(), "checkpoint-000003.state");
    }

    @Test
    void onlyDamagedOnesAreAnErrorAndNotANewBeginning() throws IOException {
        damage(write(1));
        damage(write(2));
        assertThrows(StateFileException.class, () -> checkpoints.newest());
    }

    @Test
    void filesOfOthersAreLeftAlone() throws IOException {
        Files.createDirectories(folder);
        Path other = folder.resolve("notes.txt");
        Path alike = folder.resolve("checkpoint-x.state");
        Files.writeString(other, "mine");
        Files.writeString(alike, "mine");
        for (int epoch = 1; epoch <= 4; ++epoch) {
            write(epoch);
        }
        assertEquals(newest(), 4);
        assertEquals(Files.readString(other), "mine");
        assertEquals(Files.readString(alike), "mine");
    }
}
