package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.util.PairList;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Blocks that keep what they computed from a weight for passes to come. */
public class KeptArraysTest extends ToyTestBase {

    /** When a block computes its array anew. */
    private enum Keeping {
        /** In each training pass, and in the first of the others, which use it from then on. */
        IN_INFERENCE,
        /** In each training pass, for all others. */
        IN_TRAINING
    }

    /** A linear layer that transposes its weight and keeps the result. */
    private static final class Keeper extends AbstractBlock {

        private final Parameter weight =
                addParameter(
                        Parameter.builder()
                                .setName("weight")
                                .setType(Parameter.Type.WEIGHT)
                                .optShape(new Shape(Toy.CLASSES, Toy.FEATURES))
                                .build());
        private final Keeping keeping;
        private NDArray kept;

        Keeper(Keeping keeping) {
            this.keeping = keeping;
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> params) {
            NDArray value = store.getValue(weight, inputs.head().getDevice(), training);
            if (training && keeping == Keeping.IN_INFERENCE) {
                kept = null;
                return new NDList(inputs.head().dot(value.transpose()));
            }
            if (training || kept == null) {
                kept = value.transpose();
            }
            return new NDList(inputs.head().dot(kept));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] shapes) {
            return new Shape[] {new Shape(shapes[0].get(0), Toy.CLASSES)};
        }

        @Override
        protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
            // none
        }
    }

    @DataProvider
    Object[][] keeping() {
        return Cross.of(Keeping.values());
    }

    @Test(dataProvider = "keeping")
    public void whileTheModelIsTrainedOneErrorSaysWhatToDo(Keeping keeping) {
        try (Model model = Toy.model(new Keeper(keeping))) {
            Trainer trainer = toy.trainer(model, halvingTo4Bits());
            IllegalStateException e =
                    expectThrows(IllegalStateException.class, () -> toy.fit(trainer, 2));
            assertTrue(e.getMessage().contains("earlier forward pass"), e.getMessage());
            assertTrue(e.getMessage().contains("WeightSelector"), e.getMessage());
        }
    }

    @Test
    public void anInputThatWasClosedIsNotTakenForAKeptArray() throws Exception {
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, halving())) {
            toy.fit(trainer, 1);
            NDArray closed = toy.manager().ones(new Shape(1, Toy.FEATURES));
            closed.close();
            IllegalStateException e =
                    expectThrows(
                            IllegalStateException.class,
                            () ->
                                    model.getBlock()
                                            .forward(
                                                    new ParameterStore(toy.manager(), false),
                                                    new NDList(closed),
                                                    false));
            assertFalse(e.getMessage().contains("WeightSelector"), e.getMessage());
        }
    }

    @DataProvider
    Object[][] lastPasses() {
        return Cross.of(new Boolean[] {true, false});
    }

    /** By the trainer's metric, so that no gate of ours makes passes of its own. */
    @Test(dataProvider = "lastPasses")
    public void whatIsLeftBrokenAfterTheTrainingStandsInTheReport(boolean inferenceLast)
            throws Exception {
        Keeper block = new Keeper(Keeping.IN_INFERENCE);
        CompressionListener listener =
                CompressionListener.builder().addTechnique(pruning(0.5f, 1)).build();
        try (Model model = Toy.model(block)) {
            try (Trainer trainer = toy.trainer(model, listener)) {
                // of one batch, so that there is one inference pass per epoch
                EasyTrain.fit(trainer, 3, toy.data(1), toy.data(3).subDataset(0, 64));
                if (!inferenceLast) {
                    try (Batch batch = trainer.iterateDataset(toy.data(1)).iterator().next()) {
                        EasyTrain.trainBatch(trainer, batch);
                        trainer.step();
                    }
                }
            }
            List<String> broken =
                    listener.getReport().notes().stream()
                            .filter(note -> note.contains("forward pass fails"))
                            .toList();
            assertEquals(broken.size(), inferenceLast ? 1 : 0, listener.getReport().toString());
            if (!inferenceLast) {
                assertEquals(toy.outputs((Block) block).length, 16 * Toy.CLASSES);
            }
        }
    }
}
