package dev.bonsai.gate;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * A metric with the data that it is measured on, for a model of which nothing is known but how it
 * answers.
 *
 * <p>A {@link RandomAccessDataset} is read in its own order and whole, without its sampler, so that
 * no random number of a training is used up and two measurements see the same samples. Its batches
 * are as large as those of the training, which are known to suit the memory and the layers; DJL
 * does not tell how large those of a data set are. Each sample counts the same in a loss, however
 * long the last batch is. Any other data set is read as it comes, and must be readable again and
 * again.
 *
 * <p>An output that is NaN makes the metric NaN, whatever the evaluator says; see {@link #notes}.
 */
public final class Evaluation {

    private static final String ACCUMULATOR = "bonsai";
    private static final int DEFAULT_BATCH_SIZE = 32;

    private final Dataset dataset;
    private final Evaluator evaluator;
    private final Direction direction;
    private final OptionalInt batchSize;
    private boolean comparesPairs;
    private OptionalInt suggested = OptionalInt.empty();
    private OptionalLong samples = OptionalLong.empty();
    private Optional<String> flaw = Optional.empty();
    private Optional<String> changed = Optional.empty();

    /**
     * Constructs an evaluation.
     *
     * @param dataset the data to evaluate on
     * @param evaluator the metric
     * @param direction which way it improves; empty to go by {@link Direction#of}
     * @param batchSize how many samples of a {@link RandomAccessDataset} to take at a time; empty
     *     to go by {@link #suggestBatchSize}, or take 32
     * @throws IllegalArgumentException if the direction is not given, and not known, or the batch
     *     size is below 1
     */
    public Evaluation(
            Dataset dataset,
            Evaluator evaluator,
            Optional<Direction> direction,
            OptionalInt batchSize) {
        this.dataset = Objects.requireNonNull(dataset, "dataset");
        this.evaluator = Objects.requireNonNull(evaluator, "evaluator");
        this.direction = direction.orElseGet(() -> Direction.of(evaluator));
        this.batchSize = batchSize;
        batchSize.ifPresent(Evaluation::checkBatchSize);
    }

    static int checkBatchSize(int batchSize) {
        if (batchSize < 1) {
            throw new IllegalArgumentException(
                    "A batch has 1 or more samples, but got a batchSize of " + batchSize);
        }
        return batchSize;
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

    /** Returns which unit the metric has. */
    MetricScale scale() {
        return MetricScale.of(evaluator);
    }

    /** Has states be compared sample by sample, also by an evaluator of the user's own. */
    Evaluation inPairs() {
        comparesPairs = true;
        return this;
    }

    /** Forgets what belonged to an earlier training. */
    void beginTraining() {
        suggested = OptionalInt.empty();
        flaw = Optional.empty();
        changed = Optional.empty();
    }

    /** Has batches be of a size, unless one was given or suggested before. */
    void suggestBatchSize(int size) {
        if (suggested.isEmpty()) {
            suggested = OptionalInt.of(checkBatchSize(size));
        }
    }

    /**
     * Returns what was wrong with the measurements so far.
     *
     * @return one sentence per note, with what to do
     */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        flaw.ifPresent(notes::add);
        changed.ifPresent(notes::add);
        return notes;
    }

    /**
     * Measures a model.
     *
     * @param manager the parent of the batches' managers
     * @param device where the model runs
     * @param model gives the outputs for the inputs of a batch
     * @return the metric, with what it is the mean of where that is known; NaN if there is no data,
     *     the evaluator said so, or an output is NaN
     * @throws UncheckedIOException if the data can't be read
     * @throws EvaluationDataException if the data can't be translated, or could be read only once
     */
    public Measurement measure(NDManager manager, Device device, UnaryOperator<NDList> model) {
        evaluator.addAccumulator(ACCUMULATOR);
        evaluator.resetAccumulator(ACCUMULATOR);
        try {
            int size = batchSize.orElse(suggested.orElse(DEFAULT_BATCH_SIZE));
            EvaluationBatches batches = new EvaluationBatches(dataset, size);
            OutcomeRecorder recorder =
                    new OutcomeRecorder(evaluator, batches.expected(), comparesPairs);
            Mean losses = new Mean();
            boolean whole =
                    batches.forEach(
                            manager,
                            device,
                            inputs -> detached(model.apply(inputs)),
                            (labels, outputs, count) ->
                                    update(labels, outputs, count, losses, recorder, batches));
            checkSamples(batches.samples());
            if (!whole) {
                return Measurement.NONE;
            }
            double metric =
                    evaluator instanceof Loss
                            ? losses.value()
                            : evaluator.getAccumulator(ACCUMULATOR);
            return new Measurement(metric, recorder.end(metric).stream().toList());
        } catch (IOException e) {
            throw new UncheckedIOException("The evaluation data could not be read", e);
        } catch (TranslateException e) {
            throw new EvaluationDataException("The evaluation data could not be read", e);
        }
    }

    /** Returns false if no metric can be taken from the outputs. */
    private boolean update(
            NDList labels,
            NDList outputs,
            int size,
            Mean losses,
            OutcomeRecorder recorder,
            EvaluationBatches batches) {
        Optional<String> found = OutputCheck.flaw(outputs);
        if (found.isPresent()) {
            flaw = flaw.or(() -> Optional.of(describe(found.get(), batches.number())));
            return false;
        }
        evaluator.updateAccumulator(ACCUMULATOR, labels, outputs);
        if (evaluator instanceof Loss) {
            // DJL's losses average over batches, and a batch may be shorter than the others.
            float loss = evaluator.getAccumulator(ACCUMULATOR);
            losses.add(loss, size);
            evaluator.resetAccumulator(ACCUMULATOR);
            recorder.add(labels, outputs, size, loss);
        } else if (recorder.byBatch()) {
            double own = OutcomeRecorder.metric(evaluator, labels, outputs);
            recorder.add(labels, outputs, size, own);
        }
        return true;
    }

    private String describe(String what, int batch) {
        return String.format(
                Locale.ROOT,
                "no %s was taken from a state of the model whose %s in batch %d of the evaluation"
                        + " data. The weights have diverged, or the data holds such values: lower"
                        + " the learning rate, or check the data",
                name(),
                what,
                batch);
    }

    private void checkSamples(long now) {
        if (now == 0 && samples.orElse(0) > 0) {
            throw new EvaluationDataException(
                    String.format(
                            Locale.ROOT,
                            "The evaluation data gave %d samples when it was read first, and none"
                                    + " now: a gate reads it again and again. Give it a Dataset"
                                    + " whose getData starts anew each time, such as an"
                                    + " ArrayDataset, or keep the batches of a stream in a list",
                            samples.getAsLong()));
        }
        if (now == 0) {
            flaw = Optional.of("the evaluation data set gave no sample");
        } else if (samples.isPresent() && samples.getAsLong() != now) {
            changed =
                    Optional.of(
                            String.format(
                                    Locale.ROOT,
                                    "the evaluation data gave %d samples at first and %d later, so"
                                            + " that its metrics compare different things: have it"
                                            + " give the same samples each time",
                                    samples.getAsLong(),
                                    now));
        } else {
            samples = OptionalLong.of(now);
        }
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

    /** A mean over samples of which the means over batches are known. */
    private static final class Mean {

        private double sum;
        private long count;

        void add(double mean, int size) {
            sum += mean * size;
            count += size;
        }

        double value() {
            return count == 0 ? Double.NaN : sum / count;
        }
    }
}
