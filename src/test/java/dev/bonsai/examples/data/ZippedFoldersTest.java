package dev.bonsai.examples.data;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.testng.SkipException;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ZippedFoldersTest {

    private static final Path CIFAR = Path.of("..", "shared", "datasets", "cifar10");

    private Path folder;

    @BeforeMethod
    public void fill() throws IOException {
        folder = SampleImages.newFolder();
        write(ZippedFolders.TRAINING, files(3, 1));
        write(ZippedFolders.TEST, files(1, 2));
    }

    @AfterMethod
    public void empty() throws IOException {
        SampleImages.delete(folder);
    }

    private void write(String name, Map<String, byte[]> files) throws IOException {
        SmallCifar.writeZip(folder.resolve(name), files);
    }

    private static Map<String, byte[]> files(int perClass, long seed) throws IOException {
        return SmallCifar.files(perClass, seed);
    }

    private DataException refused() {
        DataException e = expectThrows(DataException.class, () -> ImageData.fromFolder(folder));
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
        return e;
    }

    private void assertRefused(String... parts) {
        String message = refused().getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    public void theImagesAreThoseThatJavaDecodes() throws IOException {
        ImageData data = ImageData.fromFolder(folder);
        assertEquals(
                data.describe(),
                "CIFAR-10 (JPEG): 28 training, 2 validation and 10 test images (" + folder + ")");
        assertSame(data.kind(), ImageKind.CIFAR);
        List<byte[]> jpegs = new ArrayList<>(files(3, 1).values());
        for (int i = 0; i < jpegs.size(); ++i) {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpegs.get(i)));
            for (int y = 0; y < 32; ++y) {
                for (int x = 0; x < 32; ++x) {
                    int at = i * 3072 + y * 32 + x;
                    byte[] pixels = data.trainingImages().pixels();
                    int colour = image.getRGB(x, y);
                    assertEquals(pixels[at], (byte) (colour >> 16), "red");
                    assertEquals(pixels[at + 1024], (byte) (colour >> 8), "green");
                    assertEquals(pixels[at + 2048], (byte) colour, "blue");
                }
            }
        }
    }

    @Test
    public void labelsFollowTheFoldersInTheOrderOfCifar() {
        ImageData data = ImageData.fromFolder(folder);
        for (int i = 0; i < 30; ++i) {
            assertEquals(data.trainingImages().labels()[i], i / 3);
        }
        for (int i = 0; i < 10; ++i) {
            assertEquals(data.testImages().labels()[i], i);
        }
    }

    @Test
    public void theOrderInTheZipChangesNothing() throws IOException {
        String before = ImageData.fromFolder(folder).fingerprint();
        List<Map.Entry<String, byte[]>> entries = new ArrayList<>(files(3, 1).entrySet());
        Collections.shuffle(entries, new Random(3));
        Map<String, byte[]> shuffled = new LinkedHashMap<>();
        entries.forEach(entry -> shuffled.put(entry.getKey(), entry.getValue()));
        write(ZippedFolders.TRAINING, shuffled);
        assertEquals(ImageData.fromFolder(folder).fingerprint(), before);
    }

    @DataProvider
    public Object[][] names() {
        return new Object[][] {{ZippedFolders.TRAINING}, {ZippedFolders.TEST}};
    }

    @Test(dataProvider = "names")
    public void oneZipAloneIsNotEnough(String name) throws IOException {
        Files.delete(folder.resolve(name));
        assertRefused(name + " is missing", ZippedFolders.TRAINING, ZippedFolders.TEST);
    }

    @Test(dataProvider = "names")
    public void aZipThatIsCutOffIsRefused(String name) throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve(name));
        for (int length : new int[] {0, 10, whole.length / 2, whole.length - 10}) {
            Files.write(folder.resolve(name), Arrays.copyOf(whole, length));
            assertRefused(name, "is a broken zip file");
        }
    }

    @Test(dataProvider = "names")
    public void aDamagedImageIsRefusedWhereverItIsDamaged(String name) throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve(name));
        Random random = new Random(4);
        for (int i = 0; i < 20; ++i) {
            byte[] damaged = whole.clone();
            // behind the header of the first file, which has less than 60 bytes, and in the file
            damaged[60 + random.nextInt(300)] ^= (byte) (1 << random.nextInt(8));
            Files.write(folder.resolve(name), damaged);
            assertRefused(name, "airplane/0000.jpg is no JPEG image of 32x32 pixels in 3 channels");
        }
    }

    @Test(dataProvider = "names")
    public void imagesOfOtherSizesAreRefused(String name) throws IOException {
        for (int[] size : new int[][] {{32, 31}, {33, 32}, {28, 28}, {64, 64}}) {
            Map<String, byte[]> files = files(2, 1);
            files.put("ship/0001.jpg", SmallCifar.jpeg(size[0], size[1], new Random(1)));
            write(name, files);
            assertRefused(name, "ship/0001.jpg", "it has " + size[0] + "x" + size[1] + " pixels");
        }
    }

    @Test
    public void aSenselessSizeAsksForNoMemory() throws IOException {
        Map<String, byte[]> files = files(2, 1);
        byte[] jpeg = SmallCifar.jpeg(32, 32, new Random(1));
        for (int i = 0; i + 8 < jpeg.length; ++i) {
            if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == 0xC0) { // start of the frame
                for (int j = i + 5; j < i + 9; ++j) {
                    jpeg[j] = (byte) 0xF0;
                }
            }
        }
        files.put("ship/0001.jpg", jpeg);
        write(ZippedFolders.TEST, files);
        assertRefused("ship/0001.jpg", "it has 61680x61680 pixels");
    }

    @Test
    public void whatIsNoJpegImageIsRefused() throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB), "png", png);
        byte[] jpeg = SmallCifar.jpeg(32, 32, new Random(1));
        List<byte[]> others =
                List.of(
                        new byte[0],
                        new byte[100],
                        png.toByteArray(),
                        Arrays.copyOf(jpeg, jpeg.length / 8),
                        Arrays.copyOf(jpeg, 100_000));
        for (byte[] other : others) {
            Map<String, byte[]> files = files(2, 1);
            files.put("frog/0000.jpg", other);
            write(ZippedFolders.TEST, files);
            assertRefused("frog/0000.jpg is no JPEG image");
        }
    }

    @Test
    public void everyClassNeedsAFolder() throws IOException {
        for (String missing : ZippedFolders.CLASSES) {
            Map<String, byte[]> files = files(2, 1);
            files.keySet().removeIf(name -> name.startsWith(missing + "/"));
            write(ZippedFolders.TEST, files);
            assertRefused("has no image in a folder '" + missing + "'", "airplane, automobile");
        }
    }

    @Test
    public void filesOutsideOfTheFoldersAreRefused() throws IOException {
        for (String name :
                List.of("zebra/0001.jpg", "0001.jpg", "ship/more/1.jpg", "/ship/1.jpg")) {
            Map<String, byte[]> files = files(2, 1);
            files.put(name, SmallCifar.jpeg(32, 32, new Random(1)));
            write(ZippedFolders.TEST, files);
            assertRefused(name + " is in none of the folders airplane, ");
        }
    }

    @Test
    public void aZipWithoutFilesIsRefused() throws IOException {
        try (ZipOutputStream zip =
                new ZipOutputStream(
                        Files.newOutputStream(folder.resolve(ZippedFolders.TRAINING)))) {
            zip.putNextEntry(new ZipEntry("bird/"));
        }
        assertRefused("has no image in a folder 'airplane'");
    }

    @Test
    public void realCifarIsReadWhereItIs() {
        if (!Files.isDirectory(CIFAR)) {
            throw new SkipException("CIFAR-10 is not at " + CIFAR);
        }
        ImageData data = ImageData.fromFolder(CIFAR);
        assertTrue(
                data.describe().contains("45,834 training, 4,166 validation and 10,000 test"),
                data.describe());
        int[] counts = new int[10];
        for (byte label : data.testImages().labels()) {
            ++counts[label];
        }
        for (int count : counts) {
            assertEquals(count, 1_000);
        }
        double[] sums = new double[3];
        byte[] pixels = data.trainingImages().pixels();
        for (int i = 0; i < pixels.length; ++i) {
            sums[i / 1024 % 3] += Byte.toUnsignedInt(pixels[i]) / 255.0;
        }
        double[] means = {0.4914, 0.4822, 0.4465};
        for (int channel = 0; channel < 3; ++channel) {
            // those of the originals: what JPEG loses changes a mean over 51 million pixels little
            assertEquals(sums[channel] / (50_000 * 1024), means[channel], 0.001);
        }
    }
}
