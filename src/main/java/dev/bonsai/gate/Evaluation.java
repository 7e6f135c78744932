package dev.bonsai.gate;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.SequenceSampler;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A metric with the data that it is measured on, for a model of which nothing is known but how it
 * answers.
 *
 * <p>A {@link RandomAccessDataset} is read in its own order and whole, without its sampler, so that
 * no random number of a training is used up and two measurements see the same samples.
 */
public final class Evaluation {

    private static final String ACCUMULATOR = "bonsai";
    private static final long MAX_BATCH_SIZE = 500;

    private final Dataset dataset;
    private final Evaluator evaluator;
    private final Direction direction;

    /**
     * Constructs an evaluation.
     *
     * @param dataset the data to evaluate on
     * @param evaluator the metric
     * @param direction which way it improves; empty to go by {@link Direction#of}
     * @throws IllegalArgumentException if the direction is not given, and not known
     */
    public Evaluation(Dataset dataset, Evaluator evaluator, Optional<Direction> direction) {
        this.dataset = Objects.requireNonNull(dataset, "dataset");
        this.evaluator = Objects.requireNonNull(evaluator, "evaluator");
        this.direction = direction.orElseGet(() -> Direction.of(evaluator));
    }

    /**
     * Returns the name of the metric.
     *
     * @return such as {@code Accuracy}
     */
    public String name() {
        return evaluator.getName();
    }

    /**
     * Returns which way the metric improves.
     *
     * @return the direction
     */
    public Direction direction() {
        return direction;
    }

    /**
     * Measures a model.
     *
     * @param manager the parent of the batches' managers
     * @param device where the model runs
     * @param model gives the outputs for the inputs of a batch
     * @return the metric; NaN if there is no data, or the evaluator said so
     * @throws UncheckedIOException if the data can't be read
     * @throws IllegalStateException if the data can't be translated
     */
    public double measure(NDManager manager, Device device, UnaryOperator<NDList> model) {
        evaluator.addAccumulator(ACCUMULATOR);
        evaluator.resetAccumulator(ACCUMULATOR);
        Device[] devices = {device};
        try {
            for (Batch batch : batches(manager)) {
                try (batch) {
                    for (Batch split : batch.split(devices, false)) {
                        NDList outputs = detached(model.apply(split.getData()));
                        evaluator.updateAccumulator(ACCUMULATOR, split.getLabels(), outputs);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The evaluation data could not be read", e);
        } catch (TranslateException e) {
            throw new IllegalStateException("The evaluation data could not be read", e);
        }
        return evaluator.getAccumulator(ACCUMULATOR);
    }

    /** Gradients may be collected just now, but what is measured is not trained on. */
    private static NDList detached(NDList outputs) {
        NDList detached = new NDList(outputs.size());
        for (NDArray output : outputs) {
            NDArray alias = output.stopGradient();
            alias.setName(output.getName());
            detached.add(alias);
        }
        return detached;
    }

    private Iterable<Batch> batches(NDManager manager) throws IOException, TranslateException {
        if (dataset instanceof RandomAccessDataset randomAccess) {
            BatchSampler inOrder = new BatchSampler(new SequenceSampler(), batchSize(randomAccess));
            return randomAccess.getData(manager, inOrder);
        }
        return dataset.getData(manager);
    }

    /** Returns a size that makes batches equal: DJL's losses average over batches, not samples. */
    private static int batchSize(RandomAccessDataset dataset)
            throws IOException, TranslateException {
        dataset.prepare();
        long size = Math.max(1, dataset.size());
        long batches = (size + MAX_BATCH_SIZE - 1) / MAX_BATCH_SIZE;
        return Math.toIntExact((size + batches - 1) / batches);
    }
}
