package dev.bonsai.gate;

import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.SequenceSampler;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.TrainingListener;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * A metric that the gate evaluates itself, on its own data set.
 *
 * <p>A {@link RandomAccessDataset} is read in its own order and whole, without its sampler, so that
 * no random number of the training is used up and two evaluations see the same samples.
 */
final class EvaluatedMetric implements MonitoredMetric {

    private static final String ACCUMULATOR = "bonsai_gate";
    private static final long MAX_BATCH_SIZE = 500;

    private final Dataset dataset;
    private final Evaluator evaluator;
    private final Direction direction;

    EvaluatedMetric(Dataset dataset, Evaluator evaluator, Optional<Direction> direction) {
        this.dataset = dataset;
        this.evaluator = evaluator;
        this.direction = direction.orElseGet(() -> Direction.of(evaluator));
    }

    @Override
    public String name() {
        return evaluator.getName();
    }

    @Override
    public void attach(Trainer trainer, TrainingListener self) {
        // Everything that is needed came with the constructor.
    }

    @Override
    public Direction direction() {
        return direction;
    }

    @Override
    public boolean isAtWill() {
        return true;
    }

    @Override
    public double measure(Trainer trainer) {
        evaluator.addAccumulator(ACCUMULATOR);
        evaluator.resetAccumulator(ACCUMULATOR);
        try {
            for (Batch batch : batches(trainer)) {
                try (batch) {
                    for (Batch split : batch.split(trainer.getDevices(), false)) {
                        evaluator.updateAccumulator(
                                ACCUMULATOR, split.getLabels(), trainer.evaluate(split.getData()));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The gate could not read its evaluation data", e);
        } catch (TranslateException e) {
            throw new IllegalStateException("The gate could not read its evaluation data", e);
        }
        return evaluator.getAccumulator(ACCUMULATOR);
    }

    private Iterable<Batch> batches(Trainer trainer) throws IOException, TranslateException {
        if (dataset instanceof RandomAccessDataset randomAccess) {
            BatchSampler inOrder = new BatchSampler(new SequenceSampler(), batchSize(randomAccess));
            return randomAccess.getData(trainer.getManager(), inOrder);
        }
        return trainer.iterateDataset(dataset);
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
