package dev.bonsai;

import ai.djl.Model;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.checkpoint.ResumableOptimizer;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.Rounding;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that is killed by {@link KilledTrainingTest}: a folder of checkpoints, and a file. */
final class LongTraining {

    private static final int EPOCHS = 350;
    private static final int SAMPLES = 512;

    private LongTraining() {}

    public static void main(String... args) throws Exception {
        try (Toy toy = new Toy();
                Model model = Toy.model(Toy.mlp())) {
            ResumableOptimizer optimizer =
                    ResumableOptimizer.of(
                            Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.005f)).build());
            Checkpoint checkpoint =
                    Checkpoint.in(Path.of(args[0])).withOptimizer(optimizer).everySteps(3);
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(
                                    Pruning.builder()
                                            .setTargetSparsity(0.9f)
                                            .optRegrowth(Regrowth.random(0.2f, 5, 1))
                                            .build())
                            .addTechnique(
                                    Quantization.builder()
                                            .setBits(3)
                                            .optRounding(Rounding.stochastic(2))
                                            .build())
                            .optGate(toy.gate().optMaxDrop(0.02f).build())
                            .optWarmup(2)
                            .optCheckpoint(checkpoint)
                            .build();
            try (Trainer trainer = toy.trainer(model, Toy.config(optimizer, listener))) {
                int left = checkpoint.epochsLeft(trainer, EPOCHS);
                EasyTrain.fit(trainer, left, checkpoint.rest(trainer, shuffled(toy)), null);
            }
            Path file = Path.of(args[1]);
            listener.getCompressedModel().save(file);
            Files.writeString(
                    file.resolveSibling(file.getFileName() + ".txt"),
                    listener.getReport().trials().toString());
        }
    }

    private static ArrayDataset shuffled(Toy toy) throws Exception {
        var all = toy.data(1).getByRange(toy.manager(), 0, SAMPLES);
        return new ArrayDataset.Builder()
                .setData(all.getData().head())
                .optLabels(all.getLabels().head())
                .setSampling(64, true)
                .build();
    }
}
