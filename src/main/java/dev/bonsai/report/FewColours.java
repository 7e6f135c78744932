package dev.bonsai.report;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws with at most 256 colours, so that a picture takes a byte per pixel and less than half of
 * the file. A chart has few colours, but many of them where a line or a letter ends.
 */
final class FewColours {

    private static final int MOST = 256;
    private static final int OPAQUE = 255;

    private FewColours() {}

    /**
     * Returns a picture with the colours that most pixels have. A pixel of any other colour gets
     * the nearest of them.
     */
    static BufferedImage of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int pixel : pixels) {
            counts.merge(pixel, 1, Integer::sum);
        }
        List<Integer> palette =
                counts.keySet().stream()
                        .sorted(
                                Comparator.<Integer>comparingInt(colour -> -counts.get(colour))
                                        .thenComparing(Comparator.naturalOrder()))
                        .limit(MOST)
                        .toList();
        Map<Integer, Integer> places = new HashMap<>();
        for (int i = 0; i < palette.size(); ++i) {
            places.put(palette.get(i), i);
        }
        BufferedImage result =
                new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model(palette));
        WritableRaster raster = result.getRaster();
        for (int i = 0; i < pixels.length; ++i) {
            int place = places.computeIfAbsent(pixels[i], colour -> nearest(palette, colour));
            raster.setSample(i % width, i / width, 0, place);
        }
        return result;
    }

    private static IndexColorModel model(List<Integer> palette) {
        int[] colours = palette.stream().mapToInt(Integer::intValue).toArray();
        return new IndexColorModel(
                Byte.SIZE, colours.length, colours, 0, true, -1, DataBuffer.TYPE_BYTE);
    }

    private static int nearest(List<Integer> palette, int colour) {
        int nearest = 0;
        for (int i = 1; i < palette.size(); ++i) {
            if (distance(palette.get(i), colour) < distance(palette.get(nearest), colour)) {
                nearest = i;
            }
        }
        return nearest;
    }

    /** As they are seen: of a colour that is hardly there, its tone hardly counts. */
    static int distance(int one, int other) {
        int sum = square((one >>> 24) - (other >>> 24));
        for (int shift = 0; shift < 24; shift += Byte.SIZE) {
            sum += square(seen(one, shift) - seen(other, shift));
        }
        return sum;
    }

    private static int seen(int colour, int shift) {
        return (colour >>> 24) * (colour >>> shift & OPAQUE) / OPAQUE;
    }

    private static int square(int value) {
        return value * value;
    }
}
