package dev.bonsai.examples.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Small random images for tests, and folders for them. */
final class SampleImages {

    private SampleImages() {}

    /** Noise of a kind. */
    static ImageSet noise(ImageKind kind, int count, long seed) {
        Random random = new Random(seed);
        byte[] pixels = new byte[count * kind.format().size()];
        random.nextBytes(pixels);
        byte[] labels = new byte[count];
        for (int i = 0; i < count; ++i) {
            labels[i] = (byte) random.nextInt(ImageSet.CLASSES);
        }
        return new ImageSet(kind, pixels, labels);
    }

    /** Noise, with the index of the image in its two central pixels: no two are equal. */
    static ImageSet noise(int count, long seed) {
        Random random = new Random(seed);
        byte[] pixels = new byte[count * ImageFormat.MNIST.size()];
        random.nextBytes(pixels);
        byte[] labels = new byte[count];
        for (int i = 0; i < count; ++i) {
            labels[i] = (byte) random.nextInt(ImageSet.CLASSES);
            pixels[i * ImageFormat.MNIST.size() + 14 * Ink.SIDE + 14] = (byte) i;
            pixels[i * ImageFormat.MNIST.size() + 14 * Ink.SIDE + 15] = (byte) (i >> 8);
        }
        return new ImageSet(ImageKind.MNIST, pixels, labels);
    }

    static ImageData data() {
        return new ImageData("noise", "test", noise(120, 1), noise(20, 2));
    }

    static Path newFolder() {
        try {
            return Files.createTempDirectory("bonsai-data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path); // a download that was given up may tidy up as well
        }
    }
}
