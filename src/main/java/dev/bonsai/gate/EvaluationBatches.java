package dev.bonsai.gate;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.training.dataset.SequenceSampler;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/**
 * One reading of evaluation data, batch by batch.
 *
 * <p>The last batch may be shorter than the others. Where a model refuses it, because a layer needs
 * batches of one size, the batch is filled up with samples from the beginning, whose outputs are
 * cut off: no sample is left out, and none counts twice.
 */
final class EvaluationBatches {

    /** Takes in what became of one batch. */
    @FunctionalInterface
    interface Consumer {
        /** Returns whether the model is to answer the batches to come too. */
        boolean accept(NDList labels, NDList outputs, int size);
    }

    private final Dataset dataset;
    private final int batchSize;
    private long samples;
    private int number;

    EvaluationBatches(Dataset dataset, int batchSize) {
        this.dataset = dataset;
        this.batchSize = batchSize;
    }

    /**
     * Returns how many batches there are to come; empty where that is not known. The data is
     * prepared, as some sets know their size only then.
     */
    OptionalLong expected() throws IOException, TranslateException {
        if (dataset instanceof RandomAccessDataset randomAccess) {
            randomAccess.prepare();
            return OptionalLong.of((randomAccess.size() + batchSize - 1) / batchSize);
        }
        return OptionalLong.empty();
    }

    /** Returns how many samples have been read. */
    long samples() {
        return samples;
    }

    /** Returns how many batches have been read, the current one included. */
    int number() {
        return number;
    }

    /**
     * Has a model answer each batch. All data is read in any case, so that its iterator gives back
     * what it holds.
     *
     * @return whether the model has answered all of it
     */
    boolean forEach(
            NDManager manager, Device device, UnaryOperator<NDList> model, Consumer consumer)
            throws IOException, TranslateException {
        Device[] devices = {device};
        boolean goesOn = true;
        for (Batch batch : batches(manager)) {
            try (batch) {
                ++number;
                for (Batch split : batch.split(devices, false)) {
                    if (goesOn) {
                        NDList outputs = answer(manager, device, split, model);
                        goesOn = consumer.accept(split.getLabels(), outputs, split.getSize());
                    }
                    samples += split.getSize();
                }
            }
        }
        return goesOn;
    }

    private Iterable<Batch> batches(NDManager manager) throws IOException, TranslateException {
        if (dataset instanceof RandomAccessDataset randomAccess) {
            return randomAccess.getData(
                    manager, new BatchSampler(new SequenceSampler(), batchSize));
        }
        return dataset.getData(manager);
    }

    private NDList answer(
            NDManager manager, Device device, Batch batch, UnaryOperator<NDList> model)
            throws IOException, TranslateException {
        boolean isShort = dataset instanceof RandomAccessDataset && batch.getSize() < batchSize;
        if (!isShort) {
            return model.apply(batch.getData());
        }
        try {
            return model.apply(batch.getData());
        } catch (RuntimeException refused) {
            try {
                return answerFilled(manager, device, batch, model);
            } catch (RuntimeException stillRefused) {
                if (stillRefused != refused) {
                    refused.addSuppressed(stillRefused);
                }
                throw refused;
            }
        }
    }

    private NDList answerFilled(
            NDManager manager, Device device, Batch batch, UnaryOperator<NDList> model)
            throws IOException, TranslateException {
        RandomAccessDataset randomAccess = (RandomAccessDataset) dataset;
        Sampler filling = new OneBatch(samples, batchSize);
        NDList outputs = new NDList();
        for (Batch filled : randomAccess.getData(manager, filling)) {
            try (filled) {
                for (Batch split : filled.split(new Device[] {device}, false)) {
                    for (NDArray output : model.apply(split.getData())) {
                        NDArray cut = cut(output, batch.getSize());
                        cut.attach(batch.getManager());
                        outputs.add(cut);
                    }
                }
            }
        }
        return outputs;
    }

    /** Takes the first rows of an output; one that has no row per sample stays as it is. */
    private NDArray cut(NDArray output, int rows) {
        boolean perSample =
                output.getShape().dimension() > 0 && output.getShape().get(0) == batchSize;
        if (!perSample) {
            return output;
        }
        NDArray cut = output.get(new NDIndex().addSliceDim(0, rows));
        cut.setName(output.getName());
        return cut;
    }

    /** Samples from one on, and from the beginning again where they are used up. */
    private record OneBatch(long from, int batchSize) implements Sampler {

        @Override
        public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
            List<Long> indices =
                    LongStream.range(from, from + batchSize)
                            .map(i -> i % dataset.size())
                            .boxed()
                            .toList();
            return List.of(indices).iterator();
        }

        @Override
        public int getBatchSize() {
            return batchSize;
        }
    }
}
