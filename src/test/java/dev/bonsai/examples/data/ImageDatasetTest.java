package dev.bonsai.examples.data;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ImageDatasetTest {

    private final ImageData data = SampleImages.data();
    private NDManager manager;

    @BeforeClass
    public void open() {
        manager = NDManager.newBaseManager();
    }

    @AfterClass
    public void close() {
        manager.close();
    }

    @DataProvider
    public Object[][] augmentations() {
        return Arrays.stream(Augmentation.values())
                .map(augmentation -> new Object[] {augmentation})
                .toArray(Object[][]::new);
    }

    @Test
    public void testImagesComeInOrderScaledToOne() throws Exception {
        List<float[]> images = images(data.test());
        ImageSet source = data.testImages();
        assertEquals(images.size(), source.size());
        for (int i = 0; i < images.size(); ++i) {
            assertEquals(images.get(i), image(source, i, 0, 0));
        }
    }

    @Test
    public void aBatchHasImagesOfOneChannelAndTheirLabels() throws Exception {
        for (Batch batch : data.test().getData(manager)) {
            try (batch) {
                NDArray labels = batch.getLabels().singletonOrThrow();
                assertEquals(
                        batch.getData().singletonOrThrow().getShape(), new Shape(20, 1, 28, 28));
                assertEquals(labels.getShape(), new Shape(20));
                assertEquals(labels.getDataType(), DataType.FLOAT32);
                for (int i = 0; i < 20; ++i) {
                    assertEquals(labels.getFloat(i), (float) data.testImages().labels()[i]);
                }
            }
        }
    }

    @Test
    public void oneTrainingImageInTwelveIsKeptForValidation() throws Exception {
        Set<Integer> training = indices(images(data.train(7, 3, Augmentation.NONE)));
        Set<Integer> validation = indices(images(data.validation()));
        assertEquals(training.size(), 110);
        assertEquals(validation.size(), 10);
        training.addAll(validation);
        assertEquals(training.size(), 120);
    }

    @Test
    public void labelsStayWithTheirImages() throws Exception {
        for (Batch batch : data.train(7, 3, Augmentation.NONE).getData(manager)) {
            try (batch) {
                List<float[]> images = rows(batch);
                float[] labels = batch.getLabels().head().toFloatArray();
                for (int i = 0; i < labels.length; ++i) {
                    byte expected = data.trainingImages().labels()[index(images.get(i))];
                    assertEquals(labels[i], (float) expected);
                }
            }
        }
    }

    @Test(dataProvider = "augmentations")
    public void oneSeedGivesTheSameBatchesEpochByEpoch(Augmentation augmentation) throws Exception {
        RandomAccessDataset one = data.train(16, 5, augmentation);
        RandomAccessDataset two = data.train(16, 5, augmentation);
        for (int epoch = 0; epoch < 3; ++epoch) {
            assertSameImages(images(one), images(two));
        }
    }

    @Test(dataProvider = "augmentations")
    public void aTrainingThatGoesOnGetsTheBatchesThatFollow(Augmentation augmentation)
            throws Exception {
        RandomAccessDataset whole = data.train(16, 5, augmentation);
        for (int behind = 0; behind < 4; ++behind) {
            RandomAccessDataset rest = data.train(16, 5, augmentation, behind);
            List<float[]> next = images(whole);
            assertSameImages(images(rest), next);
            assertNotEquals(order(images(rest)), order(next));
        }
    }

    @Test(dataProvider = "augmentations")
    public void epochsAndSeedsDiffer(Augmentation augmentation) throws Exception {
        RandomAccessDataset one = data.train(16, 5, augmentation);
        List<float[]> first = images(one);
        assertNotEquals(order(first), order(images(one)));
        assertNotEquals(order(first), order(images(data.train(16, 6, augmentation))));
    }

    @Test
    public void threadsThatFetchAheadChangeNothing() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            RandomAccessDataset one = data.train(16, 5, Augmentation.ONE_PIXEL_SHIFT);
            RandomAccessDataset two = data.train(16, 5, Augmentation.ONE_PIXEL_SHIFT);
            assertSameImages(images(one.getData(manager, executor)), images(two));
        } finally {
            executor.shutdown();
        }
    }

    @Test
    public void aShiftMovesEachImageByAtMostOnePixelAlongBothAxes() throws Exception {
        Set<List<Integer>> shifts = new HashSet<>();
        for (float[] image : images(data.train(16, 5, Augmentation.ONE_PIXEL_SHIFT))) {
            Move move = moveOf(image);
            shifts.add(List.of(move.dx, move.dy));
        }
        // Each of nine is missing with a probability of (8/9)^110, 2e-6.
        assertEquals(shifts.size(), 9, "shifts " + shifts);
    }

    @Test
    public void anImageIsShiftedAnewInEveryEpoch() throws Exception {
        RandomAccessDataset train = data.train(16, 5, Augmentation.ONE_PIXEL_SHIFT);
        Set<Move> moves = new HashSet<>();
        for (int epoch = 0; epoch < 6; ++epoch) {
            images(train).forEach(image -> moves.add(moveOf(image)));
        }
        // Six draws of nine give 4.6 different ones on average; 110 images leave little chance.
        assertTrue(moves.size() > 110 * 4, "110 images made only " + moves.size() + " moves");
    }

    @Test
    public void aRecordIsARowOfABatch() throws Exception {
        RandomAccessDataset test = data.test();
        try (NDManager scope = manager.newSubManager()) {
            Record record = test.get(scope, 7);
            assertEquals(record.getData().head().getShape(), new Shape(1, 28, 28));
            assertEquals(record.getData().head().toFloatArray(), image(data.testImages(), 7, 0, 0));
            assertEquals(
                    record.getLabels().head().getFloat(), (float) data.testImages().labels()[7]);
        }
    }

    @Test
    public void aSubsetIsADataSetOfItsOwn() throws Exception {
        RandomAccessDataset train = data.train(16, 5, Augmentation.NONE);
        RandomAccessDataset subset = train.subDataset(10, 30);
        Set<Integer> all = indices(images(train));
        List<float[]> first = images(subset);
        assertEquals(first.size(), 20);
        assertTrue(all.containsAll(indices(first)));
        assertNotEquals(order(first), order(images(subset)));
        assertEquals(images(train.subDataset(List.of(3L, 1L, 4L))).size(), 3);
    }

    @Test
    public void nothingStaysBehindInTheManager() throws Exception {
        try (NDManager own = manager.newSubManager()) {
            for (Batch batch : data.train(16, 5, Augmentation.NONE).getData(own)) {
                assertFalse(batch.getData().isEmpty());
                batch.close();
            }
            assertEquals(own.getManagedArrays(), List.of());
        }
    }

    @Test
    public void mnistIsCutAsUsual() {
        ImageSet many =
                new ImageSet(
                        ImageKind.MNIST,
                        new byte[60_000 * ImageFormat.MNIST.size()],
                        new byte[60_000]);
        ImageData mnist = new ImageData("MNIST", "here", many, SampleImages.noise(10, 1));
        assertEquals(
                mnist.describe(),
                "MNIST: 55,000 training, 5,000 validation and 10 test images (here)");
    }

    @Test
    public void senselessSizesAreRefused() {
        assertTrue(
                expectThrows(
                                IllegalArgumentException.class,
                                () -> data.train(16, 1, Augmentation.NONE, -1))
                        .getMessage()
                        .contains("0 or more epochs behind it, but got -1"));
        assertTrue(
                expectThrows(
                                IllegalArgumentException.class,
                                () -> data.train(0, 1, Augmentation.NONE))
                        .getMessage()
                        .contains("batch size of 0"));
        ImageSet few = SampleImages.noise(11, 1);
        assertEquals(
                expectThrows(DataException.class, () -> new ImageData("few", "", few, few))
                        .getMessage(),
                "few has 11 training and 11 test images, but at least 12 and 1 are needed");
    }

    private List<float[]> images(RandomAccessDataset dataset) throws Exception {
        return images(dataset.getData(manager));
    }

    private static List<float[]> images(Iterable<Batch> batches) {
        List<float[]> images = new ArrayList<>();
        for (Batch batch : batches) {
            try (batch) {
                images.addAll(rows(batch));
            }
        }
        return images;
    }

    private static List<float[]> rows(Batch batch) {
        float[] values = batch.getData().head().toFloatArray();
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < values.length; i += ImageFormat.MNIST.size()) {
            rows.add(Arrays.copyOfRange(values, i, i + ImageFormat.MNIST.size()));
        }
        return rows;
    }

    /** The image moved to the right by dx and down by dy, computed the slow way. */
    private static float[] image(ImageSet images, int index, int dx, int dy) {
        float[] values = new float[ImageFormat.MNIST.size()];
        for (int y = 0; y < Ink.SIDE; ++y) {
            for (int x = 0; x < Ink.SIDE; ++x) {
                int fromX = x - dx;
                int fromY = y - dy;
                boolean inside = Math.min(fromX, fromY) >= 0 && Math.max(fromX, fromY) < 28;
                int from = index * ImageFormat.MNIST.size() + fromY * Ink.SIDE + fromX;
                values[y * Ink.SIDE + x] =
                        inside ? Byte.toUnsignedInt(images.pixels()[from]) / 255f : 0;
            }
        }
        return values;
    }

    private Move moveOf(float[] image) {
        for (int dy = -1; dy <= 1; ++dy) {
            for (int dx = -1; dx <= 1; ++dx) {
                int centre = (14 + dy) * Ink.SIDE + 14 + dx;
                int index = Math.round(image[centre] * 255 + image[centre + 1] * 255 * 256);
                if (index < 120
                        && Arrays.equals(image, image(data.trainingImages(), index, dx, dy))) {
                    return new Move(index, dx, dy);
                }
            }
        }
        throw new AssertionError("An image is no shift of a training image");
    }

    /** Where a training image went. */
    private record Move(int index, int dx, int dy) {}

    private static int index(float[] image) {
        return Math.round(image[14 * Ink.SIDE + 14] * 255);
    }

    private static List<Integer> order(List<float[]> images) {
        return images.stream().map(Arrays::hashCode).toList();
    }

    private static Set<Integer> indices(List<float[]> images) {
        Set<Integer> indices = new TreeSet<>();
        images.forEach(image -> indices.add(index(image)));
        return indices;
    }

    private static void assertSameImages(List<float[]> one, List<float[]> two) {
        assertEquals(one.size(), two.size());
        for (int i = 0; i < one.size(); ++i) {
            assertEquals(one.get(i), two.get(i));
        }
    }
}
