package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Refresh;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Verdict;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.report.CompressionReport;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** States that are worked out while an epoch is trained. An epoch has eight steps. */
public class RampTest extends ToyTestBase {

    private final List<String> proposed = new ArrayList<>();

    /** Notes what it is asked for, and changes nothing that can be seen. */
    private Refreshing noting(Refresh refresh) {
        proposed.clear();
        FakeTechnique base =
                new FakeTechnique(
                        "noting",
                        Levels.of(0, new double[] {1}, 0.125, String::valueOf),
                        Set.of(),
                        (level, proposal) -> {
                            proposed.add(
                                    level
                                            + (proposal.isRefresh() ? " again" : "")
                                            + " at "
                                            + proposal.step());
                            return Map.of();
                        });
        return new Refreshing(base, refresh, Effect.ZEROS);
    }

    /** By the trainer's metric, so that nothing can be tried out and every level is trained on. */
    private static CompressionListener listener(Refreshing technique) {
        return CompressionListener.builder()
                .addTechnique(technique)
                .optGate(Gate.builder().optMaxDrop(1).build())
                .build();
    }

    @DataProvider
    Object[][] ramps() {
        return new Object[][] {
            {new Refresh(0, 1), 3, List.of("1.0 at 8")},
            {new Refresh(5, 1), 2, List.of("1.0 at 8", "1.0 again at 10", "1.0 again at 15")},
            {
                new Refresh(2, 4),
                2,
                List.of("0.25 at 8", "0.5 again at 10", "0.75 again at 12", "1.0 again at 14")
            },
            // a refresh that is due between two epochs takes place in the second
            {new Refresh(8, 1), 4, List.of("1.0 at 8", "1.0 again at 16", "1.0 again at 24")},
        };
    }

