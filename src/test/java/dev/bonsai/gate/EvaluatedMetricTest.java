package dev.bonsai.gate;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.util.Progress;
import ai.djl.util.RandomUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class EvaluatedMetricTest {

    private Trainings training;

    @BeforeMethod
    void open() {
        training = new Trainings(List.of(), List.of());
    }

    @AfterMethod
    void close() {
        training.close();
    }

    private static EvaluatedMetric metric(Dataset dataset, Evaluator evaluator) {
        return new EvaluatedMetric(
                new Evaluation(
                        dataset,
                        evaluator,
                        Optional.of(Direction.LOWER_IS_BETTER),
                        OptionalInt.empty()),
                Optional.empty());
    }

    /** Remembers the labels of each batch. */
    private static final class LabelRecorder extends Evaluator {

        private final List<List<Long>> batches = new ArrayList<>();

        LabelRecorder() {
            super("labels");
        }

        @Override
        public NDArray evaluate(NDList labels, NDList predictions) {
            throw new AssertionError("only whole batches are evaluated");
        }

        @Override
        public void addAccumulator(String key) {}

        @Override
        public void updateAccumulator(String key, NDList labels, NDList predictions) {
            long[] values = labels.singletonOrThrow().toType(DataType.INT64, false).toLongArray();
            List<Long> batch = LongStream.of(values).boxed().toList();
            assertEquals(predictions.singletonOrThrow().getShape().get(0), batch.size());
            batches.add(batch);
        }

        @Override
        public void resetAccumulator(String key) {
            batches.clear();
        }

        @Override
        public float getAccumulator(String key) {
            return batches.size();
        }
    }

    @DataProvider
    Object[][] sizes() {
        return new Object[][] {
            {1, List.of(1)},
            {7, List.of(7)},
            {32, List.of(32)},
            {65, List.of(32, 32, 1)},
        };
    }

    @Test(dataProvider = "sizes")
    void wholeDataSetIsReadInOrderAndInBatchesOfOneSize(int size, List<Integer> batches) {
        NDManager manager = training.manager();
        // A sampler that shuffles, and drops the last batch.
        ArrayDataset dataset =
                new ArrayDataset.Builder()
                        .setData(manager.zeros(new Shape(size, 2)))
                        .optLabels(manager.arange((float) size))
                        .setSampling(4, true, true)
                        .build();
        LabelRecorder recorder = new LabelRecorder();
        assertEquals(
                metric(dataset, recorder).measure(training.trainer()).value(),
                (double) batches.size());
        assertEquals(recorder.batches.stream().map(List::size).toList(), batches);
        assertEquals(
                recorder.batches.stream().flatMap(List::stream).toList(),
                IntStream.range(0, size).mapToObj(i -> (long) i).toList());
    }

    @Test
    void sampleCountsTheSameInALossWhereverItStands() {
        // 64 easy samples, and one that is hard: alone in a last batch it would count for a third.
        int size = 65;
        NDManager manager = training.manager();
        float[] samples = new float[2 * size];
        samples[2 * size - 1] = 1e4f;
        NDArray data = manager.create(samples, new Shape(size, 2));
        ArrayDataset dataset = training.data(data, size);
        Loss loss = Loss.softmaxCrossEntropyLoss();
        double measured = metric(dataset, loss).measure(training.trainer()).value();
        NDArray predictions = training.trainer().evaluate(new NDList(data)).singletonOrThrow();
        NDArray labels = manager.arange(size).mod(2);
        double all = loss.evaluate(new NDList(labels), new NDList(predictions)).getFloat();
        // The sum of a float per batch: as exact as floats are.
        assertEquals(measured, all, 1e-6 * all);
    }

    /** Trains two epochs, measuring at each batch or not, and returns all that DJL recorded. */
    private static Map<String, Object> train(boolean measuring) throws Exception {
        Evaluator accuracy = new Accuracy();
        List<String> events = new ArrayList<>();
        EvaluatedMetric[] shared = new EvaluatedMetric[2];
        TrainingListener measurer =
                new TrainingListenerAdapter() {
                    @Override
                    public void onTrainingBatch(Trainer trainer, BatchData batchData) {
                        events.add("training batch");
                        for (EvaluatedMetric metric : measuring ? shared : new EvaluatedMetric[0]) {
                            assertTrue(metric.measure(trainer).value() >= 0);
                        }
                    }

                    @Override
                    public void onValidationBatch(Trainer trainer, BatchData batchData) {
                        events.add("validation batch");
                    }

                    @Override
                    public void onEpoch(Trainer trainer) {
                        events.add("epoch");
                    }
                };
        List<TrainingListener> listeners = List.of(new EvaluatorTrainingListener(), measurer);
        try (Trainings training = new Trainings(List.of(accuracy), listeners)) {
            Trainer trainer = training.trainer();
            ArrayDataset data = training.data();
            shared[0] = metric(data, accuracy);
            shared[1] = metric(data, trainer.getLoss());
            EasyTrain.fit(trainer, 2, data, data);
            Map<String, Object> record =
                    new TreeMap<>(trainer.getTrainingResult().getEvaluations());
            record.put("epochs", trainer.getTrainingResult().getEpoch());
            record.put("names", new TreeSet<>(trainer.getMetrics().getMetricNames()));
            record.put("values", values(trainer, "train_all_Accuracy"));
            record.put("events", events);
            float[] weight =
                    trainer.getModel()
                            .getBlock()
                            .getParameters()
                            .valueAt(0)
                            .getArray()
                            .toFloatArray();
            record.put("weight", Arrays.toString(weight));
            return record;
        }
    }

    private static List<Double> values(Trainer trainer, String name) {
        return trainer.getMetrics().getMetric(name).stream()
                .map(metric -> metric.getValue().doubleValue())
                .toList();
    }

    @Test
    void trainingDoesNotNoticeEvenIfItsOwnEvaluatorsAreShared() throws Exception {
        assertEquals(train(true), train(false));
    }

    @Test
    void noRandomNumberIsUsed() {
        ArrayDataset dataset = training.data();
        List<Float> undisturbed = draws(() -> {});
        assertEquals(
                draws(() -> metric(dataset, new Accuracy()).measure(training.trainer())),
                undisturbed);
        assertNotEquals(draws(RandomUtils::nextInt), undisturbed);
    }

    private List<Float> draws(Runnable between) {
        Engine.getInstance().setRandomSeed(5);
        between.run();
        return List.of(
                RandomUtils.nextFloat(),
                training.manager().randomUniform(0, 1, new Shape(1)).getFloat());
    }

    @Test
    void secondMeasurementStartsAfresh() {
        EvaluatedMetric metric = metric(training.data(), new Accuracy());
        double first = metric.measure(training.trainer()).value();
        assertEquals(metric.measure(training.trainer()).value(), first);
        // Each of the samples counts once: the accuracy is a multiple of 1/23, up to a float's ulp.
        double correct = first * Trainings.SAMPLES;
        assertEquals(correct, Math.rint(correct), 1e-5);
    }

    @Test
    void nothingStaysBehindInTheTrainersManager() {
        BaseNDManager manager = (BaseNDManager) training.trainer().getManager();
        EvaluatedMetric metric = metric(training.data(), Loss.softmaxCrossEntropyLoss());
        metric.measure(training.trainer()).value();
        int before = manager.getManagedArrays().size();
        metric.measure(training.trainer()).value();
        assertEquals(manager.getManagedArrays().size(), before);
    }

    /** Data that can be read in one way only. */
    private record Stream(Iterable<Batch> batches) implements Dataset {
        @Override
        public Iterable<Batch> getData(NDManager manager) {
            return batches;
        }

        @Override
        public void prepare(Progress progress) {}
    }

    @Test
    void dataSetWithoutRandomAccessIsReadAsItComesAndEachBatchIsClosed() {
        List<Batch> batches = List.of(batch(4), batch(1), batch(3));
        List<NDManager> managers = batches.stream().map(Batch::getManager).toList();
        LabelRecorder recorder = new LabelRecorder();
        metric(new Stream(batches), recorder).measure(training.trainer()).value();
        assertEquals(
                recorder.batches,
                List.of(List.of(0L, 1L, 2L, 3L), List.of(0L), List.of(0L, 1L, 2L)));
        assertFalse(managers.stream().anyMatch(NDManager::isOpen));
    }

    private Batch batch(int size) {
        NDManager manager = training.manager().newSubManager();
        NDList data = new NDList(manager.zeros(new Shape(size, 2)));
        NDList labels = new NDList(manager.arange(size));
        return new Batch(manager, data, labels, size, Batchifier.STACK, Batchifier.STACK, 0, 1);
    }

    @Test
    void dataSetWithoutSamplesGivesNaN() {
        double measured =
                metric(new Gates.NoData(), new Accuracy()).measure(training.trainer()).value();
        assertTrue(Double.isNaN(measured));
    }

    @Test
    void dataThatCannotBeReadIsAnErrorWithItsCause() {
        IOException lost = new IOException("lost");
        UncheckedIOException io =
                expectThrows(
                        UncheckedIOException.class,
                        () -> metric(failing(lost), new Accuracy()).measure(training.trainer()));
        assertSame(io.getCause(), lost);
        TranslateException odd = new TranslateException("odd");
        IllegalStateException translate =
                expectThrows(
                        IllegalStateException.class,
                        () -> metric(failing(odd), new Accuracy()).measure(training.trainer()));
        assertSame(translate.getCause(), odd);
    }

    private static Dataset failing(Exception exception) {
        return new Dataset() {
            @Override
            public Iterable<Batch> getData(NDManager manager)
                    throws IOException, TranslateException {
                if (exception instanceof IOException io) {
                    throw io;
                }
                throw (TranslateException) exception;
            }

            @Override
            public void prepare(Progress progress) {}
        };
    }
}
