package dev.bonsai;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.transformer.IdEmbedding;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** When the inputs of weights are looked at, what that leaves as it is, and why it may fail. */
public class InputLookTest extends InputMagnitudeTestBase {

    @Test
    public void theFirstEightBatchesOfTheEpochThatEndedAreLookedAt() throws Exception {
        List<NDList> seen = new ArrayList<>();
        Block spy =
                new LambdaBlock(
                        x -> {
                            if (Proxy.isProxyClass(x.head().getClass())) {
                                seen.add(x);
                            }
                            return x;
                        });
        float[] values = new float[20 * Toy.FEATURES];
        for (int i = 0; i < values.length; ++i) {
            values[i] = i / Toy.FEATURES + 1; // sample i is i + 1 everywhere
        }
        ArrayDataset data =
                new ArrayDataset.Builder()
                        .setData(toy.manager().create(values, new Shape(20, Toy.FEATURES)))
                        .optLabels(toy.manager().zeros(new Shape(20)))
                        .setSampling(2, false)
                        .build();
        Block net = new SequentialBlock().add(spy).add(Toy.mlp());
        try (Model model = Toy.model(net);
                Trainer trainer = toy.trainer(model, listener())) {
            EasyTrain.fit(trainer, 1, data, toy.data(3));
            assertEquals(seen.size(), 8);
            assertEquals(told.get(0)[0], 8.5f, "the mean of 1 to 16, which is exact");
            EasyTrain.fit(trainer, 1, data, toy.data(3));
            assertEquals(seen.size(), 16);
        }
    }

    @Test
    public void nothingIsRunThatWasNotAskedFor() throws Exception {
        Block spy =
                new LambdaBlock(
                        x -> {
                            assertTrue(AfterTraining.isPlainUntilThen(x.head()));
                            return x;
                        });
        try (Model model = Toy.model(new SequentialBlock().add(spy).add(Toy.mlp()))) {
            toy.train(model, 2, halvingTo4Bits());
        }
    }

    @Test
    public void lookingLeavesTheTrainingAsItIs() throws Exception {
        List<Map<String, float[]>> results = new ArrayList<>();
        for (boolean looking : new boolean[] {false, true}) {
            Block net =
                    new SequentialBlock()
                            .add(Linear.builder().setUnits(16).build())
                            .add(BatchNorm.builder().build())
                            .add(Dropout.builder().optRate(0.3f).build())
                            .add(Linear.builder().setUnits(Toy.CLASSES).build());
            try (Model model = Toy.model(net)) {
                results.add(
                        new LinkedHashMap<>(
                                looking ? toy.train(model, 2, listener()) : toy.train(model, 2)));
            }
        }
        assertEquals(told.size(), 2);
        assertSameBits(results.get(1), results.get(0));
    }

    private IllegalStateException refused(Block... blocks) throws Exception {
        try (Model model = Toy.model(image(blocks))) {
            CompressionListener listener = listener();
            return expectThrows(IllegalStateException.class, () -> toy.train(model, 1, listener));
        }
    }

    @Test
    public void anEmbeddingHasNoSuchInput() throws Exception {
        Block tokens =
                new LambdaBlock(x -> new NDList(x.head().clip(0, 1).toType(DataType.INT64, false)));
        Block embedding =
                new IdEmbedding.Builder().setDictionarySize(2).setEmbeddingSize(3).build();
        assertMessage(refused(tokens, embedding), "mbedding(2, 3)", "WeightSelector");
    }

    @Test
    public void anImportedBlockShowsNone() throws Exception {
        assertMessage(refused(new OpaqueDouble()), "OpaqueDouble_weight(4, 8)", "imported");
    }

    @Test
    public void anInputThatComesFromAConstantIsNotSeen() throws Exception {
        Block doubling =
                new LambdaBlock(x -> new NDList(x.head().getManager().create(2f).mul(x.head())));
        assertMessage(refused(doubling), "weight(4, 8)", "write x.mul(constant)");
    }

    @Test
    public void whyAPassFailedIsTold() throws Exception {
        Block picky =
                new LambdaBlock(
                        x -> {
                            if (Proxy.isProxyClass(x.head().getClass())) {
                                throw new ClassCastException("plain arrays only");
                            }
                            return x;
                        });
        IllegalStateException error = refused(picky);
        assertMessage(error, "weight(4, 8)", "plain arrays only");
        assertTrue(error.getCause() instanceof ClassCastException);
    }

    @Test
    public void aLoopThatKeepsTheBatchToItselfIsToldSo() throws Exception {
        CompressionListener listener = listener();
        try (Model model = Toy.model(Toy.mlp())) {
            Trainer trainer = toy.trainer(model, listener);
            for (Batch batch : trainer.iterateDataset(toy.data(1))) {
                try (batch;
                        var collector = trainer.newGradientCollector()) {
                    NDList predictions = trainer.forward(batch.getData(), batch.getLabels());
                    collector.backward(trainer.getLoss().evaluate(batch.getLabels(), predictions));
                }
                listener.onTrainingBatch(trainer, null);
                trainer.step();
            }
            IllegalStateException error =
                    expectThrows(IllegalStateException.class, () -> listener.onEpoch(trainer));
            assertMessage(error, "new BatchData(batch, labels, predictions)");
            expectThrows(IllegalStateException.class, trainer::close);
        }
    }
}
