package dev.bonsai.qr;

import com.google.zxing.LuminanceSource;
import com.google.zxing.PlanarYUVLuminanceSource;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** The bytes of pictures, by the JDK's Image I/O. */
final class QrPicture {

    /** The width and the height of a module in pixels. */
    static final int MODULE = 6;

    /** The modules on each side that stay white, as the standard wants it. */
    static final int MARGIN = 4;

    /** A larger picture is refused before memory is taken for it. */
    private static final long MOST_PIXELS = 1L << 26;

    private QrPicture() {}

    /** Returns a PNG of modules, black on white. */
    static byte[] encode(ByteMatrix modules) throws IOException {
        int width = (modules.getWidth() + 2 * MARGIN) * MODULE;
        BufferedImage image = new BufferedImage(width, width, BufferedImage.TYPE_BYTE_BINARY);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, width);
        graphics.setColor(Color.BLACK);
        for (int y = 0; y < modules.getHeight(); ++y) {
            for (int x = 0; x < modules.getWidth(); ++x) {
                if (modules.get(x, y) == 1) {
                    graphics.fillRect((x + MARGIN) * MODULE, (y + MARGIN) * MODULE, MODULE, MODULE);
                }
            }
        }
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", output);
        }
        return bytes.toByteArray();
    }

    /**
     * Returns the grey values of a picture.
     *
     * @param name what it is called in messages
     */
    static LuminanceSource decode(byte[] picture, Path name) throws QrException {
        try (ImageInputStream input =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(picture))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
            if (!readers.hasNext()) {
                throw new QrException(
                        name + " is no picture of a known kind: expected PNG, JPEG, GIF or BMP");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(input);
                checkSize(reader.getWidth(0), reader.getHeight(0), name);
                return grey(reader.read(0));
            } finally {
                reader.dispose();
            }
        } catch (QrException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // of a damaged one, readers throw both
            throw new QrException(
                    name + " is a damaged picture: copy it again from where it was made", e);
        }
    }

    private static void checkSize(int width, int height, Path name) throws QrException {
        if ((long) width * height > MOST_PIXELS) {
            throw new QrException(
                    String.format(
                            Locale.ROOT,
                            "%s has %,d x %,d pixels, more than %,d in all: make it smaller",
                            name,
                            width,
                            height,
                            MOST_PIXELS));
        }
    }

    /** What can be seen through is white, as on paper. */
    private static LuminanceSource grey(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        BufferedImage grey = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = grey.createGraphics();
        graphics.drawImage(image, 0, 0, Color.WHITE, null);
        graphics.dispose();
        byte[] values = ((DataBufferByte) grey.getRaster().getDataBuffer()).getData();
        return new PlanarYUVLuminanceSource(values, width, height, 0, 0, width, height, false);
    }
}
