package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.util.PairList;
import java.nio.file.Files;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A weight counts as never asked for once a whole epoch has not asked for it. */
public class BranchesTest extends ToyTestBase {

    /** Two nets of which a training pass takes one, and any other pass the first. */
    private static final class Branching extends AbstractBlock {

        private final Block usual = addChildBlock("usual", Toy.mlp());
        private final Block rare = addChildBlock("rare", Toy.mlp());
        private final int rareAt;
        private int passes;

        Branching(int rareAt) {
            this.rareAt = rareAt;
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> params) {
            boolean takesRare = training && ++passes == rareAt;
            return (takesRare ? rare : usual).forward(store, inputs, training, params);
        }

        @Override
        public Shape[] getOutputShapes(Shape[] shapes) {
            return usual.getOutputShapes(shapes);
        }

        @Override
        protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
            usual.initialize(manager, type, shapes);
            rare.initialize(manager, type, shapes);
        }
    }

    @DataProvider
    Object[][] passes() {
        return new Object[][] {{1}, {2}, {8}}; // of the eight of an epoch
    }

    @Test(dataProvider = "passes")
    public void aBranchThatIsTakenOnceInAnEpochIsCompressed(int rareAt) throws Exception {
        try (Model model = Toy.model(new Branching(rareAt))) {
            CompressionListener listener = halving();
            toy.train(model, 2, listener);
            assertEquals(listener.getReport().sparsity(), 0.5, 0);
        }
    }

    private void trainBatch(Trainer trainer) throws Exception {
        try (Batch batch = trainer.iterateDataset(toy.data(1)).iterator().next()) {
            EasyTrain.trainBatch(trainer, batch);
            trainer.step();
        }
    }

    @Test
    public void aWeightThatWasNeverAskedForIsAnErrorAtTheEndOfTheEpochAndNotBefore()
            throws Exception {
        Branching block = new Branching(9);
        try (Model model = Toy.model(block)) {
            Trainer trainer = toy.trainer(model, halving());
            trainBatch(trainer);
            IllegalStateException e =
                    expectThrows(
                            IllegalStateException.class,
                            () -> trainer.notifyListeners(l -> l.onEpoch(trainer)));
            assertTrue(e.getMessage().contains("rare"), e.getMessage());
            assertTrue(e.getMessage().contains("ParameterStore"), e.getMessage());
            trainer.close();
            assertSame(model.getBlock(), block);
            assertEquals(Toy.weightZeros(Toy.parameters(block)), 0);
        }
    }

    /** Killed right before its end, it goes on with nothing but looks at the model. */
    @Test
    public void aRunThatGoesOnBehindItsLastEpochHasSeenItsBranches() throws Exception {
        Checkpoint checkpoint = Checkpoint.in(Files.createTempDirectory("bonsai"));
        Model killed = Toy.model(new Branching(2));
        try {
            Trainer never = toy.trainer(killed, halvingWith(checkpoint));
            assertEquals(checkpoint.epochsLeft(never, 1), 1);
            EasyTrain.fit(never, 1, toy.data(1), null);
        } finally {
            // its trainer is never closed
        }
        try (Model model = Toy.model(new Branching(2))) {
            CompressionListener listener = halvingWith(checkpoint);
            try (Trainer trainer = toy.trainer(model, listener)) {
                assertEquals(checkpoint.epochsLeft(trainer, 1), 0);
            }
            assertEquals(listener.getReport().sparsity(), 0.5, 0);
        }
    }

    private CompressionListener halvingWith(Checkpoint checkpoint) {
        return CompressionListener.builder()
                .addTechnique(pruning(0.5f, 1))
                .optGate(open())
                .optWarmup(0)
                .optCheckpoint(checkpoint)
                .build();
    }

    @Test
    public void aTrainingThatEndsBeforeItsFirstEpochIsCheckedWhenItIsClosed() throws Exception {
        Branching block = new Branching(9);
        try (Model model = Toy.model(block)) {
            CompressionListener listener = halving();
            Trainer trainer = toy.trainer(model, listener);
            Map<String, float[]> before = Toy.parameters(block);
            trainBatch(trainer);
            IllegalStateException e = expectThrows(IllegalStateException.class, trainer::close);
            assertTrue(e.getMessage().contains("rare"), e.getMessage());
            assertSame(model.getBlock(), block);
            assertSameBits(Toy.parameters(block), before); // without warm-up that was accepted
            expectThrows(IllegalStateException.class, listener::getReport);
            trainer.close(); // and this time it goes through
        }
    }
}
