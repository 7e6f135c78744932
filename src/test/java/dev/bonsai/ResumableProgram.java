package dev.bonsai;

import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.checkpoint.ResumableOptimizer;
import dev.bonsai.core.Technique;
import dev.bonsai.distillation.DistillationLoss;
import dev.bonsai.gate.Gate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A program that trains and compresses, which does the same whenever it is started. */
final class ResumableProgram {

    private static final int EPOCHS = 5;
    private static final int BATCH = 64;

    /** Killed trainers are never closed, as nothing of a process is that is killed. */
    private static final List<Object> DEAD = new ArrayList<>();

    private final Toy toy;
    private final Path folder;

    Technique[] techniques = {ToyTestBase.pruning(0.75f, 3), ToyTestBase.quantization(4)};
    UnaryOperator<CompressionListener.Builder> options = builder -> builder;
    Supplier<Block> network = Toy::mlp;
    boolean adam;
    boolean everyStep;
    boolean distilled;

    /** Begins with zeros that are held, elsewhere each time that it is started. */
    boolean sparse;

    /** How many batches there are to a step; the last step of an epoch may have fewer. */
    int perStep = 1;

    private int lives;
    int epochs = EPOCHS;
    Gate gate;

    /** Returns the file that is left, or nothing if it was killed. */
    Optional<byte[]> run(Path checkpoints, Killer killer) throws Exception {
        Model model = Toy.model(network.get());
        ResumableOptimizer optimizer = ResumableOptimizer.of(optimizer());
        Checkpoint checkpoint = Checkpoint.in(checkpoints).withOptimizer(optimizer);
        checkpoint = everyStep ? checkpoint.everySteps(1) : checkpoint;
        CompressionListener listener =
                options.apply(
                                CompressionListener.builder()
                                        .addTechniques(List.of(techniques))
                                        .optGate(gate)
                                        .optWarmup(1)
                                        .optCheckpoint(checkpoint))
                        .build();
        DefaultTrainingConfig config =
                distilled
                        ? new DefaultTrainingConfig(DistillationLoss.builder().build())
                                .optOptimizer(optimizer)
                                .addTrainingListeners(TrainingListener.Defaults.basic())
                                .addTrainingListeners(listener, killer)
                        : Toy.config(optimizer, listener, killer);
        Trainer trainer = toy.trainer(model, config);
        if (sparse) {
            zero(model.getBlock(), lives++);
        }
        try {
            int left = checkpoint.epochsLeft(trainer, epochs);
            Dataset data = everyStep ? checkpoint.rest(trainer, shuffled()) : shuffled();
            if (perStep == 1) {
                EasyTrain.fit(trainer, left, data, toy.data(3));
            } else {
                accumulate(trainer, left, data);
            }
            trainer.close();
        } catch (Killed e) {
            DEAD.add(List.of(trainer, model, listener));
            return Optional.empty();
        }
        Path file = folder.resolve("model.bonsai");
        listener.getCompressedModel().save(file);
        model.close();
        return Optional.of(Files.readAllBytes(file));
    }

    private void accumulate(Trainer trainer, int left, Dataset data) throws Exception {
        for (int epoch = 0; epoch < left; ++epoch) {
            int batches = 0;
            for (Batch batch : trainer.iterateDataset(data)) {
                EasyTrain.trainBatch(trainer, batch);
                if (++batches % perStep == 0) {
                    trainer.step();
                }
                batch.close();
            }
            if (batches % perStep != 0) {
                trainer.step();
            }
            EasyTrain.evaluateDataset(trainer, toy.data(3));
            trainer.notifyListeners(listener -> listener.onEpoch(trainer));
        }
    }

    private void zero(Block block, int seed) {
        Random random = new Random(seed);
        NDArray weight = block.getParameters().get(0).getValue().getArray();
        float[] values = weight.toFloatArray();
        for (int i = 0; i < values.length; ++i) {
            values[i] = random.nextInt(3) == 0 ? 0 : values[i];
        }
        try (NDArray sparse = toy.manager().create(values, weight.getShape())) {
            weight.set(new NDIndex(":"), sparse);
        }
    }

    Optimizer optimizer() {
        return adam
                ? Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.02f)).build()
                : Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.5f)).build();
    }

    private Dataset shuffled() throws IOException {
        ArrayDataset data = toy.data(1);
        return new ArrayDataset.Builder()
                .setData(data.getByRange(toy.manager(), 0, 512).getData().head())
                .optLabels(data.getByRange(toy.manager(), 0, 512).getLabels().head())
                .setSampling(BATCH, true)
                .build();
    }

    byte[] whole() throws Exception {
        return run(folder.resolve("whole"), new Killer(-1, -1)).orElseThrow();
    }

    /** Is killed again and again, and started again each time. */
    byte[] killed(int epochs, int batches) throws Exception {
        Path checkpoints = folder.resolve("killed");
        for (int life = 0; life < 100; ++life) {
            Engine.getInstance().setRandomSeed(1000 + life); // nothing is left of the last one
            Optional<byte[]> file = run(checkpoints, new Killer(epochs, batches));
            if (file.isPresent()) {
                assertTrue(life > 0, "it was killed at all");
                return file.get();
            }
        }
        throw new AssertionError("It never ended");
    }

    /**
     * @param folder where it writes its files
     */
    ResumableProgram(Toy toy, Path folder) {
        this.toy = toy;
        this.folder = folder;
        gate = toy.gate().optMaxDrop(0.1f).build();
    }

    static Block halfFrozen() {
        Linear frozen = Linear.builder().setUnits(16).build();
        frozen.freezeParameters(true);
        return new SequentialBlock().add(frozen).add(Toy.mlp());
    }

    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Ends the process, as far as a test can, after so many epochs or batches of this life. */
    static final class Killer extends TrainingListenerAdapter {

        private int epochs;
        private int batches;

        Killer(int epochs, int batches) {
            this.epochs = epochs;
            this.batches = batches;
        }

        @Override
        public void onEpoch(Trainer trainer) {
            if (--epochs == 0) {
                throw new Killed();
            }
        }

        @Override
        public void onTrainingBatch(Trainer trainer, BatchData batchData) {
            if (--batches == 0) {
                throw new Killed();
            }
        }
    }
}
