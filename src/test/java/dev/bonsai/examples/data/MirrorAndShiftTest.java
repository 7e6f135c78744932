package dev.bonsai.examples.data;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.testng.annotations.Test;

/** Photographs as a network sees them, and how they are varied. */
public class MirrorAndShiftTest {

    private static final int IMAGES = 48;
    private static final int SIDE = 32;
    private static final float[] MEANS = {0.4914f, 0.4822f, 0.4465f};
    private static final float[] DEVIATIONS = {0.2470f, 0.2435f, 0.2616f};

    private final ImageSet training = SampleImages.noise(ImageKind.CIFAR, IMAGES, 1);
    private final ImageSet testing = SampleImages.noise(ImageKind.CIFAR, 6, 2);
    private final ImageData data = new ImageData("noise", "test", training, testing);

    /** Where a training image went. */
    private record Move(int index, int dx, int dy, boolean mirrored) {}

    private static List<float[]> images(RandomAccessDataset dataset) throws Exception {
        List<float[]> images = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            for (Batch batch : dataset.getData(manager)) {
                try (batch) {
                    assertEquals(
                            batch.getData().head().getShape(),
                            new Shape(batch.getSize(), 3, SIDE, SIDE));
                    float[] values = batch.getData().head().toFloatArray();
                    int size = 3 * SIDE * SIDE;
                    for (int i = 0; i < values.length; i += size) {
                        images.add(Arrays.copyOfRange(values, i, i + size));
                    }
                }
            }
        }
        return images;
    }

    /** What a network has to see, one pixel after another. */
    private static float[] image(ImageSet images, Move move) {
        float[] values = new float[3 * SIDE * SIDE];
        for (int i = 0; i < values.length; ++i) {
            values[i] = value(images, move, i / (SIDE * SIDE), i / SIDE % SIDE, i % SIDE);
        }
        return values;
    }

    private static float value(ImageSet images, Move move, int channel, int y, int x) {
        int fromY = y - move.dy;
        int fromX = move.mirrored ? SIDE - 1 - (x - move.dx) : x - move.dx;
        if (Math.min(fromX, fromY) < 0 || Math.max(fromX, fromY) >= SIDE) {
            return 0;
        }
        int at = ((move.index * 3 + channel) * SIDE + fromY) * SIDE + fromX;
        float level = Byte.toUnsignedInt(images.pixels()[at]) / 255f;
        return (level - MEANS[channel]) / DEVIATIONS[channel];
    }

    private Move moveOf(float[] image) {
        for (int index = 0; index < IMAGES; ++index) {
            for (int dy = -4; dy <= 4; ++dy) {
                for (int dx = -4; dx <= 4; ++dx) {
                    for (boolean mirrored : new boolean[] {false, true}) {
                        Move move = new Move(index, dx, dy, mirrored);
                        // the centre first, as it tells nearly all apart
                        if (image[16 * SIDE + 16] == value(training, move, 0, 16, 16)
                                && Arrays.equals(image, image(training, move))) {
                            return move;
                        }
                    }
                }
            }
        }
        throw new AssertionError("An image is no variation of a training image");
    }

    @Test
    public void testImagesAreNormalisedChannelByChannel() throws Exception {
        List<float[]> images = images(data.test());
        assertEquals(images.size(), testing.size());
        for (int i = 0; i < images.size(); ++i) {
            assertEquals(images.get(i), image(testing, new Move(i, 0, 0, false)));
        }
    }

    @Test
    public void imagesAreMirroredAndMovedByUpToFourPixels() throws Exception {
        RandomAccessDataset train = data.train(16, 5, ImageKind.CIFAR.augmentation());
        List<Move> moves = new ArrayList<>();
        for (int epoch = 0; epoch < 4; ++epoch) {
            for (float[] image : images(train)) {
                moves.add(moveOf(image));
            }
        }
        assertEquals(moves.size(), 4 * 44, "one in twelve is for validation");
        Set<Integer> columns = new HashSet<>();
        Set<Integer> rows = new HashSet<>();
        Set<Move> different = new HashSet<>(moves);
        moves.forEach(move -> columns.add(move.dx));
        moves.forEach(move -> rows.add(move.dy));
        // one of nine is missing in 176 draws with a probability of 9 (8/9)^176, 1e-8
        assertEquals(columns, Set.of(-4, -3, -2, -1, 0, 1, 2, 3, 4));
        assertEquals(rows, columns);
        long mirrored = moves.stream().filter(Move::mirrored).count();
        // 88 of 176, give or take four standard deviations of 6.6
        assertTrue(Math.abs(mirrored - 88) < 27, mirrored + " of 176 are mirrored");
        // four draws of 162 are seldom the same
        assertTrue(different.size() > 160, "only " + different.size() + " different of 176");
    }

    @Test
    public void theNormalisationBelongsToTheFingerprint() {
        assertEquals(
                data.fingerprint(),
                new ImageData("other", "elsewhere", training, testing).fingerprint());
        assertNotEquals(
                data.fingerprint(),
                new ImageData("noise", "test", training, training).fingerprint());
        assertEquals(ImageKind.MNIST.signature().length, 0, "as it was when there was no other");
        assertEquals(ImageKind.CIFAR.signature().length, 24);
    }
}
