package dev.bonsai;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.loss.Loss;
import ai.djl.util.Progress;
import ai.djl.util.RandomUtils;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Signal;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.gate.Direction;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.quantization.Granularity;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.report.SensitivityReport;
import dev.bonsai.report.SensitivityReport.Row;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class SensitivityTest extends ToyTestBase {

    private static final String FIRST = "01Linear_weight";
    private static final String LAST = "05Linear_weight";

    private Model model;

    @BeforeMethod
    public void trainAModel() throws Exception {
        model = Toy.model(new RecordingBlock(32, Toy.CLASSES));
        toy.train(model, 4);
    }

    @AfterMethod
    public void closeTheModel() {
        model.close();
    }

    @Test
    public void noDataIsSaidToBeNone() {
        Dataset none =
                new Dataset() {
                    @Override
                    public Iterable<Batch> getData(NDManager manager) {
                        return List.of();
                    }

                    @Override
                    public void prepare(Progress progress) {
                        // there is nothing to prepare
                    }
                };
        Sensitivity sensitivity =
                Sensitivity.builder()
                        .setEvaluation(none, new Accuracy())
                        .addProbe(pruning(0.5f, 1))
                        .build();
        IllegalStateException e =
                expectThrows(IllegalStateException.class, () -> sensitivity.analyse(model));
        assertMessage(e, "Check that the evaluation data set is not empty");
    }

    private Sensitivity.Builder accuracy() {
        return Sensitivity.builder().setEvaluation(toy.data(4), new Accuracy());
    }

    private static Quantization bits() {
        return Quantization.builder().setBits(2).optSteps(8, 4, 2).build();
    }

    @Test
    public void everyLevelOfEveryTechniqueIsTriedOnEachOfItsWeights() {
        SparsitySchedule halves = SparsitySchedule.linear(2);
        SensitivityReport report =
                accuracy()
                        .addProbe(
                                Pruning.builder()
                                        .setTargetSparsity(0.5f)
                                        .optSchedule(halves)
                                        .build())
                        .addProbe(bits())
                        .build()
                        .analyse(model);
        assertEquals(report.techniques(), List.of("pruning", "quantization"));
        assertEquals(
                report.rows().stream().map(r -> r.weight() + " " + r.asked()).toList(),
                List.of(
                        FIRST + " sparsity 0.2500",
                        FIRST + " sparsity 0.5000",
                        LAST + " sparsity 0.2500",
                        LAST + " sparsity 0.5000",
                        FIRST + " 8 bits",
                        FIRST + " 4 bits",
                        FIRST + " 2 bits",
                        LAST + " 8 bits",
                        LAST + " 4 bits",
                        LAST + " 2 bits"));
        assertEquals(
                report.of("quantization").stream().map(Row::level).toList(),
                List.of(8.0, 4.0, 2.0, 8.0, 4.0, 2.0));
        report.rows().forEach(r -> assertEquals(r.drop(), report.baseline() - r.metric()));
    }

    @Test
    public void aRowIsTheMetricWithThatWeightAloneChanged() throws Exception {
        SensitivityReport report =
                accuracy()
                        .addProbe(FakeTechnique.single("wiping", FakeTransforms.wiping()))
                        .build()
                        .analyse(model);
        Block block = model.getBlock();
        assertEquals(report.baseline(), toy.accuracy(block));
        for (Row row : report.rows()) {
            NDArray weight = block.getParameters().get(row.weight()).getArray();
            NDArray before = weight.duplicate();
            Tensors.overwrite(weight, weight.zerosLike());
            assertEquals(row.metric(), toy.accuracy(block), row.weight());
            Tensors.overwrite(weight, before);
        }
        assertEquals(report.rows().size(), 2);
    }

    @Test
    public void whatChangesNothingCostsNothing() {
        SensitivityReport report =
                accuracy()
                        .addProbe(FakeTechnique.single("keeping", FakeTransforms.keeping()))
                        .build()
                        .analyse(model);
        report.rows().forEach(r -> assertEquals(r.drop(), 0.0));
    }

    @Test
    public void theModelIsTheSameBitForBitAndNothingStaysBehind() {
        Map<String, float[]> before = Toy.parameters(model.getBlock());
        Sensitivity sensitivity = accuracy().addProbe(pruning(0.9f, 3)).addProbe(bits()).build();
        int arrays = arrays();
        sensitivity.analyse(model);
        assertSameBits(Toy.parameters(model.getBlock()), before);
        assertEquals(arrays(), arrays);
    }

    private int arrays() {
        return ((BaseNDManager) model.getNDManager()).getManagedArrays().size();
    }

    /** Fails in the middle of an analysis. */
    private static final class Failing extends Evaluator {

        private int left = 5;

        Failing() {
            super("failing");
        }

        @Override
        public NDArray evaluate(NDList labels, NDList predictions) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void addAccumulator(String key) {}

        @Override
        public void updateAccumulator(String key, NDList labels, NDList predictions) {
            if (--left == 0) {
                throw new IllegalStateException("on purpose");
            }
        }

        @Override
        public void resetAccumulator(String key) {}

        @Override
        public float getAccumulator(String key) {
            return 1;
        }
    }

    @Test
    public void soItIsAfterAnErrorOrWithAnImportedBlock() throws Exception {
        Block block = new SequentialBlock().add(new OpaqueDouble());
        try (Model imported = Toy.model(block)) {
            toy.train(imported, 1);
            for (Model each : List.of(model, imported)) {
                Map<String, float[]> before = Toy.parameters(each.getBlock());
                Sensitivity failing =
                        Sensitivity.builder()
                                .setEvaluation(toy.data(4), new Failing())
                                .optDirection(Direction.HIGHER_IS_BETTER)
                                .addProbe(bits())
                                .build();
                IllegalStateException thrown =
                        expectThrows(IllegalStateException.class, () -> failing.analyse(each));
                assertEquals(thrown.getMessage(), "on purpose");
                assertSameBits(Toy.parameters(each.getBlock()), before);
                SensitivityReport report = accuracy().addProbe(bits()).build().analyse(each);
                assertTrue(report.rows().stream().anyMatch(r -> r.drop() != 0), "" + report);
                assertSameBits(Toy.parameters(each.getBlock()), before);
            }
        }
    }

    @Test
    public void noRandomNumberIsUsed() {
        Engine.getInstance().setRandomSeed(5);
        float undisturbed = RandomUtils.nextFloat();
        Engine.getInstance().setRandomSeed(5);
        accuracy().addProbe(bits()).build().analyse(model);
        assertEquals(RandomUtils.nextFloat(), undisturbed);
    }

    @Test
    public void aLossFallsWhereAnAccuracyRises() {
        SensitivityReport report =
                Sensitivity.builder()
                        .setEvaluation(toy.data(4), Loss.softmaxCrossEntropyLoss())
                        .addProbe(FakeTechnique.single("wiping", FakeTransforms.wiping()))
                        .build()
                        .analyse(model);
        report.rows().forEach(r -> assertEquals(r.drop(), r.metric() - report.baseline()));
        report.rows().forEach(r -> assertTrue(r.drop() > 0, report.toString()));
    }

    @Test
    public void twoTechniquesOfOneNameAreToldApartAndSelectorsHold() {
        WeightSelector last = WeightSelector.builder().include(LAST).build();
        SensitivityReport report =
                accuracy()
                        .addProbe(bits())
                        .addProbe(
                                Quantization.builder()
                                        .setBits(2)
                                        .optGranularity(Granularity.perTensor())
                                        .optSelector(last)
                                        .build())
                        .build()
                        .analyse(model);
        assertEquals(report.techniques(), List.of("quantization", "quantization (2)"));
        report.of("quantization (2)").forEach(r -> assertEquals(r.weight(), LAST));
    }

    private static SensitivityReport written() {
        return new SensitivityReport(
                "Accuracy",
                0.9,
                List.of(
                        new Row("q", "a_weight", "8 bits", 8, 0.9, 0),
                        new Row("q", "a_weight", "2 bits", 2, 0.8, 0.1),
                        new Row("q", "b", "8 bits", 8, 0.85, 0.05),
                        new Row("q", "b", "2 bits", 2, 0.25, 0.65),
                        new Row("q", "c", "8 bits", 8, 0.8, 0.1),
                        new Row("q", "c", "2 bits", 2, 0.9, 0),
                        new Row("p", "b", "sparsity 0.5000", 0.5, 0.9, 0)));
    }

    @Test
    public void theTextIsATableForEachTechnique() {
        assertEquals(
                written().toString().lines().toList(),
                List.of(
                        "Accuracy 0.9000 dense",
                        "",
                        "q",
                        "          8 bits  2 bits",
                        "a_weight  0.9000  0.8000",
                        "b         0.8500  0.2500",
                        "c         0.8000  0.9000",
                        "",
                        "p",
                        "   sparsity 0.5000",
                        "b           0.9000"));
    }

    @Test
    public void theMostSensitiveWeightStandsFirstAndTiesInTheOrderOfTheModel() {
        assertEquals(written().mostSensitive("q"), List.of("b", "a_weight", "c"));
        SensitivityReport diverged =
                new SensitivityReport(
                        "Accuracy",
                        0.9,
                        List.of(
                                new Row("q", "a", "2 bits", 2, 0.1, 0.8),
                                new Row("q", "b", "2 bits", 2, Double.NaN, Double.NaN)));
        assertEquals(diverged.mostSensitive("q"), List.of("b", "a"));
        String message =
                expectThrows(
                                IllegalArgumentException.class,
                                () -> written().mostSensitive("pruning"))
                        .getMessage();
        assertTrue(message.contains("no technique 'pruning': it has [q, p]"), message);
    }

    private static void refused(Runnable work, String... parts) {
        assertMessage(expectThrows(RuntimeException.class, work::run), parts);
    }

    @Test
    public void whatCannotBeProbedIsRefused() {
        FakeTechnique watching =
                new FakeTechnique(
                        "watching",
                        Levels.single("on"),
                        Set.of(Signal.GRADIENT_MAGNITUDE),
                        (level, proposal) -> Map.of());
        refused(() -> accuracy().addProbe(watching), "watching goes by", "GRADIENT_MAGNITUDE");
        refused(() -> accuracy().addProbe(pruning(0, 1)), "pruning changes nothing");
        refused(() -> accuracy().build(), "addProbe(");
        refused(() -> Sensitivity.builder().addProbe(bits()).build(), "setEvaluation(");
        WeightSelector none = WeightSelector.builder().include("conv").build();
        Quantization lost = Quantization.builder().setBits(4).optSelector(none).build();
        refused(() -> accuracy().addProbe(lost).build().analyse(model), "quantization: ", "conv");
    }

    @Test
    public void aModelThatCannotBeAnalysedIsRefused() throws Exception {
        Sensitivity sensitivity = accuracy().addProbe(bits()).build();
        try (Model empty = Toy.model(Toy.mlp());
                Model mute = Toy.model(mute());
                Trainer trainer = toy.trainer(model, halving())) {
            refused(() -> sensitivity.analyse(empty), "no block with parameters");
            refused(() -> sensitivity.analyse(model), "being compressed", "close the trainer");
            mute.getBlock()
                    .initialize(mute.getNDManager(), DataType.FLOAT32, new Shape(1, Toy.FEATURES));
            refused(() -> sensitivity.analyse(mute), "did not ask the ParameterStore", "mute");
            assertEquals(trainer.getModel(), model);
        }
        Sensitivity diverged =
                Sensitivity.builder()
                        .setEvaluation(toy.data(4), new ScriptedEvaluator(Float.NaN))
                        .optDirection(Direction.HIGHER_IS_BETTER)
                        .addProbe(bits())
                        .build();
        refused(() -> diverged.analyse(model), "Scripted", "NaN");
    }
}
