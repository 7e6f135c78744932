package dev.bonsai.examples.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Draws the data set that comes with the project, {@code datasets/digits}: ten digits in seeded
 * random handwriting, in the format of MNIST.
 *
 * <pre>{@code
 * mvn -q compile exec:java -Dexec.mainClass=dev.bonsai.examples.data.DigitsGenerator
 * }</pre>
 */
public final class DigitsGenerator {

    static final int TRAINING_IMAGES = 6_000;
    static final int TEST_IMAGES = 1_000;

    /** The sets are drawn from two streams: more training images leave the test images alone. */
    private static final long TRAINING_SEED = 1;

    private static final long TEST_SEED = 2;

    private DigitsGenerator() {}

    /**
     * Writes the data set.
     *
     * @param args the folder to write to; without it, {@code datasets/digits}
     * @throws IOException if a file cannot be written
     */
    public static void main(String[] args) throws IOException {
        Path folder = args.length == 0 ? DataSource.BUNDLED : Path.of(args[0]);
        IdxFolder.write(folder, training(), testing());
    }

    static ImageSet training() {
        return draw(TRAINING_IMAGES, TRAINING_SEED);
    }

    static ImageSet testing() {
        return draw(TEST_IMAGES, TEST_SEED);
    }

    /**
     * Draws images of random digits.
     *
     * @param count how many
     * @param seed same seed, same images; fewer of them are the first of more
     * @return the images
     */
    static ImageSet draw(int count, long seed) {
        Random random = new Random(seed);
        byte[] pixels = new byte[count * ImageFormat.MNIST.size()];
        byte[] labels = new byte[count];
        for (int i = 0; i < count; ++i) {
            int digit = random.nextInt(ImageSet.CLASSES);
            labels[i] = (byte) digit;
            List<Glyphs.Glyph> ways = Glyphs.of(digit);
            Glyphs.Glyph glyph = ways.get(random.nextInt(ways.size()));
            Ink ink = new Ink(random);
            new Penmanship(random).write(glyph).forEach(ink::draw);
            ink.develop(pixels, i * ImageFormat.MNIST.size());
        }
        return new ImageSet(ImageKind.MNIST, pixels, labels);
    }
}
