package dev.bonsai.qr;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.decoder.Version;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What is drawn is what is read; what can't be is refused by an error of its own. */
public class QrCodeTest {

    private Path file;
    private Path png;

    @BeforeClass
    public void makeFolder() throws IOException {
        Path folder = Files.createTempDirectory("bonsai");
        file = folder.resolve("model.bonsai");
        png = folder.resolve("model.png");
    }

    private void draw(byte[] bytes) throws IOException {
        QrCode.write(Files.write(file, bytes), png);
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** Sizes on both sides of borders between versions, between levels, and of length fields. */
    @DataProvider
    public static Iterator<Integer> sizes() {
        TreeSet<Integer> sizes = new TreeSet<>(List.of(1, 2, 1000, 2000, QrCode.MAX_BYTES));
        for (ErrorCorrectionLevel level : ErrorCorrectionLevel.values()) {
            for (int number : new int[] {1, 9, 26, 39, 40}) {
                Version version = Version.getVersionForNumber(number);
                int correction = version.getECBlocksForLevel(level).getTotalECCodewords();
                int head = number < 10 ? 2 : 3;
                int full = version.getTotalCodewords() - correction - head;
                sizes.addAll(List.of(full, full + 1));
            }
        }
        return sizes.headSet(QrCode.MAX_BYTES, true).iterator();
    }

    @Test(dataProvider = "sizes")
    public void bytesComeBack(int size) throws IOException {
        draw(bytes(size));
        assertEquals(QrCode.read(png), bytes(size));
    }

    /**
     * ZXing writes digits and capitals in other modes than bytes, and other readers guess words.
     */
    @DataProvider
    public static Object[][] contents() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; ++i) {
            all[i] = (byte) i;
        }
        return new Object[][] {
            {all},
            {new byte[QrCode.MAX_BYTES]},
            {"31415926".repeat(300).getBytes(StandardCharsets.US_ASCII)},
            {"HELLO WORLD 12".getBytes(StandardCharsets.US_ASCII)},
            {"größer als √2 日本".getBytes(StandardCharsets.UTF_8)},
            {"日本日本".getBytes(StandardCharsets.UTF_16)},
        };
    }

    @Test(dataProvider = "contents")
    public void anyContentComesBack(byte[] content) throws IOException {
        draw(content);
        assertEquals(QrCode.read(png), content);
    }

    @Test
    public void theErrorCorrectionIsTheStrongestThatFits() {
        // ISO/IEC 18004, table 7: version 40 in 8-bit bytes
        int[] capacities = {1273, 1663, 2331, QrCode.MAX_BYTES};
        ErrorCorrectionLevel[] strongestFirst = {
            ErrorCorrectionLevel.H,
            ErrorCorrectionLevel.Q,
            ErrorCorrectionLevel.M,
            ErrorCorrectionLevel.L
        };
        int size = 1;
        for (int i = 0; i < capacities.length; ++i) {
            for (; size <= capacities[i]; ++size) {
                assertEquals(QrSymbol.level(size), strongestFirst[i], size + " bytes");
            }
        }
    }

    @Test
    public void modulesAreSquaresOnWhiteWithAMargin() throws IOException {
        for (int size : new int[] {1, QrCode.MAX_BYTES}) {
            draw(bytes(size));
            BufferedImage image = ImageIO.read(png.toFile());
            int modules = image.getWidth() / QrPicture.MODULE;
            assertTrue(QrPicture.MODULE >= 4);
            assertEquals(image.getWidth(), modules * QrPicture.MODULE);
            assertEquals(image.getHeight(), image.getWidth());
            assertEquals(modules - 8, size == 1 ? 21 : 177); // versions 1 and 40
            for (int y = 0; y < image.getHeight(); ++y) {
                for (int x = 0; x < image.getWidth(); ++x) {
                    int column = x / QrPicture.MODULE;
                    int row = y / QrPicture.MODULE;
                    int color = image.getRGB(x, y);
                    boolean black = color == Color.BLACK.getRGB();
                    assertTrue(black || color == Color.WHITE.getRGB());
                    int first = image.getRGB(column * QrPicture.MODULE, row * QrPicture.MODULE);
                    assertEquals(color, first);
                    int inner =
                            Math.min(Math.min(column, row), modules - 1 - Math.max(column, row));
                    assertFalse(black && inner < 4, "margin at " + x + ", " + y);
                }
            }
        }
    }

    @Test
    public void whatIsTooLargeOrEmptyIsRefusedAndTheOldPictureStays() throws IOException {
        draw(bytes(9));
        for (int size : new int[] {0, QrCode.MAX_BYTES + 1, 1_234_567}) {
            QrException e = expectThrows(QrException.class, () -> draw(bytes(size)));
            String length = String.format(Locale.ROOT, "%,d bytes", size);
            for (String part : new String[] {length, "2,953", "--preset small", "model.bonsai"}) {
                assertTrue(e.getMessage().contains(part), e.getMessage());
            }
            assertEquals(QrCode.read(png), bytes(9));
        }
    }

    @Test
    public void aFileThatIsNotThereIsSaidToBe() {
        Path none = file.resolveSibling("none");
        expectThrows(NoSuchFileException.class, () -> QrCode.write(none, png));
        expectThrows(NoSuchFileException.class, () -> QrCode.read(none));
    }

    /** Draws bytes, changes the picture, and returns the file of what came of it. */
    private Path changed(byte[] bytes, double size, String kind, Change change) throws IOException {
        draw(bytes);
        BufferedImage image = ImageIO.read(png.toFile());
        int width = (int) (image.getWidth() * size);
        BufferedImage changed = new BufferedImage(width, width, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = changed.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        change.draw(graphics, image, width);
        graphics.dispose();
        Path file = png.resolveSibling("changed." + kind);
        assertTrue(ImageIO.write(changed, kind, file.toFile()));
        return file;
    }

    private interface Change {
        void draw(Graphics2D graphics, BufferedImage image, int width);
    }

    private static Change blot(double x, double y, double diameter, Color color) {
        return (graphics, image, width) -> {
            graphics.drawImage(image, 0, 0, null);
            graphics.setColor(color);
            int wide = (int) (diameter * width);
            graphics.fillOval((int) (x * width), (int) (y * width), wide, wide);
        };
    }

    /** An hundredth of the area, of which the weakest correction mends several. */
    @Test
    public void aSmallBlotIsMended() throws IOException {
        for (int size : new int[] {100, 1273, 1663, 2331, QrCode.MAX_BYTES}) {
            for (Color color : new Color[] {Color.BLACK, Color.WHITE, Color.RED}) {
                Change blot = blot(0.4, 0.5, 0.11, color);
                assertEquals(QrCode.read(changed(bytes(size), 1, "png", blot)), bytes(size));
            }
        }
    }

    @Test
    public void aBlotOfAnySizeIsMendedOrRefused() throws IOException {
        Random random = new Random(1);
        int refused = 0;
        int trials = 40;
        for (int i = 0; i < trials; ++i) {
            byte[] bytes = bytes(100 + 70 * i);
            double diameter = 0.6 * random.nextDouble();
            double x = random.nextDouble() * (1 - diameter);
            double y = random.nextDouble() * (1 - diameter);
            Color color = random.nextBoolean() ? Color.BLACK : Color.WHITE;
            Path blotted = changed(bytes, 1, "png", blot(x, y, diameter, color));
            try {
                assertEquals(QrCode.read(blotted), bytes);
            } catch (QrException e) {
                assertTrue(e.getMessage().contains("changed.png shows no QR code"));
                ++refused;
            }
        }
        assertTrue(refused > trials / 8 && refused < trials * 7 / 8, refused + " refused");
    }

    /** A photo is grey, of another size, turned, and has other things around the code. */
    @Test
    public void aTurnedGreyPictureOfAnotherSizeIsRead() throws IOException {
        for (int size : new int[] {40, 600, QrCode.MAX_BYTES}) {
            for (double turned : new double[] {0.03, 0.2, 1.6, 3.1}) {
                Change change =
                        (graphics, image, width) -> {
                            graphics.setColor(Color.LIGHT_GRAY);
                            graphics.fillRect(0, 0, width, width);
                            graphics.rotate(turned, width / 2.0, width / 2.0);
                            graphics.scale(1.07, 1.07);
                            int place = width / 7;
                            graphics.drawImage(image, place, place, null);
                        };
                Path photo = changed(bytes(size), 1.5, "jpg", change);
                assertEquals(QrCode.read(photo), bytes(size), size + " turned by " + turned);
            }
        }
    }

    @Test
    public void whatCanBeSeenThroughIsWhite() throws IOException {
        draw(bytes(500));
        BufferedImage image = ImageIO.read(png.toFile());
        int width = image.getWidth();
        BufferedImage clear = new BufferedImage(width, width, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < width * width; ++i) {
            int color = image.getRGB(i % width, i / width);
            clear.setRGB(i % width, i / width, color == Color.WHITE.getRGB() ? 0 : color);
        }
        Path file = png.resolveSibling("clear.png");
        ImageIO.write(clear, "png", file.toFile());
        assertEquals(QrCode.read(file), bytes(500));
    }

    @Test
    public void anyDamagedFileIsReadOrRefused() throws IOException {
        byte[] bytes = bytes(60);
        draw(bytes);
        byte[] picture = Files.readAllBytes(png);
        Path damaged = png.resolveSibling("damaged.png");
        Random random = new Random(2);
        int refused = 0;
        for (int i = 0; i < 300; ++i) {
            byte[] changed = Arrays.copyOf(picture, i % 3 == 0 ? i * 2 : picture.length);
            if (i % 3 != 0) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            Files.write(damaged, changed);
            try {
                QrCode.read(damaged);
            } catch (QrException e) {
                assertTrue(e.getMessage().contains("damaged.png"), e.getMessage());
                ++refused;
            }
        }
        assertTrue(refused > 100, refused + " refused");
    }

    @Test
    public void aPictureOfTooManyPixelsIsRefusedBeforeItTakesMemory() throws IOException {
        draw(bytes(60));
        byte[] picture = Files.readAllBytes(png);
        // the head of a PNG: width and height stand behind 16 bytes, a checksum behind 29
        ByteBuffer head = ByteBuffer.wrap(picture).putInt(16, 1 << 20).putInt(20, 1 << 16);
        CRC32 sum = new CRC32();
        sum.update(picture, 12, 17);
        head.putInt(29, (int) sum.getValue());
        Files.write(png, picture);
        QrException e = expectThrows(QrException.class, () -> QrCode.read(png));
        assertTrue(e.getMessage().contains("1,048,576 x 65,536 pixels"), e.getMessage());
    }

    /** Finds the classes of this library, the JDK's and nobody else's. */
    @Test
    public void withoutZxingTheErrorSaysWhatToAdd() throws Exception {
        draw(bytes(60));
        URL classes = QrCode.class.getProtectionDomain().getCodeSource().getLocation();
        ClassLoader jdk = ClassLoader.getPlatformClassLoader();
        try (URLClassLoader alone = new URLClassLoader(new URL[] {classes}, jdk)) {
            Class<?> code = alone.loadClass(QrCode.class.getName());
            assertFalse(code == QrCode.class);
            for (Object[] call : new Object[][] {{"read", png}, {"write", file, png}}) {
                Object[] paths = Arrays.copyOfRange(call, 1, call.length);
                Class<?>[] types = new Class<?>[paths.length];
                Arrays.fill(types, Path.class);
                Method method = code.getMethod((String) call[0], types);
                InvocationTargetException e =
                        expectThrows(
                                InvocationTargetException.class, () -> method.invoke(null, paths));
                assertEquals(e.getCause().getClass(), IllegalStateException.class);
                assertTrue(e.getCause().getMessage().contains("com.google.zxing:core"));
            }
        }
    }
}
