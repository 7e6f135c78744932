package dev.bonsai.gate;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.norm.GhostBatchNorm;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.loss.Loss;
import ai.djl.util.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Batches, outputs and data that are not as they should be. */
public class EvaluationTest {

    private static final int SAMPLES = 10;

    private NDManager manager;

    @BeforeMethod
    void open() {
        manager = NDManager.newBaseManager(Device.cpu());
    }

    @AfterMethod
    void close() {
        manager.close();
    }

    /** Ten samples of two features, of the classes 0 and 1 in turn, each its own best logits. */
    private ArrayDataset data() {
        float[] samples = new float[2 * SAMPLES];
        for (int i = 0; i < SAMPLES; ++i) {
            samples[2 * i + i % 2] = 1 + i;
        }
        return new ArrayDataset.Builder()
                .setData(manager.create(samples, new Shape(SAMPLES, 2)))
                .optLabels(manager.arange(SAMPLES).mod(2))
                .setSampling(3, true, true)
                .build();
    }

    private static Evaluation evaluation(Dataset dataset, Evaluator evaluator, int batchSize) {
        return new Evaluation(dataset, evaluator, Optional.empty(), OptionalInt.of(batchSize));
    }

    private double measure(Evaluation evaluation, UnaryOperator<NDList> model) {
        return evaluation.measure(manager, Device.cpu(), model).value();
    }

    private enum Value {
        NAN(Float.NaN),
        PLUS(Float.POSITIVE_INFINITY),
        MINUS(Float.NEGATIVE_INFINITY);

        private final float value;

        Value(float value) {
            this.value = value;
        }
    }

    @DataProvider
    Object[][] outputs() {
        List<Object[]> rows = new ArrayList<>();
        for (Value value : Value.values()) {
            for (boolean everywhere : new boolean[] {false, true}) {
                for (int output = 0; output < 2; ++output) {
                    for (int batch = 1; batch <= 4; ++batch) {
                        for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT16)) {
                            rows.add(new Object[] {value, everywhere, output, batch, type});
                        }
                    }
                }
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "outputs")
    void outputThatIsNoNumberMakesAnAccuracyNaNAndIsNamed(
            Value value, boolean everywhere, int output, int batch, DataType type) {
        Evaluation evaluation = evaluation(data(), new Accuracy(), 3);
        int[] asked = {0};
        double measured =
                measure(
                        evaluation,
                        inputs -> {
                            NDArray spoilt = inputs.head().duplicate().toType(type, false);
                            if (++asked[0] == batch) {
                                float[] values = new float[(int) spoilt.size()];
                                for (int i = 0; i < (everywhere ? values.length : 1); ++i) {
                                    values[i] = value.value;
                                }
                                NDManager own = inputs.head().getManager();
                                spoilt = own.create(values, spoilt.getShape()).toType(type, false);
                            }
                            return output == 0
                                    ? new NDList(spoilt, inputs.head())
                                    : new NDList(inputs.head(), spoilt);
                        });
        // A mask or the logarithm of 0 is infinite too, beside numbers.
        boolean refused = value == Value.NAN || everywhere;
        assertEquals(Double.isNaN(measured), refused);
        assertEquals(evaluation.notes().size(), refused ? 1 : 0);
        if (refused) {
            String what = value == Value.NAN ? "held NaN" : "held nothing but infinities";
            String note = evaluation.notes().get(0);
            assertTrue(note.contains("output " + output + " " + what + " in batch " + batch), note);
            assertTrue(note.contains("learning rate"), note);
        }
        evaluation.beginTraining();
        assertEquals(evaluation.notes(), List.of());
        assertEquals(measure(evaluation, UnaryOperator.identity()), 1.0, "measures on");
    }

    @Test
    void largeOutputsWhoseSumOverflowsAreNumbers() {
        Evaluation evaluation = evaluation(data(), new Accuracy(), 3);
        double measured = measure(evaluation, in -> new NDList(in.head().mul(3e37f)));
        assertEquals(measured, 1.0);
    }

