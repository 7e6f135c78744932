package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener.BatchData;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.PairList;
import java.util.List;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Masks in training loops of all kinds: in place where that is safe, and exact in any case. */
public class LatentProjectionTest extends ToyTestBase {

    private static final int EPOCHS = 3;
    private static final int BATCHES = 8;
    private static final BatchData TOLD = new BatchData(null, Map.of(), Map.of());

    /**
     * A training loop of somebody's own.
     *
     * @param passes forward passes before a backward pass
     * @param gradients backward passes before a step of the optimizer
     * @param tells whether it tells listeners of its batches, as EasyTrain does
     */
    private record Loop(int passes, int gradients, boolean tells) {

        void run(Trainer trainer, Iterable<Batch> batches) {
            for (Batch batch : batches) {
                for (int i = 0; i < gradients; ++i) {
                    backward(trainer, batch);
                    if (tells) {
                        trainer.notifyListeners(l -> l.onTrainingBatch(trainer, TOLD));
                    }
                }
                trainer.step();
                batch.close();
            }
            trainer.notifyListeners(l -> l.onEpoch(trainer));
        }

        private void backward(Trainer trainer, Batch batch) {
            try (GradientCollector collector = trainer.newGradientCollector()) {
                NDArray sum = batch.getManager().create(0f);
                for (int i = 0; i < passes; ++i) {
                    NDList predictions = trainer.forward(batch.getData());
                    sum = sum.add(trainer.getLoss().evaluate(batch.getLabels(), predictions));
                }
                collector.backward(sum);
            }
        }
    }

    @DataProvider
    public Object[][] loops() {
        Object[][] loops = new Object[16][];
        int count = 0;
        for (int passes = 1; passes <= 2; ++passes) {
            for (int gradients = 1; gradients <= 2; ++gradients) {
                for (boolean quantized : new boolean[] {false, true}) {
                    loops[count++] = new Object[] {new Loop(passes, gradients, true), quantized};
                    loops[count++] = new Object[] {new Loop(passes, gradients, false), quantized};
                }
            }
        }
        return loops;
    }

    @Test(dataProvider = "loops")
    public void removedWeightsAreZeroInEveryPassOfEveryLoop(Loop loop, boolean quantized)
            throws Exception {
        ZeroCounter counter = new ZeroCounter(Toy.mlp());
        train(counter, loop, quantized);
        List<Long> zeros = counter.inTraining();
        assertEquals(zeros.size(), EPOCHS * BATCHES * loop.passes() * loop.gradients());
        // 288 of 384; rounding makes more of them
        assertTrue(zeros.stream().allMatch(n -> quantized ? n >= 288 : n == 288), "" + counter);
    }

    @Test(dataProvider = "loops")
    public void theOutcomeIsThatOfALoopThatTellsNothing(Loop loop, boolean quantized)
            throws Exception {
        Loop silent = new Loop(loop.passes(), loop.gradients(), false);
        assertSameBits(train(Toy.mlp(), loop, quantized), train(Toy.mlp(), silent, quantized));
    }

    @Test
    public void wherePossibleTheBlockReadsTheLatentWeightItself() throws Exception {
        assertEquals(latentReads(new Loop(1, 1, true)), EPOCHS * BATCHES);
        assertEquals(
                latentReads(new Loop(2, 1, true)), EPOCHS * BATCHES, "the first of two passes");
        assertEquals(latentReads(new Loop(1, 2, true)), 2 * EPOCHS * BATCHES);
        assertEquals(latentReads(new Loop(1, 1, false)), 1, "the very first pass");
    }

    private int latentReads(Loop loop) throws Exception {
        LatentReads reads = new LatentReads();
        train(reads, loop, false);
        return reads.count;
    }

    /** Counts the training passes in which it is given the latent weights. */
    private static final class LatentReads extends SequentialBlock {

        private int count;

        LatentReads() {
            add(Toy.mlp());
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> params) {
            Parameter weight = getParameters().get(0).getValue();
            NDArray seen = store.getValue(weight, inputs.head().getDevice(), training);
            count += training && seen == weight.getArray() ? 1 : 0;
            return super.forwardInternal(store, inputs, training, params);
        }
    }

    /** Trains with three quarters of the weights removed, and momentum that would revive them. */
    private Map<String, float[]> train(Block block, Loop loop, boolean quantized) throws Exception {
        CompressionListener.Builder listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.75f, 1))
                        .optGate(open())
                        .optWarmup(0);
        if (quantized) {
            listener.addTechnique(quantization(4));
        }
        Optimizer stubborn =
                Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed(0.05f))
                        .optMomentum(0.9f)
                        .optWeightDecays(0.01f)
                        .build();
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                        .optOptimizer(stubborn)
                        .addTrainingListeners(listener.build());
        try (Model model = Toy.model(block)) {
            try (Trainer trainer = toy.trainer(model, config)) {
                for (int epoch = 0; epoch < EPOCHS; ++epoch) {
                    loop.run(trainer, trainer.iterateDataset(toy.data(1)));
                }
            }
            return Toy.parameters(block);
        }
    }
}
