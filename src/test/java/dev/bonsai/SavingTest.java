package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.Accuracy;
import dev.bonsai.gate.Gate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Saves at any moment, from any thread: the training never notices, and a file is one state. */
public class SavingTest extends ToyTestBase {

    private static final int EPOCHS = 3;

    /** A block with a parameter that is not of floats. */
    private static Block counted(NDManager manager) {
        Parameter count =
                Parameter.builder()
                        .setName("count")
                        .setType(Parameter.Type.OTHER)
                        .optRequiresGrad(false)
                        .optArray(manager.create(new long[] {9_007_199_254_740_991L, -3}))
                        .build();
        return new SequentialBlock()
                .add(Toy.mlp())
                .add(new FunctionBlock((x, values) -> x).add(count));
    }

    private static Block tied() {
        Linear twice = Linear.builder().setUnits(Toy.FEATURES).build();
        return new SequentialBlock()
                .add(twice)
                .add(Activation::relu)
                .add(twice)
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    private static Block embedding() {
        Block table =
                new TrainableWordEmbedding(
                        new DefaultVocabulary(List.of("a", "b", "c", "d", "e")), 6);
        return new SequentialBlock()
                .add(points -> new NDList(points.head().gt(0.5f).toType(DataType.INT64, false)))
                .add(table)
                .add(seen -> new NDList(seen.head().mean(new int[] {1})))
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    private static Block normed() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(32).build())
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    @DataProvider
    Object[][] blocks() {
        return new Object[][] {
            {"plain", (Supplier<Block>) Toy::mlp},
            {"tied", (Supplier<Block>) SavingTest::tied},
            {"embedding", (Supplier<Block>) SavingTest::embedding},
            {"batch norm", (Supplier<Block>) SavingTest::normed},
            {"int64", (Supplier<Block>) () -> counted(toy.manager())},
        };
    }

    private static byte[] saved(Block block) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            block.saveParameters(out);
        }
        return bytes.toByteArray();
    }

    @Test(dataProvider = "blocks")
    public void whatIsSavedIsByteForByteWhatThePlainBlockSavesInThatState(
            String name, Supplier<Block> block) throws Exception {
        try (Model model = Toy.model(block.get());
                Model plain = Toy.model(block.get())) {
            byte[] accepted;
            try (Trainer trainer = toy.trainer(model, halvingTo4Bits())) {
                toy.fit(trainer, EPOCHS); // both targets are reached, and accepted
                accepted = saved(model.getBlock());
            }
            assertTrue(Arrays.equals(accepted, saved(model.getBlock())), name);
            plain.getBlock()
                    .loadParameters(
                            plain.getNDManager(),
                            new DataInputStream(new ByteArrayInputStream(accepted)));
            assertEquals(toy.outputs(plain.getBlock()), toy.outputs(model.getBlock()));
        }
    }

    @Test(dataProvider = "blocks")
    public void aSaveBetweenForwardAndBackwardChangesNothing(String name, Supplier<Block> block)
            throws Exception {
        Map<String, byte[]> outcomes = new HashMap<>();
        for (boolean saving : new boolean[] {false, true}) {
            try (Model model = Toy.model(block.get())) {
                try (Trainer trainer = toy.trainer(model, halvingTo4Bits())) {
                    for (int epoch = 0; epoch < EPOCHS; ++epoch) {
                        ownEpoch(trainer, saving);
                    }
                }
                outcomes.put("" + saving, saved(model.getBlock()));
            }
        }
        assertTrue(Arrays.equals(outcomes.get("true"), outcomes.get("false")), name);
    }

    private void ownEpoch(Trainer trainer, boolean saving) throws Exception {
        for (Batch batch : trainer.iterateDataset(toy.data(1))) {
            try (batch;
                    GradientCollector collector = trainer.newGradientCollector()) {
                NDList labels = batch.getLabels();
                NDList outputs = trainer.forward(batch.getData(), labels);
                NDArray loss = trainer.getLoss().evaluate(labels, outputs);
                if (saving) {
                    saved(trainer.getModel().getBlock());
                }
                collector.backward(loss);
                trainer.step();
            }
        }
        trainer.notifyListeners(listener -> listener.onEpoch(trainer));
    }

    @Test
    public void savesFromASecondThreadAreAcceptedStatesAndTheTrainingDoesNotNotice()
            throws Exception {
        byte[] quiet;
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, EPOCHS, pruningInSteps(() -> {}));
            quiet = saved(model.getBlock());
        }
        List<byte[]> saves = Collections.synchronizedList(new ArrayList<>());
        List<byte[]> accepted = new ArrayList<>();
        try (Model model = Toy.model(Toy.mlp())) {
            Runnable note = () -> accepted.add(savedUnchecked(model.getBlock()));
            Saver saver = new Saver(model, saves);
            try (Trainer trainer = toy.trainer(model, pruningInSteps(note))) {
                for (int epoch = 0; epoch < EPOCHS; ++epoch) {
                    EasyTrain.fit(trainer, 1, toy.data(1), null);
                    note.run();
                    saver.goOn(epoch == 0);
                }
            }
            saver.end();
            note.run();
            assertTrue(Arrays.equals(accepted.get(accepted.size() - 1), quiet), "another training");
        }
        assertTrue(saves.size() > EPOCHS, "only " + saves.size());
        for (byte[] save : saves) {
            assertTrue(accepted.stream().anyMatch(a -> Arrays.equals(a, save)), "a mixture");
        }
    }

    private static byte[] savedUnchecked(Block block) {
        try {
            return saved(block);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Between any two accepted states something is measured, so that none is missed. */
    private CompressionListener pruningInSteps(Runnable beforeMeasurement) {
        Accuracy accuracy =
                new Accuracy() {
                    @Override
                    public void addAccumulator(String key) {
                        beforeMeasurement.run();
                        super.addAccumulator(key);
                    }
                };
        return CompressionListener.builder()
                .addTechnique(pruning(0.5f, 6))
                .addTechnique(quantization(4))
                .optGate(Gate.builder().optEvaluation(toy.data(2), accuracy).optMaxDrop(1).build())
                .build();
    }

    /** Saves again and again from a thread of its own. */
    private static final class Saver {

        private final Thread thread;
        private volatile boolean over;
        private volatile Throwable failure;

        Saver(Model model, List<byte[]> saves) {
            thread =
                    new Thread(
                            () -> {
                                try {
                                    while (!over) {
                                        saves.add(saved(model.getBlock()));
                                    }
                                } catch (Throwable e) {
                                    failure = e;
                                }
                            });
        }

        /** Begins with the first accepted state: before it, a save is one of plain DJL. */
        void goOn(boolean begin) {
            if (begin) {
                thread.start();
            }
        }

        void end() throws InterruptedException {
            over = true;
            thread.join();
            assertEquals(failure, null);
        }
    }

    @Test
    public void aBlockThatWritesInAWayOfItsOwnIsRefusedAndTrainsOn() throws Exception {
        Block own =
                new SequentialBlock() {
                    @Override
                    public void saveParameters(DataOutputStream os) throws IOException {
                        for (Parameter parameter : getParameters().values()) {
                            for (float value : parameter.getArray().toFloatArray()) {
                                os.writeFloat(value);
                            }
                        }
                    }
                }.add(Toy.mlp());
        try (Model model = Toy.model(own)) {
            CompressionListener listener = halving();
            try (Trainer trainer = toy.trainer(model, listener)) {
                toy.fit(trainer, 1);
                IOException e = expectThrows(IOException.class, () -> saved(model.getBlock()));
                assertTrue(e.getMessage().contains("after the trainer is closed"), e.getMessage());
                toy.fit(trainer, 1);
            }
            assertEquals(listener.getReport().sparsity(), 0.5, 0);
            saved(model.getBlock());
        }
    }
}
