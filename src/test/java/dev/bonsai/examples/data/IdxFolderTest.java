package dev.bonsai.examples.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class IdxFolderTest {

    private static final List<String> FILES =
            List.of(
                    "train-images-idx3-ubyte",
                    "train-labels-idx1-ubyte",
                    "t10k-images-idx3-ubyte",
                    "t10k-labels-idx1-ubyte");

    private final ImageSet training = SampleImages.noise(24, 1);
    private final ImageSet testing = SampleImages.noise(5, 2);
    private Path folder;

    @BeforeMethod
    public void fill() throws IOException {
        folder = SampleImages.newFolder();
        IdxFolder.write(folder, training, testing);
    }

    @AfterMethod
    public void empty() throws IOException {
        SampleImages.delete(folder);
    }

    @Test
    public void whatIsWrittenIsReadBack() {
        assertRead();
    }

    @Test
    public void plainFilesAreReadToo() throws IOException {
        for (String name : FILES) {
            Files.write(folder.resolve(name), unzip(name));
            Files.delete(folder.resolve(name + ".gz"));
        }
        assertRead();
    }

    @Test
    public void theSpellingWithADotIsFound() throws IOException {
        for (String name : FILES) {
            Path dotted = folder.resolve(name.replace("-idx", ".idx") + ".gz");
            Files.move(folder.resolve(name + ".gz"), dotted);
        }
        assertRead();
    }

    @Test
    public void aPlainFileThatIsStillCalledGzipIsRead() throws IOException {
        Files.write(folder.resolve(FILES.get(0) + ".gz"), unzip(FILES.get(0)));
        assertRead();
    }

    @Test
    public void theSameImagesGiveTheSameBytes() throws IOException {
        byte[] before = Files.readAllBytes(folder.resolve(FILES.get(0) + ".gz"));
        IdxFolder.write(folder, training, testing);
        assertEquals(Files.readAllBytes(folder.resolve(FILES.get(0) + ".gz")), before);
    }

    @Test
    public void theDataIsNamedAfterTheFolder() {
        assertEquals(ImageData.fromFolder(folder).name(), folder.getFileName().toString());
    }

    /** A change of the plain bytes of a file. */
    private interface Fault {
        byte[] apply(byte[] bytes);
    }

    @DataProvider
    public Object[][] faults() {
        return new Object[][] {
            {0, "a label file", (Fault) b -> replace(b, 3, 1), "starts with 0x00000801 instead of"},
            {1, "an image file", (Fault) b -> replace(b, 3, 3), "no IDX file of labels"},
            {
                0,
                "text",
                (Fault) b -> "<html>not found</html>".getBytes(UTF_8),
                "starts with 0x3c68746d"
            },
            {0, "empty", (Fault) b -> new byte[0], "is cut off"},
            {0, "half a header", (Fault) b -> Arrays.copyOf(b, 9), "is cut off"},
            {
                0,
                "cut",
                (Fault) b -> Arrays.copyOf(b, b.length - 1),
                "18,816 bytes, but it has 18,815"
            },
            {1, "cut", (Fault) b -> Arrays.copyOf(b, b.length - 1), "24 labels need 24 bytes"},
            {
                0,
                "too long",
                (Fault) b -> Arrays.copyOf(b, b.length + 1),
                "goes on after the 18,816"
            },
            {
                0,
                "another size",
                (Fault) b -> replace(b, 11, 32),
                "[32, 28] pixels instead of [28, 28]"
            },
            {0, "a huge count", (Fault) b -> replace(b, 4, 0xFF), "is cut off"},
            {1, "fewer labels", (Fault) IdxFolderTest::dropOne, "24 images, but train-labels"},
            {1, "a wrong label", (Fault) b -> replace(b, 10, 10), "that of image 2 is 10"},
            {1, "a negative label", (Fault) b -> replace(b, 8, 255), "that of image 0 is 255"},
            {3, "a wrong label", (Fault) b -> replace(b, 8, 99), "t10k-labels"},
        };
    }

    @Test(dataProvider = "faults")
    public void aForeignFileIsNamedInOneLine(int file, String what, Fault fault, String message)
            throws IOException {
        String name = FILES.get(file);
        Files.write(folder.resolve(name), fault.apply(unzip(name)));
        assertMessage(name, message);
    }

    @Test
    public void aCutGzipFileIsNamed() throws IOException {
        Path file = folder.resolve(FILES.get(2) + ".gz");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        assertMessage(FILES.get(2), "is cut off");
    }

    @Test
    public void aBrokenGzipFileIsNamed() throws IOException {
        Path file = folder.resolve(FILES.get(2) + ".gz");
        Files.write(file, replace(Files.readAllBytes(file), 2, 77));
        assertMessage(FILES.get(2), "broken gzip");
    }

    @Test
    public void aMissingFileIsNamedWithTheOtherSpellings() throws IOException {
        for (String name : FILES) {
            Path file = folder.resolve(name + ".gz");
            Path aside = folder.resolve("aside");
            Files.move(file, aside);
            assertMessage(name + " is missing", name.replace("-idx", ".idx"));
            Files.move(aside, file);
        }
    }

    @Test
    public void aMissingFolderIsNamed() {
        Path nowhere = folder.resolve("nowhere");
        DataException e = expectThrows(DataException.class, () -> ImageData.fromFolder(nowhere));
        assertTrue(e.getMessage().startsWith(nowhere + " is no folder"), e.getMessage());
    }

    private void assertRead() {
        ImageData data = ImageData.fromFolder(folder);
        assertEquals(data.trainingImages().pixels(), training.pixels());
        assertEquals(data.trainingImages().labels(), training.labels());
        assertEquals(data.testImages().pixels(), testing.pixels());
        assertEquals(data.testImages().labels(), testing.labels());
    }

    private void assertMessage(String... parts) {
        DataException e = expectThrows(DataException.class, () -> ImageData.fromFolder(folder));
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), e.getMessage() + " lacks " + part);
        }
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }

    private byte[] unzip(String name) throws IOException {
        try (InputStream in =
                new GZIPInputStream(Files.newInputStream(folder.resolve(name + ".gz")))) {
            return in.readAllBytes();
        }
    }

    private static byte[] replace(byte[] bytes, int index, int value) {
        byte[] changed = bytes.clone();
        changed[index] = (byte) value;
        return changed;
    }

    private static byte[] dropOne(byte[] labels) {
        return Arrays.copyOf(replace(labels, 7, labels[7] - 1), labels.length - 1);
    }
}
