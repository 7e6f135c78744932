package dev.bonsai;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.core.Effect;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.Learned;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.StepHook;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.testng.annotations.Test;

/** What transforms do between the passes, and what they have trained for themselves. */
public class StepHooksTest extends ToyTestBase {

    private static final int STEPS = 8; // an epoch

    /** Notes when it is called, and sets gradients to zero. */
    private static final class Hooked implements WeightTransform, StepHook {

        private final List<String> calls = new ArrayList<>();

        @Override
        public NDArray apply(NDArray weight, ForwardPass pass) {
            if (pass.mode() == ForwardPass.Mode.TRAINING) {
                calls.add("apply");
            }
            return weight;
        }

        @Override
        public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
            return weight;
        }

        @Override
        public void beforeStep(NDArray latent, NDArray gradient, ForwardPass pass) {
            calls.add("before");
            gradient.muli(0);
        }

        @Override
        public void afterStep(NDArray latent) {
            calls.add("after");
        }

        @Override
        public void leave(NDArray gradient) {
            calls.add("leave");
        }
    }

    /** Another state begins at the epoch's end, whose last step has not been taken. */
    @Test
    public void aStateThatIsLeftInMidStepIsTold() throws Exception {
        for (int perStep : new int[] {1, 3}) { // eight batches an epoch
            List<Hooked> made = new ArrayList<>();
            FakeTechnique anew =
                    new FakeTechnique(
                            "fake",
                            WeightSelector.builder().include("01Linear_weight").build(),
                            Levels.of(0, new double[] {1, 2, 3}, 1, Double::toString),
                            Set.of(),
                            (level, proposal) -> {
                                made.add(new Hooked());
                                return Map.of(proposal.weights().get(0), made.get(made.size() - 1));
                            });
            try (Model model = Toy.model(Toy.mlp());
                    Trainer trainer =
                            toy.trainer(
                                    model,
                                    CompressionListener.builder()
                                            .addTechnique(anew)
                                            .optGate(open())
                                            .optWarmup(0)
                                            .build())) {
                for (int epoch = 0; epoch < 3; ++epoch) {
                    epoch(trainer, perStep);
                }
            }
            long left =
                    made.stream()
                            .filter(hooked -> hooked.calls.contains("before"))
                            .filter(hooked -> hooked.calls.contains("leave"))
                            .count();
            assertTrue(perStep == 1 ? left == 0 : left > 0, perStep + ": " + left);
        }
    }

    private void epoch(Trainer trainer, int perStep) throws Exception {
        int batches = 0;
        for (Batch batch : trainer.iterateDataset(toy.data(1))) {
            try (batch) {
                EasyTrain.trainBatch(trainer, batch);
                if (++batches % perStep == 0) {
                    trainer.step();
                }
            }
        }
        trainer.notifyListeners(listener -> listener.onEpoch(trainer));
    }

    private static FakeTechnique onFirstWeight(WeightTransform transform) {
        return new FakeTechnique(
                "fake",
                WeightSelector.builder().include("01Linear_weight").build(),
                Levels.single("on"),
                Set.of(),
                (level, proposal) -> Map.of(proposal.weights().get(0), transform));
    }

    @Test
    public void hooksAreCalledOnceBeforeAndOnceAfterEachStep() throws Exception {
        Hooked hooked = new Hooked();
        List<Integer> atEpochEnds = new ArrayList<>();
        TrainingListener looker =
                new TrainingListenerAdapter() {
                    @Override
                    public void onEpoch(Trainer trainer) {
                        atEpochEnds.add(hooked.calls.size());
                    }
                };
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(onFirstWeight(hooked))
                            .optGate(open())
                            .optWarmup(0)
                            .build();
            toy.train(model, 2, listener, looker);
        }
        List<String> step = List.of("apply", "before", "after");
        List<String> expected = new ArrayList<>();
        Collections.nCopies(2 * STEPS, step).forEach(expected::addAll);
        assertEquals(hooked.calls, expected);
        assertEquals(atEpochEnds, List.of(3 * STEPS, 6 * STEPS), "before the epoch is judged");
    }

    @Test
    public void theOptimizerSeesTheChangedGradient() throws Exception {
        Block block = Toy.mlp();
        List<Map<String, float[]>> seen = new ArrayList<>();
        TrainingListener looker =
                new TrainingListenerAdapter() {
                    @Override
                    public void onTrainingBatch(Trainer trainer, BatchData batchData) {
                        seen.add(Toy.parameters(block));
                    }
                };
        try (Model model = Toy.model(block)) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(onFirstWeight(new Hooked()))
                            .optGate(open())
                            .optWarmup(0)
                            .build();
            Optimizer sgd = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build();
            try (Trainer trainer = toy.trainer(model, Toy.config(sgd, listener, looker))) {
                toy.fit(trainer, 1);
            }
        }
        Map<String, float[]> first = seen.get(0);
        Map<String, float[]> last = seen.get(STEPS - 1);
        assertEquals(last.get("01Linear_weight"), first.get("01Linear_weight"));
        assertNotEquals(last.get("03Linear_weight"), first.get("03Linear_weight"));
    }

    /** Multiplies by a factor that is trained as its logarithm. */
    private record Scaling(Parameter logarithm) implements WeightTransform {

        static Scaling make(NDManager manager) {
            return new Scaling(Learned.parameter("logarithm", manager.create(new float[] {0})));
        }

        @Override
        public NDArray apply(NDArray weight, ForwardPass pass) {
            return weight.mul(pass.value(logarithm).exp());
        }

        @Override
        public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
            try (NDArray value = logarithm.getArray().stopGradient()) {
                NDArray values = manager.create(weight.decode()).mul(value.exp());
                return new DenseWeight(weight.shape(), values.toFloatArray());
            }
        }

        @Override
        public List<Parameter> getParameters() {
            return List.of(logarithm);
        }
    }

    private FakeTechnique scaling(List<Scaling> made) {
        return new FakeTechnique(
                "scaling",
                WeightSelector.builder().include("01Linear_weight").build(),
                Levels.single("on"),
                Set.of(),
                (level, proposal) -> {
                    made.add(Scaling.make(proposal.manager()));
                    return Map.of(proposal.weights().get(0), made.get(made.size() - 1));
                });
    }

    @Test
    public void ownParametersAreTrainedAndRolledBack() throws Exception {
        List<Scaling> made = new ArrayList<>();
        List<Float> values = new ArrayList<>();
        TrainingListener looker =
                new TrainingListenerAdapter() {
                    @Override
                    public void onEpoch(Trainer trainer) {
                        values.add(made.get(0).logarithm.getArray().toFloatArray()[0]);
                    }
                };
        // epoch 1: the baseline, the step; 2: kept; 3: worse; 4: rolled back
        ScriptedEvaluator script = new ScriptedEvaluator(0.9f, 0.9f, 0.9f, 0.5f, 0.4f);
        Gate gate =
                Gate.builder()
                        .optEvaluation(toy.data(2), script)
                        .optDirection(Direction.HIGHER_IS_BETTER)
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener =
                    CompressionListener.builder().addTechnique(scaling(made)).optGate(gate).build();
            toy.train(model, 4, listener, looker);
        }
        assertEquals(values.get(0), 0f);
        assertNotEquals(values.get(1), 0f, "trained");
        assertNotEquals(values.get(2), values.get(1), "trained on");
        assertEquals(values.get(3), values.get(1), "rolled back bit for bit");
    }

    @Test
    public void manyProposalsWithOwnParametersLeaveNothingForTheOptimizerToStumbleOn()
            throws Exception {
        List<Scaling> made = new ArrayList<>();
        Technique restless = new Refreshing(scaling(made), new Refresh(1, 1), Effect.VALUES);
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(restless)
                            .optGate(open())
                            .optWarmup(0)
                            .build();
            try (Trainer trainer = toy.trainer(model, listener)) {
                toy.fit(trainer, 3);
                assertEquals(made.size(), 3 * STEPS, "one at first, and one after each other step");
                Scaling dropped = made.get(STEPS + 3);
                assertFalse(dropped.logarithm.requiresGradient(), "frozen");
                assertTrue(made.get(made.size() - 1).logarithm.requiresGradient());
            }
        }
    }

    @Test
    public void effectsThatMakeNoSenseTogetherAreRefusedWithTheReason() throws Exception {
        FakeTechnique fake = FakeTechnique.single("signs", FakeTransforms.keeping());
        Technique signs = new Refreshing(fake, Refresh.NONE, Effect.SIGNS);
        assertRefused(List.of(signs, pruning(0.5f, 1)), "pruning can't follow [signs]", "one size");
        assertRefused(
                List.of(quantization(8), quantization(4)),
                "quantization can't follow [quantization]",
                "second mapping",
                "WeightSelectors");
    }

    private void assertRefused(List<Technique> techniques, String... parts) throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener.Builder listener = CompressionListener.builder().optGate(open());
            techniques.forEach(listener::addTechnique);
            IllegalArgumentException e =
                    expectThrows(
                            IllegalArgumentException.class,
                            () -> toy.train(model, 1, listener.build()));
            assertMessage(e, parts);
        }
    }
}
