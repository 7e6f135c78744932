package dev.bonsai.gate;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.evaluator.BinaryAccuracy;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.evaluator.TopKAccuracy;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import ai.djl.util.Progress;
import dev.bonsai.statistics.Comparison;
import dev.bonsai.statistics.Outcomes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The metric is the mean of its outcomes, sample by sample where the evaluator allows. */
public class OutcomeRecorderTest {

    private static final int CLASSES = 5;

    private NDManager manager;

    @BeforeClass
    void open() {
        manager = NDManager.newBaseManager();
    }

    @AfterClass
    void close() {
        manager.close();
    }

    private enum Labels {
        CLASS,
        COLUMN,
        ONE_HOT,
        SEQUENCE,
        REAL,
        SIGN
    }

    private NDArray labels(Labels kind, int samples, Random random) {
        int[] shape =
                switch (kind) {
                    case CLASS -> new int[] {samples};
                    case COLUMN, REAL, SIGN -> new int[] {samples, 1};
                    case ONE_HOT -> new int[] {samples, CLASSES};
                    case SEQUENCE -> new int[] {samples, 3};
                };
        float[] values = new float[samples * (shape.length < 2 ? 1 : shape[1])];
        for (int i = 0; i < values.length; ++i) {
            values[i] =
                    switch (kind) {
                        case CLASS, COLUMN, SEQUENCE -> random.nextInt(CLASSES);
                        case ONE_HOT -> 0;
                        case REAL -> (float) random.nextGaussian();
                        case SIGN -> random.nextInt(2);
                    };
        }
        for (int i = 0; kind == Labels.ONE_HOT && i < samples; ++i) {
            values[i * CLASSES + random.nextInt(CLASSES)] = 1;
        }
        long[] dims = shape.length < 2 ? new long[] {samples} : new long[] {samples, shape[1]};
        return manager.create(values, new Shape(dims));
    }

