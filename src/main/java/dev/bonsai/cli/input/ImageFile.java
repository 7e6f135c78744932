package dev.bonsai.cli.input;

import dev.bonsai.command.InputException;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.runtime.Tensor;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A picture as the input of a model: of one channel or three, which stand first or last. Its size
 * must be the model's, as scaling it here would hide what the model was trained with.
 */
final class ImageFile {

    private static final int COLOURS = 3;
    private static final int OPAQUE = 0xff;

    /** The parts of red, green and blue in a grey, by ITU-R BT.601, in thousandths. */
    private static final int[] GREY = {299, 587, 114};

    private final Path file;
    private final Slot slot;
    private final PixelOptions pixels;
    private final boolean first;
    private final int channels;

    ImageFile(Path file, Slot slot, PixelOptions pixels) {
        this.file = file;
        this.slot = slot;
        this.pixels = pixels;
        List<Dim> sample = slot.sample();
        first = sample.size() == COLOURS && isCount(sample.get(0));
        if (!slot.isFloat() || !(first || (sample.size() == COLOURS && isCount(sample.get(2))))) {
            throw new InputException(
                    file
                            + " is a picture, but the model takes "
                            + slot.input()
                            + ", and no floats with 1 or 3 channels first or last: give an .npy or"
                            + " .csv file");
        }
        channels = Math.toIntExact(sample.get(first ? 0 : 2).size());
    }

    private static boolean isCount(Dim dim) {
        return dim.is(1) || dim.is(COLOURS);
    }

    Row row() throws IOException {
        BufferedImage image = read();
        int width = image.getWidth();
        int height = image.getHeight();
        float[] values = new float[channels * height * width];
        for (int c = 0; c < channels; ++c) {
            float[] seen = pixels.seen(c, channels);
            for (int y = 0; y < height; ++y) {
                for (int x = 0; x < width; ++x) {
                    int place = y * width + x;
                    values[first ? c * height * width + place : place * channels + c] =
                            seen[pixel(image, x, y, c)];
                }
            }
        }
        int[] shape =
                first
                        ? new int[] {1, channels, height, width}
                        : new int[] {1, height, width, channels};
        return new Row(file.getFileName().toString(), Tensor.of(values, shape));
    }

    private BufferedImage read() throws IOException {
        try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw unreadable("its bytes are of no kind that Java reads", null);
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                checkSize(reader.getWidth(0), reader.getHeight(0));
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        } catch (InputException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // damaged ones throw of many kinds
            throw unreadable(e.toString(), e);
        }
    }

    private InputException unreadable(String why, Exception cause) {
        return new InputException(
                file + " can't be read as a picture (" + why + "): expected PNG, JPEG, GIF or BMP",
                cause);
    }

    private void checkSize(int width, int height) {
        Dim tall = slot.sample().get(first ? 1 : 0);
        Dim wide = slot.sample().get(first ? 2 : 1);
        boolean fits = Slot.fits(tall, height) && Slot.fits(wide, width);
        if (!fits || (long) width * height > PixelOptions.MOST_PIXELS) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "%s has %d x %d pixels, but the model takes %s: scale it as the images"
                                    + " of its training were",
                            file,
                            width,
                            height,
                            slot.input()));
        }
    }

    private int pixel(BufferedImage image, int x, int y, int channel) {
        int colour = image.getRGB(x, y);
        if (colour >>> 24 != OPAQUE) {
            throw new InputException(
                    file + " is transparent in places: expected an opaque picture; fill it");
        }
        if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
            // Java's own conversion takes such a grey for a linear one, and makes it lighter
            int bits = image.getColorModel().getComponentSize(0);
            int sample = image.getRaster().getSample(x, y, 0);
            return (int) Math.round(255.0 * sample / ((1L << bits) - 1));
        }
        int[] parts = {colour >> 16 & OPAQUE, colour >> 8 & OPAQUE, colour & OPAQUE};
        return channels == COLOURS
                ? parts[channel]
                : (parts[0] * GREY[0] + parts[1] * GREY[1] + parts[2] * GREY[2] + 500) / 1000;
    }
}
