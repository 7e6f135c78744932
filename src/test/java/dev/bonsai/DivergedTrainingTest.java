package dev.bonsai;

import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.core.GradientSignal;
import dev.bonsai.core.InputSignal;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.Tensors;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.sharing.WeightSharing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A model that diverges while techniques rank, refresh and map its weights. */
public class DivergedTrainingTest extends ToyTestBase {

    private static final String WEIGHT = "01Linear_weight";

    private static Technique pruning(UnaryOperator<Pruning.Builder> options) {
        Pruning.Builder builder =
                Pruning.builder().setTargetSparsity(0.8f).optSchedule(SparsitySchedule.cubic(3));
        return options.apply(builder).build();
    }

    @DataProvider
    public Object[][] techniques() {
        return Cross.of(
                new Object[] {
                    pruning(b -> b.optRegrowth(Regrowth.random(0.3f, 3, 1))),
                    pruning(b -> b.optRegrowth(Regrowth.gradient(0.3f, 3))),
                    pruning(b -> b.optRegrowth(Regrowth.splicing(3))),
                    pruning(b -> b.optCriterion(Criterion.gradientMagnitude())),
                    pruning(b -> b.optCriterion(Criterion.taylor())),
                    pruning(b -> b.optCriterion(Criterion.movement())),
                    pruning(b -> b.optCriterion(Criterion.contribution())),
                    WeightSharing.builder().setCentroids(4).build()
                },
                new Object[] {Float.NaN, Float.NEGATIVE_INFINITY},
                new Object[] {17, 20},
                new Object[] {true, false});
    }

    /** Overwrites one element of a weight after a batch, as a step that diverges does. */
    private static TrainingListener poison(float value, int inBatch) {
        return new TrainingListenerAdapter() {
            private int batch;

            @Override
            public void onTrainingBatch(Trainer trainer, BatchData batchData) {
                if (++batch == inBatch) {
                    set(
                            trainer.getModel().getBlock().getParameters().get(WEIGHT).getArray(),
                            value);
                }
            }
        };
    }

    private static void set(NDArray array, float value) {
        float[] values = array.toFloatArray();
        values[5] = value;
        try (NDArray changed = array.getManager().create(values, array.getShape())) {
            Tensors.overwrite(array, changed);
        }
    }

    /** Without DJL's check for divergence, which would end the training. */
    private static DefaultTrainingConfig config(TrainingListener... listeners) {
        return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.1f)).build())
                .addEvaluator(new Accuracy())
                .addTrainingListeners(new EvaluatorTrainingListener())
                .addTrainingListeners(listeners);
    }

    /** The third epoch begins with batch 17. A new step is tried as soon as it is undone. */
    @Test(dataProvider = "techniques")
    public void aDivergedEpochIsUndoneAndTheTrainingGoesOn(
            Technique technique, float value, int batch, boolean poisonedFirst) throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(technique)
                        .optGate(open())
                        .optWarmup(1)
                        .build();
        TrainingListener poison = poison(value, batch);
        try (Model model = Toy.model(Toy.mlp())) {
            DefaultTrainingConfig config =
                    poisonedFirst ? config(poison, listener) : config(listener, poison);
            try (Trainer trainer = toy.trainer(model, config)) {
                toy.fit(trainer, 7);
            }
            CompressionReport report = listener.getReport();
            assertTrue(report.notes().toString().contains(WEIGHT), report.toString());
            assertTrue(report.trials().stream().anyMatch(DivergedTrainingTest::isUndone));
            Toy.parameters(model.getBlock()).forEach(DivergedTrainingTest::assertFinite);
            // it went on from the state before; an untrained guess is 0.25
            assertTrue(report.achieved() > 0.35, report.toString());
            assertTrue(
                    technique instanceof WeightSharing // is done by then
                            || report.trials().stream().anyMatch(t -> isLater(t)),
                    report.toString());
        }
    }

    /** Keeps in mind the least of what its signals tell, each time it is asked to rank. */
    private static FakeTechnique ranking(List<Signal> signals, List<Float> least) {
        return new FakeTechnique(
                "ranking",
                Levels.of(0, new double[] {1, 2, 3, 4, 5, 6}, 1, Double::toString),
                Set.copyOf(signals),
                (level, proposal) -> {
                    for (TargetWeight weight : proposal.weights()) {
                        for (Signal signal : signals) {
                            least.add(proposal.signal(weight, signal).max().getFloat());
                        }
                    }
                    return Map.of();
                });
    }

    @DataProvider
    public Object[][] batches() {
        return Cross.of(new Object[] {17, 20, 24}, new Object[] {true, false});
    }

    /** Zero would not mean "unimportant" but "not known". */
    @Test(dataProvider = "batches")
    public void weightsAreRankedByTheLastStepsThatWereFinite(int batch, boolean poisonedFirst)
            throws Exception {
        GradientSignal gradients = (latent, gradient) -> gradient.abs();
        InputSignal inputs = NDArray::abs;
        List<Float> told = new ArrayList<>();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(ranking(List.of(gradients, inputs), told))
                        .optGate(open())
                        .optWarmup(1)
                        .build();
        TrainingListener poison = poison(Float.NaN, batch);
        try (Model model = Toy.model(Toy.mlp())) {
            DefaultTrainingConfig config =
                    poisonedFirst ? config(poison, listener) : config(listener, poison);
            try (Trainer trainer = toy.trainer(model, config)) {
                toy.fit(trainer, 5);
            }
        }
        assertTrue(told.size() >= 4 * 5, told.toString()); // two weights, two signals, 5 epochs
        told.forEach(value -> assertTrue(value > 0 && Float.isFinite(value), told.toString()));
    }

    private static boolean isLater(Trial trial) {
        return trial.epoch() > 3 && trial.verdict() == Verdict.ACCEPTED;
    }

    private static boolean isUndone(Trial trial) {
        return trial.verdict() == Verdict.ROLLED_BACK && Double.isNaN(trial.metric());
    }

    private static void assertFinite(String path, float[] values) {
        for (float value : values) {
            assertTrue(Float.isFinite(value), path);
        }
    }
}
