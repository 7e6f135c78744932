package dev.bonsai.examples.data;

import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.training.dataset.SequenceSampler;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A set of images of one format in ten classes, cut into training, validation and test images.
 *
 * <p>One training image in twelve is set aside for validation (5,000 of MNIST's 60,000), the same
 * ones whatever the seed of a training run, so that runs can be compared.
 *
 * <p>The data sets hand out data of shape (N, C, H, W), such as (N, 1, 28, 28), and labels of shape
 * (N), floats from 0 to 9. The data are 32-bit floats: in [0, 1] for MNIST and its like, and around
 * 0 for photographs, see {@link ImageKind}. They hold no native memory; a batch belongs to the
 * manager that is passed to {@code getData}.
 *
 * <pre>{@code
 * ImageData data = DataSource.AUTO.load();
 * EasyTrain.fit(trainer, 10, data.train(64, seed, Augmentation.NONE), data.validation());
 * }</pre>
 */
public final class ImageData implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    private static final int VALIDATION_SHARE = 12;
    private static final long SPLIT_SEED = 28;
    private static final int EVALUATION_BATCH = 500;

    private final String name;
    private final String note;
    private final ImageSet training;
    private final ImageSet testing;
    private final int[] trainingRows;
    private final int[] validationRows;

    /**
     * @param name what people call the data
     * @param note where it comes from, in a few words
     * @param training the images for training and validation
     * @param testing the images for the test
     */
    ImageData(String name, String note, ImageSet training, ImageSet testing) {
        if (training.size() < VALIDATION_SHARE || testing.size() == 0) {
            throw new DataException(
                    String.format(
                            Locale.ROOT,
                            "%s has %d training and %d test images, but at least %d and 1 are"
                                    + " needed",
                            name,
                            training.size(),
                            testing.size(),
                            VALIDATION_SHARE));
        }
        this.name = name;
        this.note = note;
        this.training = training;
        this.testing = testing;
        int[] order = Seeds.permutation(training.size(), SPLIT_SEED);
        int held = training.size() / VALIDATION_SHARE;
        this.validationRows = Arrays.copyOf(order, held);
        this.trainingRows = Arrays.copyOfRange(order, held, order.length);
    }

    /**
     * Reads a folder with the four files of MNIST, or of a set in the same format, or with CIFAR-10
     * in two zip files.
     *
     * @param folder the folder with {@code train-images-idx3-ubyte}, {@code
     *     train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte} and {@code
     *     t10k-labels-idx1-ubyte}, each plain or with {@code gzip}; {@code train-images.idx3-ubyte}
     *     and the like are found too. Or the folder with {@code cifar10-train.zip} and {@code
     *     cifar10-test.zip}, each with JPEG images of 32x32 pixels in folders that bear the names
     *     of the ten classes
     * @return the data, with the folder's name, or {@code CIFAR-10 (JPEG)}
     * @throws DataException if a file is missing, cut off, or not what its name says
     */
    public static ImageData fromFolder(Path folder) {
        if (ZippedFolders.isIn(folder)) {
            return ZippedFolders.read(folder);
        }
        Path last = folder.toAbsolutePath().normalize().getFileName();
        return IdxFolder.read(last == null ? "data" : last.toString(), folder);
    }

    /**
     * Returns the images to train on, shuffled anew in every epoch.
     *
     * @param batchSize the images of a batch, at least 1; the last batch of an epoch may be smaller
     * @param seed determines the order in every epoch and the augmentation: two data sets with one
     *     seed give the same batches, epoch by epoch
     * @param augmentation how the images are varied
     * @return a data set that counts its epochs itself: each call of {@code getData} is the next
     */
    public RandomAccessDataset train(int batchSize, long seed, Augmentation augmentation) {
        return train(batchSize, seed, augmentation, 0);
    }

    /**
     * Returns the images to train on for a training that goes on: the batches are those that follow
     * on some epochs.
     *
     * <pre>{@code
     * int left = checkpoint.epochsLeft(trainer, 40);
     * EasyTrain.fit(trainer, left, data.train(64, seed, Augmentation.NONE, 40 - left), null);
     * }</pre>
     *
     * @param batchSize the images of a batch, at least 1; the last batch of an epoch may be smaller
     * @param seed determines the order in every epoch and the augmentation
     * @param augmentation how the images are varied
     * @param behind the number of epochs that the training has behind it, at least 0
     * @return a data set whose first epoch is the one behind those
     */
    public RandomAccessDataset train(
            int batchSize, long seed, Augmentation augmentation, int behind) {
        if (batchSize < 1) {
            throw new IllegalArgumentException(
                    "A batch has at least 1 image, but got a batch size of " + batchSize);
        }
        if (behind < 0) {
            throw new IllegalArgumentException(
                    "A training has 0 or more epochs behind it, but got "
                            + behind
                            + ": pass the epochs of the whole training without those that are"
                            + " left");
        }
        Sampler sampler = new BatchSampler(new SeededShuffle(seed), batchSize);
        return new ImageDataset(training, trainingRows, augmentation, seed, behind, sampler);
    }

    /**
     * Returns the images to judge a network by while it is made.
     *
     * @return a data set in a fixed order
     */
    public RandomAccessDataset validation() {
        return inOrder(training, validationRows);
    }

    /**
     * Returns the images to judge a network by in the end.
     *
     * @return a data set in a fixed order
     */
    public RandomAccessDataset test() {
        return inOrder(testing, IntStream.range(0, testing.size()).toArray());
    }

    private static RandomAccessDataset inOrder(ImageSet images, int[] rows) {
        Sampler sampler = new BatchSampler(new SequenceSampler(), EVALUATION_BATCH);
        return new ImageDataset(images, rows, Augmentation.NONE, 0, 0, sampler);
    }

    /**
     * Returns what people call the data.
     *
     * @return the name, such as {@code MNIST}
     */
    public String name() {
        return name;
    }

    /**
     * Returns what the images have in common.
     *
     * @return the kind, with the format of an image
     */
    public ImageKind kind() {
        return training.kind();
    }

    /**
     * Says what the data is, how much there is and where it comes from.
     *
     * @return one line
     */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "%s: %,d training, %,d validation and %,d test images (%s)",
                name,
                trainingRows.length,
                validationRows.length,
                testing.size(),
                note);
    }

    /**
     * Returns what tells these images from all others, whatever they are called.
     *
     * @return the SHA-256 of all images and labels, in hexadecimal digits
     */
    public String fingerprint() {
        return Fingerprint.of(training, testing);
    }

    /**
     * Returns how many images there are to train on.
     *
     * @return the number, without those for validation
     */
    public int trainingSize() {
        return trainingRows.length;
    }

    /** Returns the same data with a further remark in {@link #describe()}. */
    ImageData withNote(String remark) {
        return new ImageData(name, note + "; " + remark, training, testing);
    }

    ImageSet trainingImages() {
        return training;
    }

    ImageSet testImages() {
        return testing;
    }

    @Override
    public String toString() {
        return describe();
    }
}