    @Test
    void integerOutputsAreNumbers() {
        Evaluation evaluation = evaluation(data(), new Accuracy(), 3);
        UnaryOperator<NDList> model =
                in -> new NDList(in.head(), in.head().toType(DataType.INT64, false));
        assertEquals(measure(evaluation, model), 1.0);
    }

    @DataProvider
    Object[][] batchSizes() {
        return new Object[][] {{1}, {3}, {4}, {5}, {7}, {10}, {11}, {500}};
    }

    @Test(dataProvider = "batchSizes")
    void metricDoesNotDependOnTheBatchSizeNorOnWhetherLayersNeedOneSize(int batchSize) {
        Evaluator[] evaluators = {
            new Accuracy(), Loss.softmaxCrossEntropyLoss(), Loss.l2Loss("l2", 1)
        };
        for (Evaluator evaluator : evaluators) {
            UnaryOperator<NDList> odd = in -> new NDList(in.head().mul(in.head()).sub(20));
            UnaryOperator<NDList> model =
                    evaluator.getName().equals("l2")
                            ? in -> new NDList(odd.apply(in).head().sum(new int[] {1}))
                            : odd;
            double expected = measure(evaluation(data(), evaluator, SAMPLES), model);
            List<Long> sizes = new ArrayList<>();
            UnaryOperator<NDList> picky =
                    in -> {
                        if (in.head().getShape().get(0) != batchSize) {
                            throw new IllegalArgumentException("refused");
                        }
                        sizes.add(in.head().getShape().get(0));
                        return model.apply(in);
                    };
            // As exact as floats are.
            double rounding = 1e-6 * expected;
            assertEquals(
                    measure(evaluation(data(), evaluator, batchSize), model), expected, rounding);
            assertEquals(
                    measure(evaluation(data(), evaluator, batchSize), picky), expected, rounding);
            assertEquals(sizes.size(), (SAMPLES + batchSize - 1) / batchSize);
        }
    }

    @Test
    void outputWithoutARowPerSampleIsNotCut() {
        List<Shape> seen = new ArrayList<>();
        Accuracy accuracy =
                new Accuracy() {
                    @Override
                    public void updateAccumulators(
                            String[] keys, NDList labels, NDList predictions) {
                        seen.add(predictions.get(1).getShape());
                        super.updateAccumulators(keys, labels, predictions);
                    }
                };
        UnaryOperator<NDList> picky =
                in -> {
                    if (in.head().getShape().get(0) != 4) {
                        throw new IllegalArgumentException("refused");
                    }
                    NDArray anchors = in.head().getManager().ones(new Shape(1, 7));
                    return new NDList(in.head(), anchors);
                };
        assertEquals(measure(evaluation(data(), accuracy, 4), picky), 1.0);
        assertEquals(seen, List.of(new Shape(1, 7), new Shape(1, 7), new Shape(1, 7)));
    }

    @Test
    void errorOfTheModelOnAShortBatchIsTheUsersOwn() {
        IllegalStateException own = new IllegalStateException("own");
        IllegalStateException thrown =
                expectThrows(
                        IllegalStateException.class,
                        () ->
                                measure(
                                        evaluation(data(), new Accuracy(), 32),
                                        in -> {
                                            throw own;
                                        }));
        assertEquals(thrown, own);
    }

    @Test
    void ghostBatchNormGetsTheBatchesItNeeds() {
        // Virtual batches of 4: ten samples in one batch can't be divided into them evenly.
        Block norm = GhostBatchNorm.builder().optVirtualBatchSize(4).build();
        norm.initialize(manager, DataType.FLOAT32, new Shape(4, 2));
        ParameterStore store = new ParameterStore(manager, false);
        UnaryOperator<NDList> model = in -> norm.forward(store, in, false);
        expectThrows(
                RuntimeException.class,
                () -> measure(evaluation(data(), new Accuracy(), SAMPLES), model));
        assertEquals(measure(evaluation(data(), new Accuracy(), 4), model), 1.0);
    }

