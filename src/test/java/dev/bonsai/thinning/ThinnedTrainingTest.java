package dev.bonsai.thinning;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.CompressedModel;
import dev.bonsai.CompressionListener;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Gate;
import dev.bonsai.graph.Graph;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Saving;
import dev.bonsai.pruning.Scope;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.pruning.Thinning;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.NetworkCost;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A network of every kind is trained, and gets thinner: what is left computes the same. */
public class ThinnedTrainingTest {

    private static final float SAVED = 0.3f;
    private static final int BATCH = 2;

    @DataProvider
    Object[][] networks() {
        List<Object[]> rows = new ArrayList<>();
        for (Samples sample : Samples.values()) {
            for (Scope scope : Scope.values()) {
                rows.add(new Object[] {sample, scope});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "networks")
    void whatIsLeftComputesTheSame(Samples sample, Scope scope) throws Exception {
        boolean taylor = scope == Scope.GLOBAL;
        Technique thinning =
                Thinning.builder()
                        .setSaving(Saving.parameters(SAVED))
                        .optScope(scope)
                        .optCriterion(taylor ? Criterion.taylor() : Criterion.magnitude())
                        .optSchedule(SparsitySchedule.linear(1))
                        .build();
        List<Technique> techniques = new ArrayList<>(List.of(thinning));
        if (scope == Scope.LOCAL) { // a thinner model keeps the grids
            techniques.add(Quantization.builder().setBits(8).build());
        }
        Path file = Files.createTempFile("thin", ".bonsai");
        try (NDManager manager = NDManager.newBaseManager();
                Model model = Model.newInstance("whole")) {
            Block block = GraphBlock.of(sample.model());
            model.setBlock(block);
            CompressionListener listener = train(model, techniques, sample, manager);
            CompressionReport report = listener.getReport();
            assertEquals(report.notes(), List.of());
            NetworkCost cost = report.network().orElseThrow();
            assertTrue(cost.parametersLeft() <= 1 - SAVED + 1e-6, report.toString());
            CompressedModel thin = listener.getCompressedModel();
            assertNarrower(thin.getGraph().orElseThrow(), sample.model().graph());
            NDArray input = input(sample, manager);
            float[] expected = run(block, input);
            try (Model small = thin.toModel("thin")) {
                assertClose(run(small.getBlock(), input), expected);
            }
            long bytes = thin.save(file).total();
            assertEquals(report.size().after(), bytes);
            int[] shape =
                    Arrays.stream(input.getShape().getShape()).mapToInt(Math::toIntExact).toArray();
            Tensor plain = Tensor.of(input.toFloatArray(), shape);
            assertClose(PlainModel.load(file).run(plain).get(0).floats(), expected);
        } finally {
            Files.delete(file);
        }
    }

    private static CompressionListener train(
            Model model, List<Technique> techniques, Samples sample, NDManager manager)
            throws Exception {
        Engine.getInstance().setRandomSeed(3);
        NDArray inputs = inputs(sample, manager, 2 * BATCH);
        Shape targets = model.getBlock().getOutputShapes(new Shape[] {inputs.getShape()})[0];
        ArrayDataset data =
                new ArrayDataset.Builder()
                        .setData(inputs)
                        .optLabels(manager.randomNormal(targets))
                        .setSampling(BATCH, false)
                        .build();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechniques(techniques)
                        .optWarmup(0)
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(data, Loss.l2Loss())
                                        .optMaxDrop(1e9f)
                                        .build())
                        .build();
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(Loss.l2Loss())
                        .optOptimizer(
                                Optimizer.sgd()
                                        .setLearningRateTracker(Tracker.fixed(1e-5f))
                                        .build())
                        .addTrainingListeners(listener);
        try (Trainer trainer = model.newTrainer(config)) {
            trainer.initialize(new Shape(1).addAll(inputs.getShape().slice(1)));
            EasyTrain.fit(trainer, 3, data, null);
        }
        return listener;
    }

    private static NDArray inputs(Samples sample, NDManager manager, int count) {
        Shape tail = input(sample, manager).getShape().slice(1);
        return manager.randomUniform(-1, 1, new Shape(count).addAll(tail));
    }

    private static NDArray input(Samples sample, NDManager manager) {
        Tensor tensor = sample.input();
        long[] shape = Arrays.stream(tensor.shape()).asLongStream().toArray();
        return manager.create(tensor.floats(), new Shape(shape));
    }

    private static float[] run(Block block, NDArray input) {
        try (NDManager scratch = input.getManager().newSubManager()) {
            NDArray own = input.duplicate();
            own.attach(scratch);
            return block.forward(new ParameterStore(scratch, false), new NDList(own), false)
                    .head()
                    .toFloatArray();
        }
    }

    private static void assertNarrower(Graph thin, Graph whole) {
        assertEquals(thin.weights().size(), whole.weights().size());
        assertFalse(thin.weights().equals(whole.weights()));
        for (int i = 0; i < whole.weights().size(); ++i) {
            int[] before = whole.weights().get(i).shape().sizes();
            int[] after = thin.weights().get(i).shape().sizes();
            assertEquals(thin.weights().get(i).path(), whole.weights().get(i).path());
            for (int axis = 0; axis < before.length; ++axis) {
                assertTrue(after[axis] <= before[axis] && after[axis] > 0);
            }
        }
    }

    /** Sums have other orders in a thinner network. */
    private static void assertClose(float[] actual, float... expected) {
        assertEquals(actual.length, expected.length);
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 0, "The outputs say something");
        for (int i = 0; i < expected.length; ++i) {
            assertEquals(actual[i], expected[i], 1e-4 * largest);
        }
    }
}
