package dev.bonsai.examples.data;

import ai.djl.Device;
import ai.djl.basicdataset.cv.classification.Cifar10;
import ai.djl.basicdataset.cv.classification.FashionMnist;
import ai.djl.basicdataset.cv.classification.Mnist;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.Repository;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.translate.Pipeline;
import ai.djl.translate.TranslateException;
import ai.djl.util.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;

/** A data set that DJL downloads once and keeps in its cache. */
enum DjlArchive {
    MNIST("MNIST", ImageKind.MNIST) {
        @Override
        ArrayDataset open(Usage usage, NDManager manager, Repository repository) {
            return Mnist.builder()
                    .optUsage(usage)
                    .optManager(manager)
                    .optRepository(repository)
                    .optPipeline(new Pipeline())
                    .setSampling(BULK, false)
                    .build();
        }
    },
    FASHION_MNIST("Fashion-MNIST", ImageKind.MNIST) {
        @Override
        ArrayDataset open(Usage usage, NDManager manager, Repository repository) {
            return FashionMnist.builder()
                    .optUsage(usage)
                    .optManager(manager)
                    .optRepository(repository)
                    .optPipeline(new Pipeline())
                    .setSampling(BULK, false)
                    .build();
        }
    },
    CIFAR_10("CIFAR-10", ImageKind.CIFAR) {
        @Override
        ArrayDataset open(Usage usage, NDManager manager, Repository repository) {
            return Cifar10.builder()
                    .optUsage(usage)
                    .optManager(manager)
                    .optRepository(repository)
                    .optPipeline(new Pipeline().add(DjlArchive::channelsFirst))
                    .setSampling(BULK, false)
                    .build();
        }
    };

    /** Images read at once: enough to make the cost of an array small, and little memory. */
    private static final int BULK = 5_000;

    private final String title;
    private final ImageKind kind;

    DjlArchive(String title, ImageKind kind) {
        this.title = title;
        this.kind = kind;
    }

    /** Opens the grey levels from 0 to 255; the pipeline that scales them is left out. */
    abstract ArrayDataset open(Usage usage, NDManager manager, Repository repository);

    /**
     * DJL has the channels of a pixel side by side, and a batch goes through its pipeline whole.
     */
    private static NDArray channelsFirst(NDArray batch) {
        return batch.transpose(0, 3, 1, 2);
    }

    /**
     * Reads the data set, from DJL's cache or else from the network.
     *
     * @param repository where DJL keeps it
     * @param patience how long a download may stand still
     * @return the data
     * @throws DataException if the data set is not to be had, or not what it should be
     */
    ImageData load(Repository repository, Duration patience) {
        return Patience.await(
                title,
                patience,
                progress ->
                        new ImageData(
                                title,
                                "through DJL",
                                read(Usage.TRAIN, repository, progress),
                                read(Usage.TEST, repository, progress)));
    }

    private ImageSet read(Usage usage, Repository repository, Progress progress)
            throws IOException, TranslateException {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            ArrayDataset dataset = open(usage, manager, repository);
            dataset.prepare(progress);
            for (Batch batch : dataset.getData(manager)) {
                try (batch) {
                    append(batch.getData().singletonOrThrow().toFloatArray(), pixels);
                    append(batch.getLabels().singletonOrThrow().toFloatArray(), labels);
                }
                progress.increment(0);
            }
        }
        return new ImageSet(kind, pixels.toByteArray(), labels.toByteArray());
    }

    private static void append(float[] values, ByteArrayOutputStream bytes) {
        for (float value : values) {
            bytes.write((int) value);
        }
    }
}
