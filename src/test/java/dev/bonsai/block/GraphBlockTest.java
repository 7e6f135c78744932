package dev.bonsai.block;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** A graph behaves as the block does that it describes. */
public class GraphBlockTest {

    private static final float ROUNDING = 1e-5f; // sums of at most 36 products in float

    private NDManager manager;

    @BeforeMethod
    void setUp() {
        manager = NDManager.newBaseManager();
        Engine.getInstance().setRandomSeed(11);
    }

    @AfterMethod
    void tearDown() {
        manager.close();
    }

    @Test
    void parametersHaveThePathsShapesAndKindsOfTheBlock() {
        Block block = Networks.initialised(manager);
        Block made = Networks.graphBlock(block, manager);
        assertEquals(described(made), described(block));
    }

    private static List<String> described(Block block) {
        return block.getParameters().stream()
                .map(
                        p ->
                                p.getKey()
                                        + p.getValue().getShape()
                                        + p.getValue().getType()
                                        + p.getValue().requiresGradient())
                .toList();
    }

    @Test
    void trainingIsThatOfTheBlockStepByStep() {
        try (Model first = Model.newInstance("block");
                Model second = Model.newInstance("graph")) {
            Block block = Networks.initialised(first.getNDManager());
            first.setBlock(block);
            second.setBlock(Networks.graphBlock(block, second.getNDManager()));
            List<float[]> expected = train(first);
            List<float[]> found = train(second);
            assertEquals(found.size(), expected.size());
            for (int i = 0; i < expected.size(); ++i) {
                assertEquals(found.get(i), expected.get(i), ROUNDING, "values " + i);
            }
        }
    }

    /** Trains a few steps; returns outputs, gradients and statistics of each, and predictions. */
    private static List<float[]> train(Model model) {
        Engine.getInstance().setRandomSeed(5);
        List<float[]> seen = new ArrayList<>();
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                        .optOptimizer(
                                Optimizer.sgd()
                                        .setLearningRateTracker(Tracker.fixed(0.1f))
                                        .build());
        try (Trainer trainer = model.newTrainer(config)) {
            trainer.initialize(new Shape(4, 1, Networks.SIZE, Networks.SIZE));
            for (int step = 0; step < 3; ++step) {
                try (NDManager batch = model.getNDManager().newSubManager()) {
                    NDList images = Networks.images(batch, 4);
                    NDList labels = new NDList(batch.arange(4).reshape(4, 1).mod(Networks.CLASSES));
                    try (GradientCollector collector = trainer.newGradientCollector()) {
                        NDList output = trainer.forward(images, labels);
                        seen.add(output.head().toFloatArray());
                        collector.backward(trainer.getLoss().evaluate(labels, output));
                    }
                    for (Parameter parameter : model.getBlock().getParameters().values()) {
                        NDArray array = parameter.getArray();
                        seen.add(array.toFloatArray());
                        if (parameter.requiresGradient()) {
                            seen.add(array.getGradient().toFloatArray());
                        }
                    }
                    trainer.step();
                    seen.add(trainer.evaluate(images).head().toFloatArray());
                }
            }
        }
        assertTrue(seen.size() > 0);
        return seen;
    }
}
