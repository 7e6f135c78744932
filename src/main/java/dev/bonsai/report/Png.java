package dev.bonsai.report;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Writes drawings as small PNG images with a palette, a third of the size of those with full
 * colours: a notebook keeps every image in its text.
 */
final class Png {

    private static final int COLOURS = 256;

    /** 16 shades of each of red, green and blue: what one sees of the smoothed edge of a letter. */
    private static final int FINEST = 15;

    private Png() {}

    static byte[] encode(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        int[] rounded = pixels;
        int[] palette = {};
        // Six shades of each make 216 colours, so that there is an end.
        for (int steps = FINEST; steps == FINEST || palette.length > COLOURS; --steps) {
            int top = steps;
            rounded = Arrays.stream(pixels).map(pixel -> round(pixel, top)).toArray();
            palette = Arrays.stream(rounded).sorted().distinct().toArray();
        }
        IndexColorModel colours =
                new IndexColorModel(
                        8,
                        palette.length,
                        component(palette, 16),
                        component(palette, 8),
                        component(palette, 0));
        BufferedImage indexed =
                new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, colours);
        for (int i = 0; i < rounded.length; ++i) {
            int index = Arrays.binarySearch(palette, rounded[i]);
            indexed.getRaster().setSample(i % width, i / width, 0, index);
        }
        return write(indexed);
    }

    private static int round(int pixel, int steps) {
        return IntStream.of(0, 8, 16)
                .map(shift -> (((pixel >> shift & 255) * steps + 127) / 255 * 255 / steps) << shift)
                .sum();
    }

    private static byte[] component(int[] palette, int shift) {
        byte[] values = new byte[palette.length];
        for (int i = 0; i < palette.length; ++i) {
            values[i] = (byte) (palette[i] >> shift);
        }
        return values;
    }

    private static byte[] write(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(0); // the smallest file; PNG loses nothing
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a write to memory
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