    private NDArray outputs(Labels kind, int samples, Random random) {
        Shape shape =
                switch (kind) {
                    case CLASS, COLUMN, ONE_HOT -> new Shape(samples, CLASSES);
                    case SEQUENCE -> new Shape(samples, CLASSES, 3);
                    case REAL, SIGN -> new Shape(samples, 1);
                };
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, shape);
    }

    private Evaluation evaluation(
            Evaluator evaluator, NDArray inputs, NDArray labels, int batch, Direction direction) {
        ArrayDataset data =
                new ArrayDataset.Builder()
                        .setData(inputs)
                        .optLabels(labels)
                        .setSampling(batch, false)
                        .build();
        return new Evaluation(data, evaluator, Optional.of(direction), OptionalInt.of(batch));
    }

    private Measurement measure(Evaluation evaluation) {
        return evaluation.measure(
                manager, Device.cpu(), inputs -> new NDList(inputs.head().mul(1)));
    }

    @DataProvider
    Object[][] evaluators() {
        return new Object[][] {
            {new Accuracy(), Labels.CLASS, true, true},
            {new Accuracy(), Labels.COLUMN, true, true},
            {new Accuracy(), Labels.ONE_HOT, true, true},
            {new Accuracy(), Labels.SEQUENCE, true, false},
            {new TopKAccuracy(2), Labels.CLASS, true, true},
            {new BinaryAccuracy(), Labels.SIGN, true, true},
            {Loss.softmaxCrossEntropyLoss(), Labels.CLASS, false, false},
            {Loss.l2Loss(), Labels.REAL, false, false},
            {Loss.l1Loss(), Labels.REAL, false, false},
        };
    }

    /** Few batches, so that losses are kept by sample too, and the last of them is short. */
    @Test(dataProvider = "evaluators")
    void metricIsTheMeanOverItsSamples(
            Evaluator evaluator, Labels kind, boolean higher, boolean binary) {
        Random random = new Random(4);
        int samples = 43;
        NDArray labels = labels(kind, samples, random);
        Direction direction = higher ? Direction.HIGHER_IS_BETTER : Direction.LOWER_IS_BETTER;
        Evaluation first =
                evaluation(evaluator, outputs(kind, samples, random), labels, 8, direction);
        Evaluation second =
                evaluation(evaluator, outputs(kind, samples, random), labels, 8, direction);
        Measurement one = measure(first);
        Measurement other = measure(second);
        Outcomes outcomes = one.outcomes().get(0);
        assertEquals(outcomes.count(), samples);
        assertEquals(outcomes.isBinary(), binary);
        assertEquals(outcomes.mean(), one.value(), 1e-5, "a float's rounding in the evaluator");
        Comparison drop = one.compare(other, direction).orElseThrow();
        assertEquals(drop.drop(), direction.drop(one.value(), other.value()), 1e-5);
        assertTrue(drop.standardError() > 0);
        assertEquals(measure(first), one, "the same again");
    }

    @Test
    void lossOfManyBatchesIsKeptByBatch() {
        Random random = new Random(4);
        NDArray labels = labels(Labels.CLASS, 130, random);
        Measurement loss =
                measure(
                        evaluation(
                                Loss.softmaxCrossEntropyLoss(),
                                outputs(Labels.CLASS, 130, random),
                                labels,
                                4,
                                Direction.LOWER_IS_BETTER));
        Outcomes outcomes = loss.outcomes().get(0);
        assertEquals(outcomes.count(), 33);
        assertEquals(outcomes.samples(), 130);
        assertEquals(outcomes.mean(), loss.value(), 1e-5);
    }

    /** Nobody knows how many there are: to ask for each sample by itself could take all day. */
    @Test
    void lossOfAStreamIsKeptByBatch() {
        Random random = new Random(4);
        ArrayDataset all =
                new ArrayDataset.Builder()
                        .setData(outputs(Labels.CLASS, 20, random))
                        .optLabels(labels(Labels.CLASS, 20, random))
                        .setSampling(5, false)
                        .build();
        Dataset stream =
                new Dataset() {
                    @Override
                    public Iterable<Batch> getData(NDManager owner)
                            throws IOException, TranslateException {
                        return all.getData(owner);
                    }

                    @Override
                    public void prepare(Progress progress) {
                        // there is nothing to prepare
                    }
                };
        Evaluation evaluation =
                new Evaluation(
                        stream,
                        Loss.softmaxCrossEntropyLoss(),
                        Optional.of(Direction.LOWER_IS_BETTER),
                        OptionalInt.empty());
        assertEquals(measure(evaluation).outcomes().get(0).count(), 4);
    }

    @Test
    void otherLabelsOrAnotherOrderAreNoPairs() {
        Random random = new Random(4);
        NDArray labels = labels(Labels.CLASS, 40, random);
        NDArray outputs = outputs(Labels.CLASS, 40, random);
        Measurement one =
                measure(evaluation(new Accuracy(), outputs, labels, 8, Direction.HIGHER_IS_BETTER));
        NDArray turned = labels.flip(0);
        Measurement other =
                measure(evaluation(new Accuracy(), outputs, turned, 8, Direction.HIGHER_IS_BETTER));
        assertTrue(one.compare(other, Direction.HIGHER_IS_BETTER).isEmpty());
        assertTrue(
                one.compare(Measurement.of(0.5), Direction.HIGHER_IS_BETTER).isEmpty(),
                "nothing is known of the samples");
    }

    /** The largest output, which is no mean; and how often it was asked. */
    private static final class Largest extends Evaluator {

        private final List<Float> seen = new ArrayList<>();
        private int asked;

        Largest() {
            super("Largest");
        }

        @Override
        public NDArray evaluate(NDList labels, NDList predictions) {
            return predictions.head().max();
        }

        @Override
        public void addAccumulator(String key) {}

        @Override
        public void updateAccumulator(String key, NDList labels, NDList predictions) {
            ++asked;
            seen.add(predictions.head().toType(DataType.FLOAT32, false).max().getFloat());
        }

        @Override
        public void resetAccumulator(String key) {
            seen.clear();
        }

        @Override
        public float getAccumulator(String key) {
            return seen.stream().max(Float::compare).orElse(Float.NaN);
        }
    }

    @Test
    void evaluatorOfOnesOwnIsAskedOncePerBatch() {
        Random random = new Random(4);
        Largest largest = new Largest();
        Measurement found =
                measure(
                        evaluation(
                                largest,
                                outputs(Labels.CLASS, 40, random),
                                labels(Labels.CLASS, 40, random),
                                8,
                                Direction.HIGHER_IS_BETTER));
        assertEquals(largest.asked, 5);
        assertEquals(found.outcomes(), List.of());
    }

    @Test
    void metricThatIsNoMeanHasNoOutcomes() {
        Random random = new Random(4);
        Accumulated whole = new Accumulated();
        Measurement found =
                measure(
                        evaluation(
                                        whole,
                                        outputs(Labels.CLASS, 40, random),
                                        labels(Labels.CLASS, 40, random),
                                        8,
                                        Direction.HIGHER_IS_BETTER)
                                .inPairs());
        assertTrue(Double.isFinite(found.value()));
        assertEquals(found.outcomes(), List.of());
    }

    /** The largest output of all data, with an accumulator per key. */
    private static final class Accumulated extends Evaluator {

        Accumulated() {
            super("LargestOfAll");
        }

        @Override
        public NDArray evaluate(NDList labels, NDList predictions) {
            return predictions.head().max();
        }

        @Override
        public void addAccumulator(String key) {
            totalInstances.put(key, 0L);
        }

        @Override
        public void updateAccumulator(String key, NDList labels, NDList predictions) {
            long value = (long) (1e6 * predictions.head().max().getFloat());
            totalInstances.merge(key, value, Math::max);
        }

        @Override
        public void resetAccumulator(String key) {
            totalInstances.put(key, 0L);
        }

        @Override
        public float getAccumulator(String key) {
            return totalInstances.get(key) / 1e6f;
        }
    }
}
