package dev.bonsai.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import dev.bonsai.examples.data.ImageFormat;
import dev.bonsai.page.Difference;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The images that the dense and the compressed network answer differently. */
final class Differences {

    private static final int MOST = 12;
    private static final int WHITE = 255;

    private Differences() {}

    /** Finds the first of them, with pictures. */
    static List<Difference> of(
            Answers dense, Answers compressed, Dataset images, ImageFormat format)
            throws IOException, TranslateException {
        List<Difference> found = new ArrayList<>();
        int index = 0;
        try (NDManager manager = NDManager.newBaseManager()) {
            for (Batch batch : images.getData(manager)) {
                try (batch) {
                    NDArray pictures = batch.getData().head();
                    for (int i = 0; i < batch.getSize(); ++i, ++index) {
                        if (found.size() < MOST
                                && dense.classes()[index] != compressed.classes()[index]) {
                            found.add(
                                    difference(dense, compressed, index, pictures.get(i), format));
                        }
                    }
                }
            }
        }
        return found;
    }

    private static Difference difference(
            Answers dense, Answers compressed, int index, NDArray image, ImageFormat format) {
        return new Difference(
                "test image " + index,
                Integer.toString(dense.labels()[index]),
                Integer.toString(dense.classes()[index]),
                Integer.toString(compressed.classes()[index]),
                Optional.of(draw(image.toFloatArray(), format)));
    }

    /** From black, the smallest of an image's values, to white, the largest. */
    private static BufferedImage draw(float[] values, ImageFormat format) {
        float low = Float.MAX_VALUE;
        float high = -Float.MAX_VALUE;
        for (float value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        float range = high > low ? high - low : 1;
        BufferedImage image =
                new BufferedImage(format.width(), format.height(), BufferedImage.TYPE_INT_RGB);
        int area = format.height() * format.width();
        for (int pixel = 0; pixel < area; ++pixel) {
            int colour = 0;
            for (int part = 0; part < 3; ++part) { // red, green and blue
                int channel = Math.min(part, format.channels() - 1);
                float share = (values[channel * area + pixel] - low) / range;
                colour = (colour << Byte.SIZE) | Math.round(WHITE * share);
            }
            image.setRGB(pixel % format.width(), pixel / format.width(), colour);
        }
        return image;
    }
}
