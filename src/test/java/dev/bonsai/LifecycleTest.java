package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.NoopTranslator;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.report.CompressionReport;
import java.util.Arrays;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The ways a training can go, from the first step to the end. */
public class LifecycleTest extends ToyTestBase {

    /** A loop of its own, of which no listener hears. */
    private void ownLoop(Trainer trainer, int epochs) throws Exception {
        for (int epoch = 0; epoch < epochs; ++epoch) {
            for (Batch batch : trainer.iterateDataset(toy.data(1))) {
                try (batch) {
                    step(trainer, batch);
                }
            }
        }
    }

    private static void step(Trainer trainer, Batch batch) {
        try (GradientCollector collector = trainer.newGradientCollector()) {
            NDList labels = batch.getLabels();
            NDList predictions = trainer.forward(batch.getData(), labels);
            collector.backward(trainer.getLoss().evaluate(labels, predictions));
        }
        trainer.step();
    }

    @Test
    public void aLoopOfOnesOwnIsCompressedWhenTheTrainerIsClosed() throws Exception {
        Block block = Toy.mlp();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 2))
                        .addTechnique(quantization(4))
                        .optGate(open())
                        .build();
        try (Model model = Toy.model(block)) {
            try (Trainer trainer = toy.trainer(model, listener)) {
                ownLoop(trainer, 3);
            }
            assertSame(model.getBlock(), block);
            CompressionReport report = listener.getReport();
            assertTrue(report.notes().isEmpty(), report.toString());
            assertTrue(report.sparsity() >= 0.5, report.toString());
            report.weights().forEach(w -> assertEquals(w.bits(), 4, report.toString()));
        }
    }

    @Test
    public void aLoopOfOnesOwnWithTheTrainersMetricIsNotCompressedAndSaysSo() throws Exception {
        CompressionListener listener =
                CompressionListener.builder().addTechnique(pruning(0.5f, 2)).build();
        Map<String, float[]> expected;
        try (Model plain = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(plain)) {
            ownLoop(trainer, 1);
            expected = Toy.parameters(plain.getBlock());
        }
        try (Model model = Toy.model(Toy.mlp())) {
            try (Trainer trainer = toy.trainer(model, listener)) {
                ownLoop(trainer, 1);
            }
            assertSameBits(Toy.parameters(model.getBlock()), expected);
        }
        CompressionReport report = listener.getReport();
        assertEquals(report.notes().size(), 1, report.toString());
        assertTrue(report.notes().get(0).startsWith("nothing was compressed"), report.toString());
        assertTrue(Double.isNaN(report.baseline()) && Double.isNaN(report.achieved()));
        assertEquals(report.sparsity(), 0, 0);
    }

    @Test
    public void aTrainingThatEndsTooSoonIsNotBlamedOnTheGate() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 10))
                        .optGate(Gate.builder().optMaxDrop(1).build())
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 4, listener); // a baseline, and three steps to be judged at most
        }
        CompressionReport report = listener.getReport();
        assertTrue(report.sparsity() > 0 && report.sparsity() < 0.5, report.toString());
        assertEquals(report.notes().size(), 1, report.toString());
        assertTrue(report.notes().get(0).contains("the training ended"), report.toString());
    }

    @Test
    public void aTrainerThatNeverTrainedLeavesTheBlockAlone() throws Exception {
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            CompressionListener listener = halving();
            Map<String, float[]> before;
            try (Trainer trainer = toy.trainer(model, listener)) {
                before = Toy.parameters(block);
                trainer.evaluate(
                        new NDList(
                                toy.manager()
                                        .ones(trainer.getModel().getBlock().getInputShapes()[0])));
            }
            assertSame(model.getBlock(), block);
            assertSameBits(Toy.parameters(block), before);
            IllegalStateException e =
                    expectThrows(IllegalStateException.class, listener::getReport);
            assertTrue(e.getMessage().contains("at least one batch"), e.getMessage());
        }
    }

    @DataProvider
    public Object[][] lastMetrics() {
        return new Object[][] {{0.95f, true}, {0.5f, false}};
    }

    @Test(dataProvider = "lastMetrics")
    public void closingInMidEpochKeepsTheLastBatchesOrUndoesThem(float metric, boolean kept)
            throws Exception {
        // before the first batch: the baseline and the step; two epochs; on closing
        ScriptedEvaluator script = new ScriptedEvaluator(0.9f, 0.9f, 0.9f, 0.9f, metric);
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 1))
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(toy.data(2), script)
                                        .optDirection(Direction.HIGHER_IS_BETTER)
                                        .build())
                        .optWarmup(0)
                        .build();
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            float[] accepted;
            float[] last;
            try (Trainer trainer = toy.trainer(model, listener)) {
                toy.fit(trainer, 2);
                accepted = toy.outputs(model.getBlock());
                try (Batch batch = trainer.iterateDataset(toy.data(1)).iterator().next()) {
                    EasyTrain.trainBatch(trainer, batch);
                    trainer.step();
                }
                last = toy.outputs(model.getBlock());
            }
            assertSame(model.getBlock(), block);
            assertEquals(toy.outputs(block), kept ? last : accepted);
            assertFalse(Arrays.equals(last, accepted));
            assertEquals(listener.getReport().sparsity(), 0.5, 0);
            assertEquals(script.measured(), 5 + 1, "and the plain block at the end");
        }
    }

    @Test
    public void closingTwiceIsClosingOnce() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener = halving();
            Trainer trainer = toy.trainer(model, listener);
            toy.fit(trainer, 1);
            trainer.close();
            Map<String, float[]> once = Toy.parameters(model.getBlock());
            CompressionReport report = listener.getReport();
            trainer.close();
            assertSame(listener.getReport(), report);
            assertSameBits(Toy.parameters(model.getBlock()), once);
        }
    }

    @Test
    public void aWeightThatIsNeverAskedForIsAnErrorAtTheFirstStepAndLeftAlone() throws Exception {
        Block block = mute();
        try (Model model = Toy.model(block)) {
            Map<String, float[]> before;
            CompressionListener listener = halving();
            try (Trainer trainer = toy.trainer(model, listener)) {
                before = Toy.parameters(block);
                IllegalStateException e =
                        expectThrows(IllegalStateException.class, () -> toy.fit(trainer, 1));
                assertTrue(e.getMessage().contains("mute(4, 4)"), e.getMessage());
                assertTrue(e.getMessage().contains("parameterStore.getValue"), e.getMessage());
            }
            assertSame(model.getBlock(), block);
            assertSameBits(Toy.parameters(block), before);
        }
    }

    @Test
    public void aWeightThatIsNeverAskedForMayBeExcluded() throws Exception {
        Block block = mute();
        try (Model model = Toy.model(block)) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(
                                    Pruning.builder()
                                            .setTargetSparsity(0.5f)
                                            .optSelector(
                                                    WeightSelector.builder()
                                                            .exclude("mute")
                                                            .build())
                                            .build())
                            .optGate(open())
                            .build();
            toy.train(model, 1, listener);
            assertEquals(listener.getReport().sparsity(), 0.5, 0);
            assertEquals(Toy.zeros(Toy.parameters(block).get("02FunctionBlock_mute")), 0);
        }
    }

    @Test
    public void aModelOfAnotherTypeIsAnErrorThatSaysWhatToDo() throws Exception {
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            model.setDataType(DataType.FLOAT64);
            IllegalArgumentException e =
                    expectThrows(
                            IllegalArgumentException.class, () -> toy.train(model, 1, halving()));
            assertTrue(e.getMessage().contains("float64"), e.getMessage());
            assertTrue(e.getMessage().contains("FLOAT32"), e.getMessage());
            assertSame(model.getBlock(), block);
        }
    }

    @Test
    public void aPredictorSeesEffectiveWeightsWhileTheTrainingGoesOn() throws Exception {
        Block block = Toy.mlp();
        try (Model model = Toy.model(block);
                Trainer trainer = toy.trainer(model, halvingTo4Bits())) {
            toy.fit(trainer, 4);
            try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator());
                    NDArray points =
                            toy.data(5).getByRange(toy.manager(), 0, 16).getData().head()) {
                float[] predicted = predictor.predict(new NDList(points)).head().toFloatArray();
                assertEquals(predicted, toy.outputs(model.getBlock()));
                // the latents are neither pruned nor quantized
                assertFalse(Arrays.equals(predicted, toy.outputs(block)));
            }
        }
    }
}
