package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener.BatchData;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.core.Technique;
import dev.bonsai.distillation.DistillationLoss;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/**
 * Gradients do not depend on when the garbage collector runs: whatever a graph needs in its
 * backward pass lives in native memory, and none of it in that of a Java buffer.
 */
public class FreedMemoryTest extends ToyTestBase {

    private static final int STEPS = 2;

    /** The matrix of the graph is too large a constant for a technique that traces it. */
    @DataProvider
    Object[][] techniques() {
        return Arrays.stream(
                        Cross.of(
                                EveryTechnique.values(),
                                Form.values(),
                                new Boolean[] {false, true}))
                .filter(
                        row ->
                                row[1] == Form.BLOCKS
                                        || !((EveryTechnique) row[0]).technique().usesNetwork())
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "techniques")
    public void gradientsAreTheSameWhenMemoryIsFreedAndTakenAgainBeforeTheBackwardPass(
            EveryTechnique technique, Form form, boolean taught) throws Exception {
        assertUndisturbed(technique.chain(), form, taught);
    }

    @DataProvider
    Object[][] activations() {
        return Cross.of(EveryRange.values(), Form.values());
    }

    @Test(dataProvider = "activations")
    public void gradientsOfRoundedActivationsAreTheSameToo(EveryRange range, Form form)
            throws Exception {
        assertUndisturbed(List.of(range.technique(4)), form, false);
    }

    private void assertUndisturbed(List<Technique> techniques, Form form, boolean taught)
            throws Exception {
        List<float[]> quiet = gradients(techniques, form, taught, false);
        List<float[]> disturbed = gradients(techniques, form, taught, true);
        assertEquals(disturbed.size(), quiet.size());
        boolean any = false;
        for (int i = 0; i < quiet.size(); ++i) {
            assertEquals(disturbed.get(i), quiet.get(i), techniques + " " + i);
            for (float gradient : quiet.get(i)) {
                any |= gradient != 0;
            }
        }
        assertTrue(any, "there is a gradient");
    }

    /** A graph whose linear Resize makes a matrix in each pass; DJL's blocks make no arrays. */
    private static Block net(Form form) {
        if (form == Form.BLOCKS) {
            return Toy.mlp();
        }
        Operator linear = new Gemm(1, 1, false, true);
        Operator resize = Operators.of("Resize", Attributes.NONE.with("mode", "linear"));
        return new GraphBlock(
                new Graph(
                        List.of(
                                new Graph.Input(
                                        "x",
                                        ElementType.FLOAT32,
                                        shape(Dim.free("batch"), Dim.of(Toy.FEATURES)))),
                        List.of(weight("body", 32, Toy.FEATURES), weight("head", Toy.CLASSES, 64)),
                        Map.of("scales", Constants.floats(1, 2)),
                        List.of(
                                Node.of(linear, "h", "x", "body"),
                                Node.of(resize, "wide", "h", "", "scales"),
                                Node.of(Unary.TANH, "t", "wide"),
                                Node.of(linear, "y", "t", "head")),
                        List.of("y")));
    }

    private static Graph.Weight weight(String path, long... sizes) {
        return new Graph.Weight(
                path,
                ElementType.FLOAT32,
                shape(LongStream.of(sizes).mapToObj(Dim::of).toArray(Dim[]::new)));
    }

    private static dev.bonsai.graph.type.Shape shape(Dim... dims) {
        return dev.bonsai.graph.type.Shape.of(dims);
    }

    /** Trains some steps and returns the gradients of all parameters at each. */
    private List<float[]> gradients(
            List<Technique> techniques, Form form, boolean taught, boolean disturbed)
            throws Exception {
        Engine.getInstance().setRandomSeed(3);
        Loss loss = taught ? DistillationLoss.builder().build() : Loss.softmaxCrossEntropyLoss();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechniques(techniques)
                        .optGate(open())
                        .optWarmup(0)
                        .build();
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(loss)
                        .optOptimizer(
                                Optimizer.sgd()
                                        .setLearningRateTracker(Tracker.fixed(0.05f))
                                        .build())
                        .addTrainingListeners(listener);
        List<float[]> gradients = new ArrayList<>();
        try (Model model = Toy.model(net(form));
                Trainer trainer = model.newTrainer(config)) {
            trainer.initialize(new Shape(1, Toy.FEATURES));
            int steps = 0;
            for (Batch batch : trainer.iterateDataset(toy.data(1))) {
                if (steps++ < STEPS) {
                    step(trainer, loss, batch, disturbed);
                    model.getBlock().getParameters().values().stream()
                            .filter(Parameter::requiresGradient)
                            .forEach(p -> gradients.add(p.getArray().getGradient().toFloatArray()));
                    trainer.step();
                }
                batch.close();
                if (steps == 1) {
                    trainer.notifyListeners(l -> l.onEpoch(trainer)); // the technique is at work
                }
            }
        }
        return gradients;
    }

    private static void step(Trainer trainer, Loss loss, Batch batch, boolean disturbed) {
        try (GradientCollector collector = trainer.newGradientCollector()) {
            NDList output = trainer.forward(batch.getData(), batch.getLabels());
            NDArray value = loss.evaluate(batch.getLabels(), output);
            if (disturbed) {
                reuseFreedMemory();
            }
            collector.backward(value);
        }
        BatchData told = new BatchData(batch, Map.of(), Map.of());
        trainer.notifyListeners(l -> l.onTrainingBatch(trainer, told));
    }

    /** Has buffers that nobody holds freed, and their memory written over. */
    private static void reuseFreedMemory() {
        List<ByteBuffer> taken = new ArrayList<>();
        System.gc();
        for (int size = 4; size <= 1 << 14; size *= 2) {
            for (int i = 0; i < 64; ++i) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(size);
                while (buffer.hasRemaining()) {
                    buffer.put((byte) 0x7f);
                }
                taken.add(buffer);
            }
        }
        assertTrue(taken.size() > 0);
    }
}
