package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.util.Progress;
import dev.bonsai.gate.EvaluationDataException;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.gate.Warmup;
import dev.bonsai.report.CompressionReport;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The gate in real trainings: its unit, its batches, its warm-up, and models that diverge. */
public class GateTrainingTest extends ToyTestBase {

    private static CompressionListener.Builder pruningBy(Gate gate) {
        return CompressionListener.builder().addTechnique(pruning(0.9f, 4)).optGate(gate);
    }

    private List<String> verdicts(float unit, boolean relative) throws Exception {
        // DJL's cross-entropy times a weight: the same loss in another unit.
        Loss loss = Loss.softmaxCrossEntropyLoss("in units", unit, -1, true, true);
        Gate.Builder gate = Gate.builder().optEvaluation(toy.data(2), loss);
        if (relative) {
            gate.optMaxRelativeDrop(0.2f).optRelativeShock(2);
        }
        CompressionListener listener = pruningBy(gate.build()).optWarmup(2).build();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 8, listener);
        }
        return listener.getReport().trials().stream()
                .map(t -> t.epoch() + " " + t.asked() + " " + t.got() + " " + t.verdict())
                .toList();
    }

    @DataProvider
    Object[][] units() {
        List<Object[]> rows = new ArrayList<>();
        for (float unit : new float[] {1e-6f, 1e-3f, 1e3f}) {
            for (boolean relative : new boolean[] {false, true}) {
                rows.add(new Object[] {unit, relative});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "units")
    public void theSameModelGetsTheSameVerdictsInEveryUnit(float unit, boolean relative)
            throws Exception {
        List<String> expected = verdicts(1, relative);
        assertTrue(expected.size() > 4, expected.toString());
        assertEquals(verdicts(unit, relative), expected);
    }

    @DataProvider
    Object[][] gates() {
        return new Object[][] {{true}, {false}};
    }

    @Test(dataProvider = "gates")
    public void aWarmupThatEndsByItselfLetsTheModelLearnFirst(boolean ofItsOwn) throws Exception {
        Gate.Builder gate = ofItsOwn ? toy.gate() : Gate.builder();
        List<Trial> early = trials(gate.build(), Warmup.epochs(1), 20);
        List<Trial> late = trials(gate.build(), Warmup.untilPlateau(2, 12), 20);
        assertEquals(late.get(0).verdict(), Verdict.BASELINE);
        assertTrue(late.get(0).metric() >= early.get(0).metric(), late + " " + early);
        assertTrue(late.get(0).epoch() >= 3, late.toString());
        assertTrue(late.stream().anyMatch(t -> t.verdict() == Verdict.ACCEPTED), late.toString());
    }

    private List<Trial> trials(Gate gate, Warmup warmup, int epochs) throws Exception {
        CompressionListener listener = pruningBy(gate).optWarmup(warmup).build();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, epochs, listener);
        }
        return listener.getReport().trials();
    }

    @Test(dataProvider = "gates")
    public void aTrainingThatEndsInItsWarmupLeavesTheBestStateAndSaysSo(boolean ofItsOwn)
            throws Exception {
        Gate gate = (ofItsOwn ? toy.gate() : Gate.builder()).build();
        CompressionListener listener =
                pruningBy(gate).optWarmup(Warmup.untilPlateau(5, 50)).build();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 2, listener);
            CompressionReport report = listener.getReport();
            assertFalse(Double.isNaN(report.baseline()), report.toString());
            assertTrue(report.notes().toString().contains("Train for more epochs"));
            assertTrue(toy.accuracy(model.getBlock()) > 0.4, "it has learned");
        }
    }

    @Test
    public void theGateEvaluatesInTheTrainingsBatchesOrThoseAskedFor() throws Exception {
        assertEquals(sizes(toy.gate().optMaxDrop(1).build()), List.of(64L));
        assertEquals(sizes(toy.gate().optMaxDrop(1).optBatchSize(128).build()), List.of(64L, 128L));
    }

    /**
     * The sizes of all batches that went through a model, the validation's and the training's too.
     */
    private List<Long> sizes(Gate gate) throws Exception {
        TreeSet<Long> sizes = new TreeSet<>();
        SequentialBlock block = new SequentialBlock();
        block.add(
                new LambdaBlock(
                        inputs -> {
                            if (!AfterTraining.isTracing()) {
                                sizes.add(inputs.head().getShape().get(0));
                            }
                            return inputs;
                        }));
        block.add(Toy.mlp());
        CompressionListener listener = pruningBy(gate).optWarmup(0).build();
        try (Model model = Toy.model(block)) {
            try (Trainer trainer = model.newTrainer(Toy.config(listener))) {
                trainer.initialize(new Shape(64, Toy.FEATURES));
                sizes.clear();
                EasyTrain.fit(trainer, 2, toy.data(1), toy.data(3));
            }
        }
        return List.copyOf(sizes);
    }

    /** Makes every weight NaN in one of the training's batches. */
    private static TrainingListener poison(int inBatch) {
        return new TrainingListenerAdapter() {
            private int batch;

            @Override
            public void onTrainingBatch(Trainer trainer, BatchData batchData) {
                if (++batch == inBatch) {
                    for (Parameter p : trainer.getModel().getBlock().getParameters().values()) {
                        p.getArray().set(new float[(int) p.getArray().size()]);
                        p.getArray().divi(0); // 0 / 0
                    }
                }
            }
        };
    }

    @Test(dataProvider = "gates")
    public void weightsThatAreNotNumbersAreNeverAcceptedAndTheReportSaysWhy(boolean ofItsOwn)
            throws Exception {
        Gate gate = (ofItsOwn ? toy.gate() : Gate.builder()).optMaxDrop(1).build();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(FakeTechnique.single("id", FakeTransforms.keeping()))
                        .optGate(gate)
                        .optWarmup(1)
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            // Without the check for divergence, which would end the training.
            Trainer trainer =
                    toy.trainer(
                            model,
                            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                                    .addEvaluator(new Accuracy())
                                    .addTrainingListeners(new EvaluatorTrainingListener())
                                    .addTrainingListeners(poison(12), listener));
            try (trainer) {
                toy.fit(trainer, 6);
            }
            CompressionReport report = listener.getReport();
            String notes = report.notes().toString();
            assertTrue(notes.contains("values were infinite or NaN"), notes);
            for (float[] values : Toy.parameters(model.getBlock()).values()) {
                for (float value : values) {
                    assertFalse(Float.isNaN(value), report.toString());
                }
            }
        }
    }

    @Test
    public void aLoopOfOnesOwnGoesBehindDjlsDefaultListeners() throws Exception {
        CompressionListener listener = pruningBy(open()).optWarmup(1).build();
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, listener)) {
            for (int epoch = 0; epoch < 3; ++epoch) {
                for (Batch batch : trainer.iterateDataset(toy.data(1))) {
                    step(trainer, batch);
                }
                trainer.notifyListeners(each -> each.onEpoch(trainer));
            }
        }
        assertNotEquals(listener.getReport().sparsity(), 0.0);
    }

    /** As the README's loop does. */
    private static void step(Trainer trainer, Batch batch) {
        NDList predictions;
        try (GradientCollector collector = trainer.newGradientCollector()) {
            predictions = trainer.forward(batch.getData());
            collector.backward(trainer.getLoss().evaluate(batch.getLabels(), predictions));
        }
        Device device = trainer.getDevices()[0];
        TrainingListener.BatchData told =
                new TrainingListener.BatchData(
                        batch, Map.of(device, batch.getLabels()), Map.of(device, predictions));
        trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, told));
        trainer.step();
        batch.close();
    }

    /** The toy's data as a stream that is read once. */
    private static Dataset once(ArrayDataset data, NDManager manager) throws Exception {
        Iterator<Batch> batches = data.getData(manager).iterator();
        return new Dataset() {
            @Override
            public Iterable<Batch> getData(NDManager parent) {
                return () -> batches;
            }

            @Override
            public void prepare(Progress progress) {}
        };
    }

    @Test
    public void validationDataThatCanBeReadOnlyOnceIsOneClearError() throws Exception {
        Gate gate =
                Gate.builder()
                        .optEvaluation(once(toy.data(2), toy.manager()), new Accuracy())
                        .build();
        CompressionListener listener = pruningBy(gate).optWarmup(1).build();
        try (Model model = Toy.model(Toy.mlp())) {
            Trainer trainer = toy.trainer(model, listener);
            EvaluationDataException e =
                    expectThrows(EvaluationDataException.class, () -> toy.fit(trainer, 3));
            assertTrue(e.getMessage().contains("gave 512 samples"), e.getMessage());
            expectThrows(EvaluationDataException.class, trainer::close);
            assertTrue(toy.accuracy(model.getBlock()) > 0.4, "the accepted state is kept");
        }
    }
}
