package dev.bonsai;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.listener.TrainingListener.BatchData;
import ai.djl.training.loss.Loss;
import java.nio.file.Files;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Checkpoints within an epoch count what listeners are told of. */
public class CheckpointRestTest extends ToyTestBase {

    @DataProvider
    Object[][] ways() {
        return new Object[][] {{true, 1, true}, {true, 3, false}, {false, 3, true}};
    }

    @Test(dataProvider = "ways")
    public void eachBatchIsToldOfOnceOrTheNextIsRefused(boolean within, int toldOf, boolean sound)
            throws Exception {
        Checkpoint ends = Checkpoint.in(Files.createTempDirectory("bonsai").resolve("states"));
        Checkpoint checkpoint = within ? ends.everySteps(2) : ends;
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 1))
                        .optGate(open())
                        .optWarmup(0)
                        .optCheckpoint(checkpoint)
                        .build();
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                        .addTrainingListeners(listener);
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = model.newTrainer(config)) {
            trainer.initialize(new Shape(1, Toy.FEATURES));
            assertEquals(checkpoint.epochsLeft(trainer, 2), 2);
            Dataset rest = checkpoint.rest(trainer, toy.data(1));
            if (sound) {
                train(trainer, rest, toldOf);
                train(trainer, rest, toldOf);
            } else {
                IllegalStateException e =
                        expectThrows(
                                IllegalStateException.class, () -> train(trainer, rest, toldOf));
                assertMessage(e, "at most 1 of them", "told of 3", "leave out everySteps");
            }
        }
    }

    /** An epoch of a loop of one's own. */
    private static void train(Trainer trainer, Dataset data, int toldOf) throws Exception {
        for (Batch batch : trainer.iterateDataset(data)) {
            try (batch) {
                EasyTrain.trainBatch(trainer, batch);
                for (int i = 1; i < toldOf; ++i) { // DJL has told of it once
                    BatchData part = new BatchData(batch, Map.of(), Map.of());
                    trainer.notifyListeners(one -> one.onTrainingBatch(trainer, part));
                }
                trainer.step();
            }
        }
        trainer.notifyListeners(one -> one.onEpoch(trainer));
    }
}
