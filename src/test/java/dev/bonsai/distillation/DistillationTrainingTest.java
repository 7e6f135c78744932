package dev.bonsai.distillation;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.CompressionListener;
import dev.bonsai.ScriptedEvaluator;
import dev.bonsai.Toy;
import dev.bonsai.ToyTestBase;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A good model is pruned where labels are poor: what it knew helps it to recover. */
public class DistillationTrainingTest extends ToyTestBase {

    private static final int SEEDS = 3;
    private static final int SAMPLES = 512;

    /** The points of a seed, with random labels for a half of them. */
    private ArrayDataset poor(long seed) {
        Random random = new Random(seed);
        Batch all = toy.data(seed).getByRange(toy.manager(), 0, SAMPLES);
        float[] labels = all.getLabels().head().toFloatArray();
        for (int i = 0; i < labels.length; i += 2) {
            labels[i] = random.nextInt(Toy.CLASSES);
        }
        return new ArrayDataset.Builder()
                .setData(all.getData().head())
                .optLabels(toy.manager().create(labels))
                .setSampling(64, false)
                .build();
    }

    private static DefaultTrainingConfig config(Loss loss, TrainingListener... listeners) {
        return new DefaultTrainingConfig(loss)
                .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.02f)).build())
                .addTrainingListeners(TrainingListener.Defaults.basic())
                .addTrainingListeners(listeners);
    }

    private void train(Model model, ArrayDataset data, int epochs, DefaultTrainingConfig config)
            throws Exception {
        try (Trainer trainer = model.newTrainer(config)) {
            trainer.initialize(new Shape(1, Toy.FEATURES));
            EasyTrain.fit(trainer, epochs, data, null);
        }
    }

    /** Returns the accuracy of a model that was trained on good labels and pruned on poor ones. */
    private double pruned(int seed, Loss loss) throws Exception {
        Engine.getInstance().setRandomSeed(seed);
        try (Model model = Toy.model(Toy.mlp())) {
            train(model, toy.data(100 + seed), 10, config(Loss.softmaxCrossEntropyLoss()));
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(pruning(0.8f, 1))
                            .optGate(open())
                            .optWarmup(0)
                            .build();
            train(model, poor(200 + seed), 10, config(loss, listener));
            return toy.accuracy(model.getBlock());
        }
    }

    @Test
    public void aPrunedModelThatIsTaughtIsBetterThanOneThatIsNot() throws Exception {
        double taught = 0;
        double untaught = 0;
        for (int seed = 0; seed < SEEDS; ++seed) {
            taught += pruned(seed, DistillationLoss.builder().optWeight(0.9f).build()) / SEEDS;
            untaught += pruned(seed, Loss.softmaxCrossEntropyLoss()) / SEEDS;
        }
        // it is better with each of ten seeds, by 0.034 on average
        assertTrue(taught > untaught, taught + " taught, " + untaught + " untaught");
        assertTrue(taught > 0.85, "four classes are guessed at 0.25, but got " + taught);
    }

    /**
     * A rate of 0 leaves the weights as they are, so that what the pruned model is taught tells who
     * teaches: its distance from the model at the baseline is the same in every epoch.
     */
    @Test(dataProvider = "scripts")
    public void theModelAtTheBaselineTeachesWhateverBecomesOfTheSteps(float[] accuracies)
            throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            train(model, toy.data(3), 5, config(Loss.softmaxCrossEntropyLoss()));
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(pruning(0.8f, 1))
                            .optGate(
                                    Gate.builder()
                                            .optEvaluation(
                                                    toy.data(4), new ScriptedEvaluator(accuracies))
                                            .optMaxDrop(0.01f)
                                            .optShock(1)
                                            .build())
                            .optWarmup(0)
                            .build();
            List<Float> taught = new ArrayList<>();
            DefaultTrainingConfig still =
                    new DefaultTrainingConfig(DistillationLoss.builder().optWeight(1).build())
                            .optOptimizer(
                                    Optimizer.sgd()
                                            .setLearningRateTracker(Tracker.fixed(0))
                                            .build())
                            .addTrainingListeners(TrainingListener.Defaults.basic())
                            .addTrainingListeners(listener)
                            .addTrainingListeners(
                                    new TrainingListenerAdapter() {
                                        @Override
                                        public void onEpoch(Trainer trainer) {
                                            taught.add(trainer.getTrainingResult().getTrainLoss());
                                        }
                                    });
            train(model, toy.data(5), 6, still);
            assertTrue(
                    listener.getTrials().stream().anyMatch(t -> t.verdict() == Verdict.DONE),
                    listener.getTrials().toString());
            assertTrue(taught.get(0) > 0.01, taught.toString());
            for (float loss : taught) {
                assertEquals(loss, taught.get(0), 1e-5f, taught.toString());
            }
        }
    }

    @DataProvider
    public Object[][] scripts() {
        return new Object[][] {
            {new float[] {0.9f, 0.9f}},
            {new float[] {0.9f, 0.5f, 0.9f}},
            {new float[] {0.9f, 0.5f, 0.5f, 0.9f}},
        };
    }
}
