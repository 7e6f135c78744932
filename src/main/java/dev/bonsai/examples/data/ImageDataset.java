package dev.bonsai.examples.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.training.dataset.Sampler;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.LongStream;

/**
 * Makes batches of float images from bytes: data of shape (N, C, H, W), as the kind of the images
 * has them, and labels of shape (N), in 32-bit floats.
 *
 * <p>A batch is put together in Java and becomes an array once, on the batch's own manager: nothing
 * is held in native memory between batches and there is nothing to close.
 */
final class ImageDataset extends ArrayDataset {

    private final ImageSet images;
    private final int[] rows;
    private final Augmentation augmentation;
    private final long seed;
    private final float[][] values;
    private volatile int epoch;

    /**
     * @param images where the images are
     * @param rows the images of this data set
     * @param augmentation how the images are varied
     * @param seed the seed of the variation; that of the order is the sampler's
     * @param behind the epochs that count as iterated
     * @param sampler makes the batches
     */
    ImageDataset(
            ImageSet images,
            int[] rows,
            Augmentation augmentation,
            long seed,
            int behind,
            Sampler sampler) {
        super(new Builder().setSampling(sampler));
        this.images = images;
        this.rows = rows;
        this.augmentation = augmentation;
        this.seed = seed;
        values = images.kind().seen();
        epoch = behind - 1;
    }

    /** Returns how often the data set was iterated before, -1 before the first time of all. */
    int epoch() {
        return epoch;
    }

    @Override
    public Iterable<Batch> getData(NDManager manager, Sampler sampler, ExecutorService executor)
            throws IOException, TranslateException {
        synchronized (this) {
            ++epoch;
        }
        return super.getData(manager, sampler, executor);
    }

    @Override
    public Record get(NDManager manager, long index) {
        long[] one = {index};
        return new Record(
                new NDList(data(manager, one).squeeze(0)),
                new NDList(labels(manager, one).squeeze(0)));
    }

    @Override
    public Batch getByIndices(NDManager manager, long... indices) {
        return new Batch(
                manager,
                new NDList(data(manager, indices)),
                new NDList(labels(manager, indices)),
                indices.length,
                Batchifier.STACK,
                Batchifier.STACK,
                -1,
                -1);
    }

    @Override
    public Batch getByRange(NDManager manager, long fromIndex, long toIndex) {
        return getByIndices(manager, LongStream.range(fromIndex, toIndex).toArray());
    }

    @Override
    protected long availableSize() {
        return rows.length;
    }

    @Override
    protected RandomAccessDataset newSubDataset(int[] indices, int from, int to) {
        return subset(Arrays.stream(indices, from, to).toArray());
    }

    @Override
    protected RandomAccessDataset newSubDataset(List<Long> indices) {
        return subset(indices.stream().mapToInt(Math::toIntExact).toArray());
    }

    private ImageDataset subset(int[] indices) {
        int[] chosen = Arrays.stream(indices).map(i -> rows[i]).toArray();
        return new ImageDataset(images, chosen, augmentation, seed, epoch + 1, sampler);
    }

    private NDArray data(NDManager manager, long[] indices) {
        ImageFormat format = images.format();
        float[] batch = new float[indices.length * format.size()];
        for (int i = 0; i < indices.length; ++i) {
            int row = rows[Math.toIntExact(indices[i])];
            int reach = augmentation.reach();
            long bits = reach == 0 ? 0 : Seeds.mix(seed, epoch, row);
            int width = 2 * reach + 1;
            int dx = Math.floorMod(bits, width) - reach;
            int dy = Math.floorMod(bits >> Integer.SIZE, width) - reach;
            boolean mirrored = augmentation.mirrors() && bits < 0;
            for (int channel = 0; channel < format.channels(); ++channel) {
                int first = i * format.size() + channel;
                copy(row, channel, dx, dy, mirrored, batch, first);
            }
        }
        return format.channels() == 1
                ? manager.create(batch, format.shape(indices.length))
                : manager.create(batch, format.pixelShape(indices.length)).transpose(0, 3, 1, 2);
    }

    /**
     * Copies a channel of an image, mirrored or not, and moved right by dx and down by dy. In the
     * target the channels of a pixel are neighbours: PyTorch keeps that order in memory from layer
     * to layer, and its convolutions need not reorder what they read.
     */
    private void copy(
            int row, int channel, int dx, int dy, boolean mirrored, float[] target, int first) {
        ImageFormat format = images.format();
        int channels = format.channels();
        int height = format.height();
        int width = format.width();
        byte[] pixels = images.pixels();
        float[] seen = values[channel];
        int source = row * format.size() + channel * format.area();
        int left = Math.max(0, dx);
        int right = Math.min(width, width + dx);
        int bottom = Math.min(height, height + dy);
        int step = mirrored ? -1 : 1;
        for (int y = Math.max(0, dy); y < bottom; ++y) {
            int line = source + (y - dy) * width;
            int from = mirrored ? line + width - 1 - (left - dx) : line + left - dx;
            for (int x = left; x < right; ++x) {
                target[first + (y * width + x) * channels] = seen[pixels[from] & 0xFF];
                from += step;
            }
        }
    }

    private NDArray labels(NDManager manager, long[] indices) {
        float[] classes = new float[indices.length];
        for (int i = 0; i < indices.length; ++i) {
            classes[i] = images.labels()[rows[Math.toIntExact(indices[i])]];
        }
        return manager.create(classes);
    }

    /** DJL's settings of a data set; the images do not go through it. */
    private static final class Builder extends BaseBuilder<Builder> {
        @Override
        protected Builder self() {
            return this;
        }
    }
}
