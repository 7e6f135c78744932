package dev.bonsai.gate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.evaluator.AbstractAccuracy;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.loss.Loss;
import dev.bonsai.statistics.Outcomes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * Keeps what a metric is the mean of while the data is read: of each sample for DJL's accuracies,
 * and for its losses where there are few batches; else of each batch.
 *
 * <p>A metric that turns out not to be the mean of what was kept, as one of all data together, has
 * no outcomes. An evaluator of the user's own is asked twice per batch, and only where states are
 * to be compared in pairs.
 */
final class OutcomeRecorder {

    private static final String BATCH = "bonsai batch";

    /** With fewer values than this the mean of batches says little about its spread. */
    private static final int MANY = 30;

    /** Metrics are 32-bit floats, and so are the sums that DJL's evaluators keep. */
    private static final double ROUNDING = 1e-4;

    private final Evaluator evaluator;
    private final boolean bySample;
    private final boolean byBatch;
    private final CRC32 labels = new CRC32();
    private final Values samples = new Values();
    private final Values batches = new Values();
    private final List<Integer> sizes = new ArrayList<>();
    private boolean broken;

    /** A list of floats. */
    private static final class Values {

        private float[] values = new float[256];
        private int count;

        void add(float value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = value;
        }

        float[] all() {
            return Arrays.copyOf(values, count);
        }
    }

    /**
     * @param evaluator the evaluator
     * @param batchCount the number of batches to come; empty if that is not known
     * @param pairs whether an evaluator of the user's own may be asked twice
     */
    OutcomeRecorder(Evaluator evaluator, OptionalLong batchCount, boolean pairs) {
        this.evaluator = evaluator;
        boolean known = evaluator.getClass().getName().startsWith("ai.djl.");
        boolean few = batchCount.isPresent() && batchCount.getAsLong() < MANY;
        bySample =
                evaluator.getClass() == Accuracy.class
                        || (known && evaluator instanceof AbstractAccuracy)
                        || (known && evaluator instanceof Loss && few);
        byBatch = known || evaluator instanceof Loss || pairs;
    }

    /** Tells whether {@link #add} wants to know the metric of a batch by itself. */
    boolean byBatch() {
        return byBatch;
    }

    /**
     * Takes in a batch.
     *
     * @param metric the metric of the batch by itself
     */
    void add(NDList given, NDList outputs, int size, double metric) {
        given.forEach(label -> labels.update(label.toByteBuffer()));
        batches.add((float) metric);
        sizes.add(size);
        if (bySample && !broken) {
            try {
                addSamples(given, outputs, size);
            } catch (RuntimeException e) {
                broken = true; // labels that can't be cut sample by sample
            }
        }
    }

    private void addSamples(NDList given, NDList outputs, int size) {
        if (evaluator.getClass() == Accuracy.class) {
            for (float right : right(given.head(), outputs.head(), size)) {
                samples.add(right);
            }
            return;
        }
        for (int i = 0; i < size; ++i) {
            samples.add(metric(evaluator, cut(given, i), cut(outputs, i)));
        }
    }

    /** What DJL's accuracy counts, before it does; over several labels of a sample the mean. */
    private static float[] right(NDArray label, NDArray output, int size) {
        boolean oneHot = label.getShape().equals(output.getShape());
        NDArray predicted = output.argMax(1);
        NDArray wanted = oneHot ? label.argMax(1) : label.toType(DataType.INT64, false);
        NDArray right = predicted.reshape(wanted.getShape()).eq(wanted);
        return right.toType(DataType.FLOAT32, false)
                .reshape(size, -1)
                .mean(new int[] {1})
                .toFloatArray();
    }

    private static NDList cut(NDList arrays, int i) {
        NDList cut = new NDList(arrays.size());
        for (NDArray array : arrays) {
            cut.add(array.get(new NDIndex().addSliceDim(i, i + 1L)));
        }
        return cut;
    }

    /** Returns the metric of a batch by itself, with an accumulator of its own. */
    static float metric(Evaluator evaluator, NDList labels, NDList outputs) {
        evaluator.addAccumulator(BATCH);
        evaluator.resetAccumulator(BATCH);
        evaluator.updateAccumulator(BATCH, labels, outputs);
        return evaluator.getAccumulator(BATCH);
    }

    /**
     * Returns what was kept.
     *
     * @param metric the metric of all data
     * @return the outcomes; empty if the metric is not their mean
     */
    Optional<Outcomes> end(double metric) {
        long fingerprint = labels.getValue();
        Outcomes single = new Outcomes(samples.all(), new int[0], fingerprint);
        if (!broken && isMean(single, metric)) {
            return Optional.of(single);
        }
        int[] counts = sizes.stream().mapToInt(Integer::intValue).toArray();
        if (!byBatch || IntStream.of(counts).anyMatch(count -> count < 1)) {
            return Optional.empty();
        }
        Outcomes means = new Outcomes(batches.all(), counts, fingerprint);
        return isMean(means, metric) ? Optional.of(means) : Optional.empty();
    }

    private static boolean isMean(Outcomes outcomes, double metric) {
        double scale = Math.max(Math.abs(metric), Float.MIN_NORMAL);
        return outcomes.count() > 0 && Math.abs(outcomes.mean() - metric) <= ROUNDING * scale;
    }
}
