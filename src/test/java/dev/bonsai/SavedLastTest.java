package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.SaveModelTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import dev.bonsai.gate.Gate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What a listener saves at the end is what the report says, or a note names the listener. */
public class SavedLastTest extends ToyTestBase {

    private static final int EPOCHS = 2;

    @DataProvider
    Object[][] savers() {
        return Cross.of(
                new Boolean[] {true, false}, // before ours
                new Integer[] {-1, 1}, // at the end alone, or after each epoch
                new Boolean[] {true, false}); // whether the compression goes on when it is closed
    }

    @Test(dataProvider = "savers")
    public void theLastFileIsTheReportedModelOrANoteNamesItsWriter(
            boolean before, int checkpoint, boolean goesOn) throws Exception {
        Path folder = Files.createTempDirectory("bonsai");
        SaveModelTrainingListener saver =
                new SaveModelTrainingListener(folder.toString(), "toy", checkpoint);
        CompressionListener ours =
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 1))
                        .addTechnique(quantization(4))
                        .optGate(open())
                        .optWarmup(goesOn ? EPOCHS + 1 : 0) // all at the end, or all at the start
                        .build();
        List<TrainingListener> listeners = before ? List.of(saver, ours) : List.of(ours, saver);
        try (Model model = Toy.model(Toy.mlp());
                Model loaded = Toy.model(Toy.mlp())) {
            Map<String, float[]> baked =
                    toy.train(model, EPOCHS, listeners.toArray(TrainingListener[]::new));
            loaded.load(folder, "toy");
            Map<String, float[]> saved = Toy.parameters(loaded.getBlock());
            boolean same =
                    baked.keySet().stream()
                            .allMatch(path -> Arrays.equals(saved.get(path), baked.get(path)));
            List<String> notes = ours.getReport().notes();
            assertEquals(
                    notes.stream().filter(n -> n.contains("SaveModelTrainingListener")).count(),
                    same ? 0 : 1,
                    ours.getReport().toString());
            if (goesOn && (before || checkpoint == 1)) {
                assertTrue(!same, "the saver was too early");
            }
            if (!before && checkpoint == -1) {
                assertTrue(same, "the remedy that the note names");
            }
        }
    }

    /** What a training loop tells of. */
    private enum Telling {
        NOTHING,
        BATCHES,
        BATCHES_AND_EPOCHS
    }

    @DataProvider
    Object[][] loops() {
        return Cross.of(Telling.values());
    }

    @Test(dataProvider = "loops")
    public void whereNothingWasCompressedTheNoteTellsWhatWasHeard(Telling telling)
            throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 2))
                        .optGate(Gate.builder().optMaxDrop(1).build())
                        .optWarmup(3)
                        .build();
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                        .addEvaluator(new Accuracy())
                        .optOptimizer(Optimizer.adam().build())
                        .addTrainingListeners(TrainingListener.Defaults.basic())
                        .addTrainingListeners(listener);
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, config)) {
            for (Batch batch : trainer.iterateDataset(toy.data(1))) {
                try (batch) {
                    if (telling == Telling.NOTHING) {
                        try (var collector = trainer.newGradientCollector()) {
                            var outputs = trainer.forward(batch.getData(), batch.getLabels());
                            collector.backward(
                                    trainer.getLoss().evaluate(batch.getLabels(), outputs));
                        }
                    } else {
                        EasyTrain.trainBatch(trainer, batch);
                    }
                    trainer.step();
                }
            }
            if (telling == Telling.BATCHES_AND_EPOCHS) {
                trainer.notifyListeners(l -> l.onEpoch(trainer));
            }
        }
        String note = String.join("; ", listener.getReport().notes());
        String heard =
                switch (telling) {
                    case NOTHING -> "heard of 0 batches and 0 epochs";
                    case BATCHES -> "heard of 8 batches and 0 epochs";
                    case BATCHES_AND_EPOCHS -> "Train for more epochs";
                };
        assertTrue(note.contains(heard), note);
        assertEquals(note.contains("heard of"), telling != Telling.BATCHES_AND_EPOCHS, note);
    }
}
