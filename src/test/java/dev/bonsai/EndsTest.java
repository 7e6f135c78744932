package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNotSame;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import dev.bonsai.gate.Gate;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Trainings that end, or never begin, in other ways than by closing a trainer in good order. */
public class EndsTest extends ToyTestBase {

    /** Throws at the beginning or at the end of a training. */
    private static final class Broken extends TrainingListenerAdapter {

        private final boolean atBegin;

        Broken(boolean atBegin) {
            this.atBegin = atBegin;
        }

        @Override
        public void onTrainingBegin(Trainer trainer) {
            fail(atBegin);
        }

        @Override
        public void onTrainingEnd(Trainer trainer) {
            fail(!atBegin);
        }

        private static void fail(boolean now) {
            if (now) {
                throw new UnsupportedOperationException("broken");
            }
        }
    }

    @Test
    public void aListenerThatThrowsAtTheEndIsGotRoundByClosingOurs() throws Exception {
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            CompressionListener listener = halving();
            Trainer trainer = toy.trainer(model, new Broken(false), listener);
            toy.fit(trainer, 1);
            expectThrows(UnsupportedOperationException.class, trainer::close);
            assertNotSame(model.getBlock(), block);
            for (CompressionListener later : List.of(halving(), listener)) {
                IllegalStateException e =
                        expectThrows(
                                IllegalStateException.class,
                                () -> model.newTrainer(Toy.config(later)));
                assertTrue(e.getMessage().contains("call close() of"), e.getMessage());
            }
            listener.close();
            assertSame(model.getBlock(), block);
            assertEquals(listener.getReport().sparsity(), 0.5, 0);
            listener.close(); // once is enough
            CompressionListener next = halving();
            toy.train(model, 1, next);
            assertEquals(next.getReport().sparsity(), 0.5, 0);
        }
    }

    @Test
    public void aModelThatIsTrainedByAnotherTrainerMeanwhileSaysSo() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener = halving();
            Trainer lost = toy.trainer(model, listener);
            toy.fit(lost, 1);
            Trainer plain = toy.trainer(model);
            IllegalStateException e =
                    expectThrows(IllegalStateException.class, () -> toy.fit(plain, 1));
            assertTrue(e.getMessage().contains("another trainer"), e.getMessage());
            listener.close();
            toy.fit(plain, 1);
            plain.close();
        }
    }

    @DataProvider
    Object[][] begun() {
        return Cross.of(new Boolean[] {true, false});
    }

    @Test(dataProvider = "begun", timeOut = 60_000)
    public void aModelThatIsClosedBeforeItsTrainerSaysWhatHappened(boolean begun) throws Exception {
        Block block = Toy.mlp();
        Model model = Toy.model(block);
        CompressionListener listener = halving();
        Trainer trainer = toy.trainer(model, listener);
        if (!begun) {
            model.close();
            trainer.close(); // nothing is lost
            return;
        }
        toy.fit(trainer, 1);
        model.close();
        IllegalStateException e = expectThrows(IllegalStateException.class, trainer::close);
        assertTrue(e.getMessage().contains("closed before its trainer"), e.getMessage());
        assertSame(model.getBlock(), block);
        e = expectThrows(IllegalStateException.class, listener::getReport);
        assertTrue(e.getMessage().contains("while the model is open"), e.getMessage());
        try (Model other = Toy.model(Toy.mlp())) {
            toy.train(other, 1, listener);
            assertEquals(listener.getReport().sparsity(), 0.5, 0);
        }
    }

    @Test
    public void aListenerThatIsAddedTwiceIsNamedAndLeavesTheModelAsItWas() throws Exception {
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            CompressionListener listener = halving();
            IllegalStateException e =
                    expectThrows(
                            IllegalStateException.class,
                            () -> model.newTrainer(Toy.config(listener, halving(), listener)));
            assertTrue(e.getMessage().contains("added twice"), e.getMessage());
            assertSame(model.getBlock(), block);
            toy.train(model, 1, listener);
            assertEquals(listener.getReport().sparsity(), 0.5, 0);
        }
    }

    @Test
    public void whereATrainerNeverCameToBeTheModelIsPlain() throws Exception {
        Map<String, float[]> expected;
        try (Model plain = Toy.model(Toy.mlp())) {
            expected = toy.train(plain, 1);
        }
        Block block = Toy.mlp();
        try (Model model = Toy.model(block);
                Model loaded = Toy.model(Toy.mlp())) {
            TrainingConfig config = Toy.config(halving(), new Broken(true));
            expectThrows(UnsupportedOperationException.class, () -> model.newTrainer(config));
            toy.train(model, 1); // without our listener
            assertSameBits(Toy.parameters(block), expected);
            assertEquals(toy.outputs(model.getBlock()), toy.outputs(block));
            Path folder = Files.createTempDirectory("bonsai");
            model.save(folder, "toy");
            loaded.load(folder, "toy");
            assertSameBits(Toy.parameters(loaded.getBlock()), expected);
            CompressionListener listener = halving();
            toy.train(model, 1, listener);
            assertSame(model.getBlock(), block);
            assertEquals(listener.getReport().sparsity(), 0.5, 0);
        }
    }

    /** What could be kept of a training. */
    private record Remains(List<CompressionListener> ours, List<WeakReference<Object>> others) {}

    private Remains trained(boolean fails) throws Exception {
        List<CompressionListener> ours =
                List.of(
                        halving(),
                        CompressionListener.builder()
                                .addTechnique(quantization(8))
                                .optGate(Gate.builder().optMaxDrop(1).build())
                                .build());
        List<WeakReference<Object>> others = new ArrayList<>();
        TrainingListener other = new Broken(false);
        Model model = Toy.model(Toy.mlp());
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                        .addEvaluator(new ai.djl.training.evaluator.Accuracy())
                        .optOptimizer(Optimizer.adam().build())
                        .addTrainingListeners(TrainingListener.Defaults.basic());
        if (fails) {
            config.addTrainingListeners(other);
        }
        config.addTrainingListeners(ours.toArray(TrainingListener[]::new));
        Trainer trainer = toy.trainer(model, config);
        toy.fit(trainer, 2);
        Block wrapper = model.getBlock();
        if (fails) {
            expectThrows(UnsupportedOperationException.class, trainer::close);
            ours.get(0).close();
        } else {
            trainer.close();
        }
        trainer.notifyListeners(l -> others.add(new WeakReference<>(l)));
        others.removeIf(o -> ours.contains(o.get()));
        for (Object one : List.of(trainer, model, wrapper, model.getBlock())) {
            others.add(new WeakReference<>(one));
        }
        model.close();
        return new Remains(ours, others);
    }

    @Test(dataProvider = "begun", timeOut = 60_000)
    public void afterTheEndAListenerKeepsItsResultAlone(boolean fails) throws Exception {
        Remains remains = trained(fails);
        assertFalse(remains.others.isEmpty());
        for (WeakReference<Object> other : remains.others) {
            for (int i = 0; other.get() != null && i < 50; ++i) {
                System.gc();
                Thread.sleep(20);
            }
            assertTrue(other.get() == null, "kept: " + other.get());
        }
        for (CompressionListener listener : remains.ours) {
            assertEquals(listener.getReport().sparsity(), 0.5, 0.05); // 8 bits round a few to 0
        }
    }

    @Test
    public void eachOfSeveralListenersServesAnotherTrainerAfterwards() throws Exception {
        CompressionListener first = halving();
        CompressionListener second =
                CompressionListener.builder()
                        .addTechnique(quantization(8))
                        .optGate(open())
                        .optWarmup(0)
                        .build();
        for (int i = 0; i < 2; ++i) {
            try (Model model = Toy.model(Toy.mlp())) {
                toy.train(model, 1, first, second);
                assertSame(first.getReport(), second.getReport());
            }
        }
    }

    @Test
    public void aLazilyInitialisedBlockOutlivesTheTrainer() throws Exception {
        Block block = Toy.mlp();
        try (Model model = Toy.model(block);
                Model loaded = Toy.model(Toy.mlp())) {
            CompressionListener listener = halving();
            try (Trainer trainer = model.newTrainer(Toy.config(listener))) {
                toy.fit(trainer, 2); // nobody called trainer.initialize
            }
            assertEquals(listener.getReport().sparsity(), 0.5, 0);
            Path folder = Files.createTempDirectory("bonsai");
            model.save(folder, "toy");
            loaded.load(folder, "toy");
            assertSameBits(Toy.parameters(loaded.getBlock()), Toy.parameters(block));
            block.getParameters()
                    .values()
                    .forEach(p -> assertSame(p.getArray().getManager(), model.getNDManager()));
        }
    }
}
