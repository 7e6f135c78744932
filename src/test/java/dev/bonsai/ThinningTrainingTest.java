package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Verdict;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Saving;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.pruning.Thinning;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.NetworkCost;
import dev.bonsai.sharing.WeightSharing;
import dev.bonsai.trace.TraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Channels are taken out of networks that learn something meanwhile. */
public class ThinningTrainingTest extends ToyTestBase {

    private static final Shape IMAGE = new Shape(2, 2, 2);
    private final List<Toy> toys = new ArrayList<>();

    @AfterMethod
    void closeToys() {
        toys.forEach(Toy::close);
        toys.clear();
    }

    private Toy of(Shape sample) {
        Toy made = new Toy(sample);
        toys.add(made);
        return made;
    }

    private static Thinning half() {
        return thinning(0.5f, 2);
    }

    private static Thinning thinning(float fraction, int steps) {
        return Thinning.builder()
                .setSaving(Saving.parameters(fraction))
                .optSchedule(SparsitySchedule.linear(steps))
                .build();
    }

    private static Block convolution(int filters) {
        return Conv2d.builder()
                .setKernelShape(new Shape(3, 3))
                .optPadding(new Shape(1, 1))
                .setFilters(filters)
                .build();
    }

    /** Convolutions, batch norms, a residual sum and a linear layer. */
    private static Block residual() {
        return new SequentialBlock()
                .add(convolution(8))
                .add(BatchNorm.builder().build())
                .add(ai.djl.nn.Activation::relu)
                .add(
                        new ParallelBlock(
                                        lists ->
                                                new NDList(
                                                        lists.get(0)
                                                                .head()
                                                                .add(lists.get(1).head())))
                                .add(ai.djl.nn.Blocks.identityBlock())
                                .add(
                                        new SequentialBlock()
                                                .add(convolution(16))
                                                .add(BatchNorm.builder().build())
                                                .add(ai.djl.nn.Activation::relu)
                                                .add(convolution(8))))
                .add(ai.djl.nn.Activation::relu)
                .add(Pool.globalAvgPool2dBlock())
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    @DataProvider
    Object[][] companions() {
        Technique[] none = {};
        Technique[] behind = {quantization(8)};
        Technique[] between = {pruning(0.3f, 1)};
        Technique[] shared = {WeightSharing.builder().setCentroids(16).build()};
        return Cross.of(
                new Technique[][] {none, behind, between, shared},
                new Boolean[] {false, true},
                Form.values());
    }

    @Test(dataProvider = "companions")
    void theThinnerModelIsTheTrainedOneAndLearnsOn(Technique[] others, boolean image, Form form)
            throws Exception {
        Toy problem = image ? of(IMAGE) : toy;
        Block block = image ? residual() : form.of(Toy.mlp());
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(half())
                        .addTechniques(List.of(others))
                        .optGate(problem.gate().optMaxDrop(0.5f).build())
                        .build();
        try (Model model = Toy.model(block)) {
            problem.train(model, 7, listener);
            CompressionReport report = listener.getReport();
            assertEquals(report.notes(), List.of());
            NetworkCost cost = report.network().orElseThrow();
            assertTrue(cost.parametersLeft() <= 0.5 + 1e-6, report.toString());
            assertTrue(cost.multiplyAddsLeft() < 1, report.toString());
            assertFalse(cost.kept().isEmpty());
            CompressedModel compressed = listener.getCompressedModel();
            try (Model thin = compressed.toModel("thin")) {
                float[] expected = problem.outputs(block);
                float[] actual = problem.outputs(thin.getBlock());
                for (int i = 0; i < expected.length; ++i) {
                    assertEquals(actual[i], expected[i], 1e-4 * Math.abs(expected[i]) + 1e-4);
                }
                double before = problem.accuracy(thin.getBlock());
                assertEquals(before, problem.accuracy(block), 1e-6);
                assertTrue(before > 0.6, "accuracy " + before);
                assertSmaller(thin.getBlock(), block);
                CompressionListener second =
                        CompressionListener.builder()
                                .addTechnique(thinning(0.2f, 1))
                                .optGate(problem.gate().optMaxDrop(0.5f).build())
                                .build();
                problem.train(thin, 3, second);
                assertTrue(problem.accuracy(thin.getBlock()) > 0.6);
                long parameters = second.getReport().network().orElseThrow().parametersAfter();
                assertTrue(parameters < cost.parametersAfter(), "thinner again");
            }
        }
    }

    private static void assertSmaller(Block thin, Block whole) {
        Map<String, float[]> after = Toy.parameters(thin);
        Map<String, float[]> before = Toy.parameters(whole);
        assertEquals(after.keySet(), before.keySet());
        long smaller =
                after.entrySet().stream()
                        .filter(e -> e.getValue().length < before.get(e.getKey()).length)
                        .count();
        assertTrue(smaller >= 2, "smaller: " + smaller);
    }

    @Test
    void whatCostsTooMuchIsRolledBackAndTheNetworkStaysWhole() throws Exception {
        Gate strict =
                Gate.builder()
                        .optEvaluation(toy.data(2), new ScriptedEvaluator(0.9f, 0.1f))
                        .optMaxDrop(0.01f)
                        .build();
        CompressionListener listener =
                CompressionListener.builder().addTechnique(half()).optGate(strict).build();
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> parameters = toy.train(model, 6, listener);
            CompressionReport report = listener.getReport();
            assertTrue(
                    report.trials().stream().noneMatch(t -> t.verdict() == Verdict.ACCEPTED),
                    report.toString());
            assertEquals(Toy.weightZeros(parameters), 0);
            NetworkCost cost = report.network().orElseThrow();
            assertEquals(cost.parametersAfter(), cost.parametersBefore());
            listener.getCompressedModel().applyTo(model.getBlock(), model.getNDManager());
        }
    }

