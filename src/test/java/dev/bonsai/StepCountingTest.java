package dev.bonsai;

import static org.testng.Assert.assertEquals;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener.BatchData;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.Levels;
import dev.bonsai.core.StepHook;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A batch is not a step: what acts after a step does so once per step of the optimizer. */
public class StepCountingTest extends ToyTestBase {

    private static final int STEPS = 8;

    /** When a training loop tells of a batch. */
    private enum Told {
        BEFORE_THE_STEP,
        AFTER_THE_STEP
    }

    /** What is frozen, and when. */
    private enum Frozen {
        NOTHING,
        SMALLEST_FROM_THE_START,
        SMALLEST_HALFWAY,
        ALL_BUT_THE_FIRST
    }

    /**
     * The blocks: the second has no parameter of which all elements are compared, the third more
     * small ones than are asked for a gradient.
     */
    private enum Net {
        SMALL,
        LARGE,
        DEEP
    }

    private static Block block(Net net) {
        return switch (net) {
            case SMALL -> Toy.mlp();
            case LARGE ->
                    new SequentialBlock()
                            .add(Linear.builder().setUnits(1200).optBias(false).build())
                            .add(Linear.builder().setUnits(Toy.CLASSES).optBias(false).build());
            case DEEP -> deep();
        };
    }

    private static Block deep() {
        SequentialBlock block = new SequentialBlock();
        for (int i = 0; i < 6; ++i) {
            block.add(Linear.builder().setUnits(Toy.FEATURES).build());
        }
        return block.add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    /** An optimizer that leaves the gradients as they are. */
    private static final class Leaving extends Optimizer {

        Leaving() {
            super(new Options());
        }

        @Override
        public void update(String parameterId, NDArray weight, NDArray gradient) {
            try (NDManager scratch = weight.getManager().newSubManager()) {
                NDArray step = Tensors.alias(gradient, scratch).mul(0.01f);
                Tensors.alias(weight, scratch).subi(step);
            }
        }
    }

    /** The options of any optimizer. */
    private static final class Options extends Optimizer.OptimizerBuilder<Options> {

        @Override
        protected Options self() {
            return this;
        }
    }

    /** The optimizers. */
    private enum Updates {
        SGD,
        ADAM,
        STANDING,
        LEAVING
    }

    private static Optimizer optimizer(Updates updates) {
        return switch (updates) {
            case SGD ->
                    Optimizer.sgd()
                            .setLearningRateTracker(Tracker.fixed(0.01f))
                            .optMomentum(0.9f)
                            .build();
            case ADAM -> Optimizer.adam().build();
            case STANDING -> Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0)).build();
            case LEAVING -> new Leaving();
        };
    }

    /** Counts steps, and changes nothing. */
    private static final class Counting implements WeightTransform, StepHook {

        private int steps;

        @Override
        public NDArray apply(NDArray weight, ForwardPass pass) {
            return weight;
        }

        @Override
        public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
            return weight;
        }

        @Override
        public void afterStep(NDArray latent) {
            ++steps;
        }
    }

    @DataProvider
    Object[][] loops() {
        return Cross.of(
                Told.values(),
                new Integer[] {1, 2, 4},
                Updates.values(),
                Frozen.values(),
                Net.values());
    }

    private static DefaultTrainingConfig config(Updates updates, CompressionListener listener) {
        return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(optimizer(updates))
                .addTrainingListeners(listener);
    }

    private static void freeze(Block block, Frozen frozen, boolean half) {
        Parameter smallest = block.getParameters().valueAt(block.getParameters().size() - 1);
        Parameter first = block.getParameters().valueAt(0);
        switch (frozen) {
            case NOTHING -> {}
            case SMALLEST_FROM_THE_START -> smallest.freeze(true);
            case SMALLEST_HALFWAY -> smallest.freeze(half);
            case ALL_BUT_THE_FIRST -> block.freezeParameters(true, p -> p != first);
        }
    }

    @Test(dataProvider = "loops")
    public void whatActsAfterAStepActsOncePerStep(
            Told told, int k, Updates updates, Frozen frozen, Net net) throws Exception {
        Counting counting = new Counting();
        FakeTechnique technique =
                new FakeTechnique(
                        "counting",
                        Levels.single("on"),
                        Set.of(),
                        (level, proposal) -> Map.of(proposal.weights().get(0), counting));
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(technique)
                        .optGate(open())
                        .optWarmup(0)
                        .build();
        Block block = block(net);
        try (Model model = Toy.model(block);
                Trainer trainer = toy.trainer(model, config(updates, listener))) {
            int steps = 0;
            for (Batch batch : trainer.iterateDataset(toy.data(1))) {
                freeze(block, frozen, steps >= STEPS / 2);
                try (batch) {
                    step(trainer, batch, told, k);
                }
                ++steps;
            }
            trainer.notifyListeners(l -> l.onEpoch(trainer));
            assertEquals(steps, STEPS);
            boolean unsure = told == Told.AFTER_THE_STEP && updates == Updates.LEAVING && k == 1;
            int lookedAt = frozen == Frozen.SMALLEST_HALFWAY ? 2 : 1;
            assertEquals(counting.steps, unsure ? STEPS - lookedAt : STEPS);
        }
    }

    private void step(Trainer trainer, Batch batch, Told told, int k) {
        BatchData data = new BatchData(batch, new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
        for (int i = 0; i < k; ++i) {
            try (GradientCollector collector = trainer.newGradientCollector()) {
                NDList predictions = trainer.forward(batch.getData(), batch.getLabels());
                collector.backward(trainer.getLoss().evaluate(batch.getLabels(), predictions));
            }
            if (told == Told.BEFORE_THE_STEP) {
                trainer.notifyListeners(l -> l.onTrainingBatch(trainer, data));
            }
            if (i == k - 1) {
                trainer.step();
            }
            if (told == Told.AFTER_THE_STEP) {
                trainer.notifyListeners(l -> l.onTrainingBatch(trainer, data));
            }
        }
    }
}
