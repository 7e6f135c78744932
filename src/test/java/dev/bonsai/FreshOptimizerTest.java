package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.SparsitySchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.testng.annotations.Test;

/** A new optimizer for weights that were taken back. */
public class FreshOptimizerTest extends ToyTestBase {

    private static final float RATE = 0.05f;
    private static final int STEPS = 8; // an epoch
    private static final int EPOCHS = 6;

    /** How a bias is before each step, and its gradient then. */
    private final List<float[]> biases = new ArrayList<>();

    private final List<float[]> gradients = new ArrayList<>();
    private final List<Integer> asked = new ArrayList<>();

    private final class Looker extends TrainingListenerAdapter {

        @Override
        public void onTrainingBatch(Trainer trainer, BatchData batchData) {
            NDArray bias =
                    trainer.getModel().getBlock().getParameters().get("03Linear_bias").getArray();
            try (NDArray gradient = bias.getGradient()) {
                biases.add(bias.toFloatArray());
                gradients.add(gradient.toFloatArray());
            }
        }
    }

    private static Optimizer sgd() {
        return Optimizer.sgd()
                .setLearningRateTracker(Tracker.fixed(RATE))
                .optMomentum(0.9f)
                .build();
    }

    private Optimizer noted(int steps) {
        asked.add(steps);
        return sgd();
    }

    /** What follows the epochs. */
    private interface Epilogue {
        void follow(Trainer trainer) throws Exception;
    }

    private void train(CompressionListener listener) throws Exception {
        train(listener, trainer -> {});
    }

    private void train(CompressionListener listener, Epilogue epilogue) throws Exception {
        biases.clear();
        gradients.clear();
        asked.clear();
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, Toy.config(sgd(), listener, new Looker()))) {
            toy.fit(trainer, EPOCHS);
            epilogue.follow(trainer);
        }
    }

    /** The first step of pruning is within the shock bound, and never recovers. */
    private CompressionListener.Builder rolledBack() {
        ScriptedEvaluator script = new ScriptedEvaluator(0.9f, 0.85f, 0.5f);
        Gate gate =
                Gate.builder()
                        .optEvaluation(toy.data(2), script)
                        .optDirection(Direction.HIGHER_IS_BETTER)
                        .optRecoveryEpochs(1)
                        .build();
        return CompressionListener.builder().addTechnique(pruning(0.5f, 1)).optGate(gate);
    }

    /** How far a step was from the one that plain gradient descent takes. */
    private double momentumAt(int step) {
        double largest = 0;
        for (int i = 0; i < Toy.CLASSES; ++i) {
            double moved = biases.get(step + 1)[i] - biases.get(step)[i];
            largest = Math.max(largest, Math.abs(moved + RATE * gradients.get(step)[i]));
        }
        return largest;
    }

    @Test
    public void afterARollBackTheFirstStepHasNoMomentum() throws Exception {
        train(rolledBack().optFreshOptimizer(this::noted).build());
        assertTrue(
                !asked.isEmpty() && asked.get(0) % STEPS == 0, "at the end of an epoch: " + asked);
        int step = asked.get(0);
        assertEquals(momentumAt(step), 0, 1e-6, "roundings of floats of the size 1");
        assertTrue(momentumAt(step + 1) > 1e-4, "and then it has: " + momentumAt(step + 1));
        train(rolledBack().build());
        assertTrue(momentumAt(step) > 1e-4, "the old one goes on: " + momentumAt(step));
    }

    @Test
    public void aRewindIsAWayBackToo() throws Exception {
        Pruning ticket =
                Pruning.builder()
                        .setTargetSparsity(0.5f)
                        .optSchedule(SparsitySchedule.constant())
                        .optRewind(0)
                        .build();
        train(
                CompressionListener.builder()
                        .addTechnique(ticket)
                        .optGate(open())
                        .optFreshOptimizer(this::noted)
                        .build());
        assertEquals(asked, List.of(STEPS));
        assertEquals(momentumAt(STEPS), 0, 1e-6, "roundings of floats of the size 1");
    }

    @Test
    public void wayBackUponWayBackWithoutAStepBetweenThemMakesOneOptimizer() throws Exception {
        train(
                rolledBack().addTechnique(quantization(8)).optFreshOptimizer(this::noted).build(),
                trainer -> {
                    // epochs without a batch: all of them are judged bad, and rolled back
                    for (int i = 0; i < 4; ++i) {
                        trainer.notifyListeners(l -> l.onEpoch(trainer));
                    }
                    NDArray points = toy.data(5).getByRange(toy.manager(), 0, 2).getData().head();
                    trainer.forward(new NDList(points), new NDList()); // a pass and no step
                    for (int i = 0; i < 4; ++i) {
                        trainer.notifyListeners(l -> l.onEpoch(trainer));
                    }
                    toy.fit(trainer, 1);
                });
        assertEquals(asked.stream().distinct().count(), asked.size(), "" + asked);
        assertTrue(asked.size() >= 1, "" + asked);
    }

    @Test
    public void whereNothingGoesBackTheOptimizerStays() throws Exception {
        train(
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 2))
                        .optGate(open())
                        .optFreshOptimizer(this::noted)
                        .build());
        assertEquals(asked, List.of());
        assertNotEquals(biases.get(STEPS), biases.get(0));
    }

    @Test
    public void noOptimizerIsAClearError() {
        IntFunction<Optimizer> none = steps -> null;
        NullPointerException e =
                expectThrows(
                        NullPointerException.class,
                        () -> train(rolledBack().optFreshOptimizer(none).build()));
        assertTrue(e.getMessage().contains("optFreshOptimizer"), e.getMessage());
    }
}