    @Test
    void aThinnerFileDoesNotFitTheOldBlockAndSaysWhatDoes() throws Exception {
        CompressionListener listener =
                CompressionListener.builder().addTechnique(half()).optGate(open()).build();
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> before = toy.train(model, 5, listener);
            String message =
                    expectThrows(
                                    IllegalArgumentException.class,
                                    () ->
                                            listener.getCompressedModel()
                                                    .applyTo(
                                                            model.getBlock(), model.getNDManager()))
                            .getMessage();
            assertTrue(message.contains("toModel"), message);
            assertSameBits(Toy.parameters(model.getBlock()), before);
        }
    }

    @Test
    void withoutTheGraphTheFileStaysWholeAndTheReportSaysSo() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(half())
                        .optGate(open())
                        .optGraph(false)
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> before = toy.train(model, 5, listener);
            assertTrue(listener.getReport().notes().toString().contains("no channels"));
            assertTrue(listener.getReport().network().isEmpty());
            listener.getCompressedModel().applyTo(model.getBlock(), model.getNDManager());
            assertSameBits(Toy.parameters(model.getBlock()), before);
        }
    }

    @Test
    void aBlockThatCantBeTracedIsRefusedBeforeAnythingBegins() {
        Block opaque =
                new SequentialBlock()
                        .add(Toy.mlp())
                        .add(
                                x ->
                                        new NDList(
                                                x.head()
                                                        .getManager()
                                                        .ones(x.head().getShape())
                                                        .mul(x.head())));
        refused(opaque, half(), "goes by the graph", "x.mul(constant)", "leave the technique out");
    }

    @Test
    void aNetworkOfOneLayerIsRefusedWithTheReason() {
        Block single = new SequentialBlock().add(Linear.builder().setUnits(Toy.CLASSES).build());
        refused(single, half(), "no channels can be taken out", "output", "01Linear_weight[0]");
    }

    @Test
    void aGoalThatCantBeReachedIsRefusedWithWhatCan() {
        refused(Toy.mlp(), thinning(0.99f, 2), "saved 0.9900", "leaves", "ask for less");
        Thinning noFaster = Thinning.builder().setSaving(Saving.latency(0.2f, graph -> 1)).build();
        refused(Toy.mlp(), noFaster, "time saved 0.2000", "leaves time saved 0.0000");
    }

    private void refused(Block block, Technique technique, String... parts) {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(technique)
                        .optGate(open())
                        .optWarmup(2)
                        .build();
        try (Model model = Toy.model(block)) {
            RuntimeException e =
                    expectThrows(RuntimeException.class, () -> toy.train(model, 1, listener));
            assertTrue(
                    e instanceof IllegalArgumentException || e instanceof TraceException,
                    e.toString());
            for (String part : parts) {
                assertTrue(e.getMessage().contains(part), e.getMessage());
            }
            assertEquals(model.getBlock(), block, "the model has its own block");
        }
    }

    private static Block threeLayers() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(16).build())
                .add(ai.djl.nn.Activation::relu)
                .add(Linear.builder().setUnits(16).build())
                .add(ai.djl.nn.Activation::relu)
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    @Test
    void aFrozenLayerStaysWideAndOnesWithAFrozenBiasGetThinner() throws Exception {
        Block block = threeLayers();
        Thinning thinning =
                Thinning.builder()
                        .setSaving(Saving.parameters(0.3f))
                        .optSchedule(SparsitySchedule.constant())
                        .optSelector(WeightSelector.builder().include("Linear").build())
                        .build();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(thinning)
                        .optGate(open())
                        .optWarmup(1)
                        .build();
        try (Model model = Toy.model(block)) {
            try (Trainer trainer = toy.trainer(model, listener)) {
                block.getParameters().get("01Linear_weight").freeze(true);
                block.getParameters().get("03Linear_bias").freeze(true);
                toy.fit(trainer, 4);
            }
            try (Model thin = listener.getCompressedModel().toModel("thin")) {
                Map<String, float[]> after = Toy.parameters(thin.getBlock());
                assertEquals(after.get("01Linear_weight").length, 16 * Toy.FEATURES);
                assertTrue(after.get("03Linear_bias").length < 16);
            }
        }
    }

    @Test
    void anExcludedLayerStaysWide() throws Exception {
        Block block = threeLayers();
        Thinning thinning =
                Thinning.builder()
                        .setSaving(Saving.parameters(0.3f))
                        .optCriterion(Criterion.magnitude())
                        .optSelector(WeightSelector.builder().exclude("01Linear").build())
                        .build();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(thinning)
                        .optGate(open())
                        .optWarmup(0)
                        .build();
        try (Model model = Toy.model(block)) {
            toy.train(model, 12, listener);
            try (Model thin = listener.getCompressedModel().toModel("thin")) {
                Map<String, float[]> after = Toy.parameters(thin.getBlock());
                assertEquals(after.get("01Linear_weight").length, 16 * Toy.FEATURES);
                assertEquals(after.get("03Linear_weight").length % 16, 0);
                assertTrue(after.get("03Linear_weight").length < 16 * 16);
            }
        }
    }

    @Test
    void aWeightThatTheGraphDoesNotUseStaysInTheFile() throws Exception {
        Thinning thinning =
                Thinning.builder()
                        .setSaving(Saving.parameters(0.3f))
                        .optSelector(WeightSelector.builder().exclude("mute").build())
                        .build();
        CompressionListener listener =
                CompressionListener.builder().addTechnique(thinning).optGate(open()).build();
        try (Model model = Toy.model(mute())) {
            Map<String, float[]> parameters = toy.train(model, 12, listener);
            CompressedModel thin = listener.getCompressedModel();
            assertEquals(
                    thin.getWeights().stream().map(w -> w.path()).toList(),
                    List.copyOf(parameters.keySet()));
            assertTrue(listener.getReport().network().orElseThrow().parametersLeft() <= 0.7001);
            thin.toModel("thin").close();
        }
    }

    @Test
    void aSensitivityOfSingleWeightsIsRefused() {
        IllegalArgumentException e =
                expectThrows(
                        IllegalArgumentException.class,
                        () ->
                                Sensitivity.builder()
                                        .setEvaluation(toy.data(2), new Accuracy())
                                        .addProbe(
                                                Thinning.builder()
                                                        .setSaving(Saving.parameters(0.5f))
                                                        .optCriterion(Criterion.magnitude())
                                                        .build()));
        assertTrue(e.getMessage().contains("network as a whole"), e.getMessage());
    }
}
