package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNotEquals;

import ai.djl.Model;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Verdict;
import dev.bonsai.report.CompressionReport;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** What lies in the model's arrays, running statistics included, and what of it is saved. */
public class LatentStateTest extends ToyTestBase {

    private static Block normalised() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(32).build())
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    @Test
    public void runningStatisticsAreThoseOfPlainTraining() throws Exception {
        try (Model plain = Toy.model(normalised());
                Model listened = Toy.model(normalised())) {
            Map<String, float[]> expected = toy.train(plain, 3);
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(FakeTechnique.single("id", FakeTransforms.keeping()))
                            .optGate(open())
                            .optWarmup(0)
                            .build();
            assertSameBits(toy.train(listened, 3, listener), expected);
            float[] mean = expected.get("02BatchNorm_runningMean");
            assertFalse(Arrays.equals(mean, new float[mean.length]), "statistics were gathered");
            for (NamedWeight stored : listener.getCompressedModel().getWeights()) {
                assertEquals(stored.value().decode(), expected.get(stored.path()), stored.path());
            }
            assertEquals(listener.getCompressedModel().getWeights().size(), expected.size());
        }
    }

    /** A gate whose second step costs too much, and more with every epoch. */
    private Gate secondStepFails() {
        // epoch 1: the baseline, the first step; 2: the epoch, the second step; 3: recovering;
        // 4: rolled back
        ScriptedEvaluator script = new ScriptedEvaluator(0.9f, 0.9f, 0.9f, 0.8f, 0.7f, 0.6f);
        return Gate.builder()
                .optEvaluation(toy.data(2), script)
                .optDirection(Direction.HIGHER_IS_BETTER)
                .build();
    }

    private CompressionListener failing() {
        return CompressionListener.builder()
                .addTechnique(pruning(0.75f, 2))
                .optGate(secondStepFails())
                .build();
    }

    @Test
    public void aRolledBackTrialRestoresTheLatentsBitForBit() throws Exception {
        Block block = normalised();
        List<Map<String, float[]>> latents = new ArrayList<>();
        TrainingListener looker =
                new TrainingListenerAdapter() {
                    @Override
                    public void onEpoch(Trainer trainer) {
                        latents.add(Toy.parameters(block));
                    }
                };
        CompressionListener listener = failing();
        try (Model model = Toy.model(block)) {
            toy.train(model, 4, looker, listener, looker);
        }
        // two rows an epoch: before and after the gate
        assertSameBits(latents.get(7), latents.get(3));
        latents.get(3)
                .forEach((path, values) -> assertNotEquals(latents.get(6).get(path), values, path));
        CompressionReport report = listener.getReport();
        assertEquals(
                report.trials().stream()
                        .map(t -> t.verdict())
                        .filter(v -> v == Verdict.ROLLED_BACK)
                        .count(),
                1,
                report.toString());
    }

    private static byte[] saved(Model model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            model.getBlock().saveParameters(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static TrainingListener saver(List<byte[]> atEpochEnds, List<byte[]> inEpochs) {
        return new TrainingListenerAdapter() {
            @Override
            public void onEpoch(Trainer trainer) {
                atEpochEnds.add(saved(trainer.getModel()));
            }

            @Override
            public void onTrainingBatch(Trainer trainer, BatchData batchData) {
                inEpochs.add(saved(trainer.getModel()));
            }
        };
    }

    @Test
    public void whatIsSavedDuringATrialIsTheLastAcceptedState() throws Exception {
        List<byte[]> before = new ArrayList<>();
        List<byte[]> after = new ArrayList<>();
        List<byte[]> inEpochs = new ArrayList<>();
        Block block = normalised();
        try (Model model = Toy.model(block)) {
            CompressionListener listener = failing();
            TrainingListener first = saver(before, inEpochs);
            toy.train(model, 4, first, listener, saver(after, inEpochs));
            byte[] accepted = after.get(1); // at the end of the second epoch
            assertEquals(before.get(2), accepted);
            assertEquals(after.get(2), accepted);
            assertEquals(before.get(3), accepted);
            assertEquals(after.get(3), accepted);
            int batches = 2 * 512 / 64;
            inEpochs.subList(2 * batches, 4 * batches)
                    .forEach(bytes -> assertEquals(bytes, accepted));
            assertNotEquals(before.get(1), accepted);
            // the first of two steps of a cubic schedule to 0.75 is 0.65625
            assertEquals(zeros(block), Math.round(0.65625 * 384), "of 384");
            assertEquals(saved(model), accepted, "and so is the user's block in the end");
        }
    }

    private static long zeros(Block block) {
        return Toy.parameters(block).entrySet().stream()
                .filter(e -> e.getKey().endsWith("Linear_weight"))
                .mapToLong(e -> Toy.zeros(e.getValue()))
                .sum();
    }

    @Test
    public void savingLeavesTheTrainingAlone() throws Exception {
        List<byte[]> files = new ArrayList<>();
        try (Model quiet = Toy.model(normalised());
                Model saving = Toy.model(normalised())) {
            Map<String, float[]> expected = toy.train(quiet, 4, halvingTo4Bits());
            assertSameBits(toy.train(saving, 4, saver(files, files), halvingTo4Bits()), expected);
        }
        assertEquals(files.size(), 4 * (1 + 512 / 64));
    }
}
