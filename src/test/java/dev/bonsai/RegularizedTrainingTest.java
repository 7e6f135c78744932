package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.regularization.Regularization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What penalties do to a training. */
public class RegularizedTrainingTest extends ToyTestBase {

    /** Takes 0.08 from a magnitude in an epoch of eight steps; half of Adam's learning rate. */
    private static final float STRENGTH = 0.01f;

    private CompressionListener listener(Gate gate, int warmup, Technique... techniques) {
        CompressionListener.Builder builder =
                CompressionListener.builder().optGate(gate).optWarmup(warmup);
        List.of(techniques).forEach(builder::addTechnique);
        return builder.build();
    }

    @DataProvider
    public Object[][] optimizers() {
        return new Object[][] {
            {STRENGTH, Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.02f)).build()},
            {0.002f, Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.2f)).build()},
        };
    }

    @Test(dataProvider = "optimizers")
    public void l1MakesExactZerosWithoutPruning(float strength, Optimizer optimizer)
            throws Exception {
        Technique l1 = Regularization.l1(strength).optSteps().build();
        try (Model model = Toy.model(Toy.mlp())) {
            try (Trainer trainer =
                    toy.trainer(model, Toy.config(optimizer, listener(open(), 0, l1)))) {
                toy.fit(trainer, 12);
            }
            long zeros = Toy.weightZeros(Toy.parameters(model.getBlock()));
            // of 384; without a penalty there is none
            assertTrue(zeros > 80, "zeros: " + zeros);
            assertTrue(toy.accuracy(model.getBlock()) > 0.8, "an untrained guess is 0.25");
        }
    }

    @DataProvider
    public Object[][] none() {
        return new Object[][] {
            {Regularization.l1(0)}, {Regularization.l2(0)}, {Regularization.bits(0)}
        };
    }

    @Test(dataProvider = "none")
    public void strengthZeroTrainsIdenticallyToPlain(Regularization.Builder none) throws Exception {
        try (Model plain = Toy.model(Toy.mlp());
                Model listened = Toy.model(Toy.mlp())) {
            assertSameBits(
                    toy.train(listened, 3, listener(open(), 0, none.build())), toy.train(plain, 3));
        }
    }

    @Test
    public void l2MakesWeightsSmallerAndNoneZero() throws Exception {
        try (Model plain = Toy.model(Toy.mlp());
                Model listened = Toy.model(Toy.mlp())) {
            Technique l2 = Regularization.l2(0.05f).optSteps().build();
            double small = squares(toy.train(listened, 6, listener(open(), 0, l2)));
            assertTrue(small < 0.7 * squares(toy.train(plain, 6)), "squares: " + small);
            assertEquals(Toy.weightZeros(Toy.parameters(listened.getBlock())), 0);
        }
    }

    private static double squares(Map<String, float[]> parameters) {
        double sum = 0;
        for (float value : parameters.get("01Linear_weight")) {
            sum += (double) value * value;
        }
        return sum;
    }

    /** Trains on a grid of 4 bits, and returns the length of the file. */
    private long bytes(float strength) throws Exception {
        Technique bits = Regularization.bits(strength).optSteps().build();
        CompressionListener listener = listener(open(), 1, quantization(4), bits);
        Path file = Files.createTempFile("bits", ".bonsai");
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 10, listener);
            assertTrue(toy.accuracy(model.getBlock()) > 0.9, "an untrained guess is 0.25");
            listener.getCompressedModel().save(file);
            return Files.size(file);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    public void aPenaltyOnBitsMakesTheFileShorter() throws Exception {
        long without = bytes(0);
        long with = bytes(1e-3f);
        assertTrue(with < 0.95 * without, with + " bytes of " + without);
    }

    /** Prunes to 80 % in one step after 8 epochs, with a penalty from the start or without. */
    private double metricAfterPruning(Technique... penalty) throws Exception {
        Technique pruning = pruning(0.8f, 1);
        CompressionListener listener =
                penalty.length == 0
                        ? listener(open(), 8, pruning)
                        : listener(open(), 0, penalty[0], pruning);
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 9, listener);
        }
        Trial trial =
                listener.getReport().trials().stream()
                        .filter(t -> t.technique().equals("pruning"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(trial.epoch(), 8, listener.getReport().toString());
        return trial.metric();
    }

    @Test
    public void pruningAfterL1KeepsMoreThanPruningAlone() throws Exception {
        float[] steps = new float[7];
        for (int i = 0; i < steps.length; ++i) {
            steps[i] = STRENGTH * (i + 1) / 8;
        }
        double after = metricAfterPruning(Regularization.l1(STRENGTH).optSteps(steps).build());
        double alone = metricAfterPruning();
        // right after the step, before any recovery
        assertTrue(after > alone + 0.02, after + " after L1, " + alone + " alone");
        assertTrue(after > 0.7, "an untrained guess is 0.25: " + after);
    }

    @Test
    public void eachStrengthIsTrainedOnBeforeItIsJudged() throws Exception {
        CompressionListener listener =
                listener(open(), 0, Regularization.l1(STRENGTH).build(), pruning(0.5f, 1));
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 6, listener);
        }
        List<Integer> accepted =
                listener.getReport().trials().stream()
                        .filter(t -> t.technique().equals("L1"))
                        .filter(t -> t.verdict() == Verdict.ACCEPTED)
                        .map(Trial::epoch)
                        .toList();
        assertEquals(accepted, List.of(1, 2, 3, 4), listener.getReport().toString());
    }

    @Test
    public void aStrengthThatCostsTooMuchIsUndoneAndHalved() throws Exception {
        Gate strict = toy.gate().optMaxDrop(0.1f).optRecoveryEpochs(0).build();
        CompressionListener listener =
                listener(strict, 4, Regularization.l1(10).optSteps().build()); // wipes all out
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> weights = toy.train(model, 6, listener);
            assertTrue(Toy.weightZeros(weights) < 384, "all is wiped out");
        }
        List<Trial> trials = listener.getReport().trials();
        Trial undone =
                trials.stream()
                        .filter(t -> t.verdict() == Verdict.ROLLED_BACK)
                        .findFirst()
                        .orElseThrow();
        assertEquals(undone.asked(), "strength 1.00e+01");
        assertTrue(
                trials.stream().anyMatch(t -> t.asked().equals("strength 5.00e+00")),
                listener.getReport().toString());
        assertNotEquals(listener.getReport().achieved(), Double.NaN);
        assertTrue(listener.getReport().achieved() > 0.8, listener.getReport().toString());
    }
}