    @Test
    void firstBatchOfTheTrainingSetsTheSizeUntilTheNextTraining() {
        Evaluation evaluation =
                new Evaluation(data(), new Accuracy(), Optional.empty(), OptionalInt.empty());
        List<Long> sizes = new ArrayList<>();
        UnaryOperator<NDList> model =
                in -> {
                    sizes.add(in.head().getShape().get(0));
                    return in;
                };
        evaluation.suggestBatchSize(6);
        evaluation.suggestBatchSize(2);
        measure(evaluation, model);
        assertEquals(sizes, List.of(6L, 4L));
        evaluation.beginTraining();
        evaluation.suggestBatchSize(5);
        sizes.clear();
        measure(evaluation, model);
        assertEquals(sizes, List.of(5L, 5L));
    }

    /** Data that can be read only a few times, or less of it each time. */
    private Dataset spent(int... batchesPerReading) {
        ArrayDataset data = data();
        int[] readings = {0};
        return new Dataset() {
            @Override
            public Iterable<Batch> getData(NDManager parent) {
                List<Batch> batches = new ArrayList<>();
                for (int i = 0; i < batchesPerReading[readings[0]]; ++i) {
                    batches.add(data.getByRange(parent.newSubManager(), 2L * i, 2L * i + 2));
                }
                ++readings[0];
                Iterator<Batch> once = batches.iterator();
                return () -> once;
            }

            @Override
            public void prepare(Progress progress) {}
        };
    }

    @Test
    void dataThatCanBeReadOnlyOnceIsAnErrorWithARemedy() {
        Evaluation evaluation = evaluation(spent(3, 0), new Accuracy(), 3);
        assertEquals(measure(evaluation, UnaryOperator.identity()), 1.0);
        String message =
                expectThrows(
                                EvaluationDataException.class,
                                () -> measure(evaluation, UnaryOperator.identity()))
                        .getMessage();
        assertTrue(
                message.contains("gave 6 samples when it was read first, and none now"), message);
        assertTrue(message.contains("ArrayDataset"), message);
    }

    @Test
    void dataThatGivesOtherNumbersOfSamplesIsNoted() {
        Evaluation evaluation = evaluation(spent(3, 2, 3), new Accuracy(), 3);
        measure(evaluation, UnaryOperator.identity());
        assertEquals(evaluation.notes(), List.of());
        measure(evaluation, UnaryOperator.identity());
        assertTrue(evaluation.notes().get(0).contains("gave 6 samples at first and 4 later"));
    }

    @Test
    void dataWithoutSamplesIsNamedInTheErrorOfTheBaseline() {
        Gate gate = Gates.accuracy().build();
        double measured =
                ((EvaluatedMetric) gate.getMetric())
                        .evaluation()
                        .measure(manager, Device.cpu(), UnaryOperator.identity())
                        .value();
        String message =
                expectThrows(
                                IllegalStateException.class,
                                () -> Reference.of(List.of(gate), Metrics.of(measured)))
                        .getMessage();
        assertTrue(message.contains("the evaluation data set gave no sample"), message);
        assertFalse(Double.isFinite(measured));
    }

    /** As DJL's own sets of images: nothing is known of it before it is prepared. */
    private static final class LoadedLate extends RandomAccessDataset {

        private final ArrayDataset all;
        private boolean loaded;

        private LoadedLate(Late builder, ArrayDataset all) {
            super(builder);
            this.all = all;
        }

        static LoadedLate of(ArrayDataset all) {
            return new LoadedLate(new Late().setSampling(3, false), all);
        }

        @Override
        public void prepare(Progress progress) {
            loaded = true;
        }

        @Override
        public Record get(NDManager manager, long index) throws IOException {
            return all.get(manager, index);
        }

        @Override
        protected long availableSize() {
            if (!loaded) {
                throw new NullPointerException("data");
            }
            return all.size();
        }
    }

    private static final class Late extends RandomAccessDataset.BaseBuilder<Late> {
        @Override
        protected Late self() {
            return this;
        }
    }

    @Test
    void dataIsPreparedBeforeItsSizeIsAskedFor() throws Exception {
        Evaluation late = evaluation(LoadedLate.of(data()), new Accuracy(), 4);
        assertEquals(late.measure(manager, Device.cpu(), UnaryOperator.identity()).value(), 1.0);
    }
}