    @Test(dataProvider = "ramps")
    public void aLevelIsApproachedInParts(Refresh refresh, int epochs, List<String> expected)
            throws Exception {
        CompressionListener listener = listener(noting(refresh));
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, epochs, listener);
        }
        assertEquals(proposed, expected, listener.getReport().toString());
    }

    @Test
    public void whatIsLeftOfARampIsGoneBeforeTheGateJudges() throws Exception {
        // the baseline; the step, which costs much; the epoch that was trained on it
        ScriptedEvaluator script = new ScriptedEvaluator(0.9f, 0.8f, 0.9f);
        ZeroCounter counter = new ZeroCounter(Toy.mlp());
        Gate gate =
                Gate.builder()
                        .optEvaluation(toy.data(2), script)
                        .optDirection(Direction.HIGHER_IS_BETTER)
                        .build();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(ramped().optRamp(3, 4).build())
                        .optGate(gate)
                        .build();
        try (Model model = Toy.model(counter)) {
            toy.train(model, 2, listener);
        }
        // steps 9 to 16 of training, with a part more at steps 9, 12 and 15; half of 384 is 192
        assertEquals(
                counter.inTraining().subList(8, 16),
                List.of(48L, 96L, 96L, 96L, 144L, 144L, 144L, 192L));
        assertEquals(listener.getReport().sparsity(), 0.5, listener.getReport().toString());

        script = new ScriptedEvaluator(0.9f, 0.8f, 0.9f);
        gate =
                Gate.builder()
                        .optEvaluation(toy.data(2), script)
                        .optDirection(Direction.HIGHER_IS_BETTER)
                        .build();
        listener =
                CompressionListener.builder()
                        .addTechnique(ramped().optRamp(7, 4).build())
                        .optGate(gate)
                        .build();
        counter = new ZeroCounter(Toy.mlp());
        try (Model model = Toy.model(counter)) {
            toy.train(model, 2, listener);
        }
        assertEquals(counter.inTraining().get(15), 96L, "on the way when the epoch ended");
        assertEquals(listener.getReport().sparsity(), 0.5, listener.getReport().toString());
    }

    private static Pruning.Builder ramped() {
        return Pruning.builder().setTargetSparsity(0.5f).optSchedule(SparsitySchedule.constant());
    }

    @Test
    public void aLevelOnTheWayIsNeverJudgedByTheTrainersValidation() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener = listener(noting(new Refresh(6, 4)));
            IllegalStateException e =
                    expectThrows(IllegalStateException.class, () -> toy.train(model, 2, listener));
            for (String part : List.of("noting", "4 parts of 6 steps", "optEvaluation")) {
                assertTrue(e.getMessage().contains(part), e.getMessage());
            }
        }
    }

    @DataProvider
    Object[][] refreshing() {
        Pruning.Builder two =
                Pruning.builder()
                        .setTargetSparsity(0.75f)
                        .optSchedule(SparsitySchedule.cubic(2))
                        .optRamp(3, 2);
        return new Object[][] {
            {two.build()},
            {two.optRegrowth(Regrowth.gradient(0.3f, 3)).build()},
            {two.optRegrowth(Regrowth.random(0.3f, 3, 1)).build()},
            {two.optRegrowth(Regrowth.splicing(3)).build()},
        };
    }

    @Test(dataProvider = "refreshing")
    public void rollingBackRestoresMasksAndLatentsBitForBit(Pruning pruning) throws Exception {
        // epoch 1: the baseline, the first step; 2: the epoch, the second step; 3: recovering;
        // 4: rolled back
        ScriptedEvaluator script = new ScriptedEvaluator(0.9f, 0.9f, 0.9f, 0.8f, 0.7f, 0.6f);
        Gate gate =
                Gate.builder()
                        .optEvaluation(toy.data(2), script)
                        .optDirection(Direction.HIGHER_IS_BETTER)
                        .build();
        CompressionListener listener =
                CompressionListener.builder().addTechnique(pruning).optGate(gate).build();
        List<byte[]> saved = new ArrayList<>();
        List<Map<String, float[]>> latents = new ArrayList<>();
        Block block = Toy.mlp();
        TrainingListener looker =
                new TrainingListenerAdapter() {
                    @Override
                    public void onEpoch(Trainer trainer) {
                        saved.add(saved(trainer.getModel()));
                        latents.add(Toy.parameters(block));
                    }
                };
        try (Model model = Toy.model(block)) {
            toy.train(model, 4, listener, looker);
            CompressionReport report = listener.getReport();
            assertEquals(
                    report.trials().stream()
                            .filter(t -> t.verdict() == Verdict.ROLLED_BACK)
                            .count(),
                    1,
                    report.toString());
            assertSameBits(latents.get(3), latents.get(1));
            assertEquals(saved(model), saved.get(1));
            assertNotEquals(saved.get(0), saved.get(1));
        }
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

    @Test
    public void aLoopThatTellsOfNoStepIsAnErrorWhereStepsAreNeeded() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            IllegalStateException e =
                    expectThrows(
                            IllegalStateException.class,
                            () -> trainSilently(model, listener(noting(new Refresh(3, 1)))));
            for (String part : List.of("noting", "onTrainingBatch", "before trainer.step()")) {
                assertTrue(e.getMessage().contains(part), e.getMessage());
            }
        }
        try (Model model = Toy.model(Toy.mlp())) {
            trainSilently(model, halving()); // needs to be told of none
        }
    }

    private void trainSilently(Model model, CompressionListener listener) throws Exception {
        try (Trainer trainer = toy.trainer(model, listener)) {
            for (Batch batch : trainer.iterateDataset(toy.data(1))) {
                try (batch;
                        GradientCollector collector = trainer.newGradientCollector()) {
                    collector.backward(
                            trainer.getLoss()
                                    .evaluate(batch.getLabels(), trainer.forward(batch.getData())));
                }
                trainer.step();
            }
            listener.onEpoch(trainer);
        }
    }
}
