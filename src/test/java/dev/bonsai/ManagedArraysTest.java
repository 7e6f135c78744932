package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener;
import dev.bonsai.core.Levels;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Verdict;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.report.CompressionReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.testng.annotations.Test;

/** Every array has an owner, and none is forgotten. */
public class ManagedArraysTest extends ToyTestBase {

    private static int arrays(NDManager manager) {
        return ((BaseNDManager) manager).getManagedArrays().size();
    }

    @Test
    public void trainingAndValidationLeaveNoArrayBehind() throws Exception {
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, halvingTo4Bits())) {
            toy.fit(trainer, 2); // both techniques have reached their targets
            int before = arrays(model.getNDManager());
            toy.fit(trainer, 20); // 160 batches of training, 160 of validation
            assertEquals(arrays(model.getNDManager()), before);
        }
    }

    @Test
    public void whatIsGatheredForEveryCriterionLeavesNoArrayBehind() throws Exception {
        CompressionListener.Builder builder = CompressionListener.builder().optGate(open());
        for (Criterion criterion :
                List.of(
                        Criterion.taylor(),
                        Criterion.movement(),
                        Criterion.contribution(),
                        Criterion.magnitude().deadEndsFirst())) {
            builder.addTechnique(
                    Pruning.builder()
                            .setTargetSparsity(0.5f)
                            .optSchedule(SparsitySchedule.constant())
                            .optCriterion(criterion)
                            .build());
        }
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, builder.build())) {
            toy.fit(trainer, 5); // all have reached their targets
            int before = arrays(model.getNDManager());
            toy.fit(trainer, 10);
            assertEquals(arrays(model.getNDManager()), before);
        }
    }

    @Test
    public void batchesOfALongLivedManagerLeaveNothingInTheModelsManager() throws Exception {
        int plain = growthOfALongLivedManager();
        assertEquals(growthOfALongLivedManager(halvingTo4Bits()), plain);
    }

    /** Trains on batches that nobody closes; returns what one batch adds to their manager. */
    private int growthOfALongLivedManager(TrainingListener... listeners) throws Exception {
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, listeners);
                NDManager longLived = model.getNDManager().getParentManager().newSubManager()) {
            toy.fit(trainer, 2);
            List<NDList> batches = new ArrayList<>();
            for (Batch batch : toy.data(1).getData(longLived)) {
                batch.getData().attach(longLived);
                batch.getLabels().attach(longLived);
                batches.add(batch.getData());
                batches.add(batch.getLabels());
            }
            int before = arrays(model.getNDManager());
            int held = arrays(longLived);
            for (int i = 0; i < batches.size(); i += 2) {
                step(trainer, batches.get(i), batches.get(i + 1));
            }
            assertEquals(arrays(model.getNDManager()), before);
            return arrays(longLived) - held;
        }
    }

    private static void step(Trainer trainer, NDList data, NDList labels) {
        try (GradientCollector collector = trainer.newGradientCollector()) {
            NDList predictions = trainer.forward(data, labels);
            collector.backward(trainer.getLoss().evaluate(labels, predictions));
        }
        trainer.step();
        trainer.evaluate(data);
    }

    @Test
    public void whatIsRefusedOrReplacedIsFreed() throws Exception {
        // each epoch: refused at once, bisected down to a step that is within the shock bound,
        // trained on, out of tolerance, rolled back; and so on until nothing is worth a trial
        ScriptedEvaluator script = new ScriptedEvaluator(0.9f, 0.1f, 0.1f, 0.8f);
        List<Integer> counts = new ArrayList<>();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(holdingOneArray())
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(toy.data(2), script)
                                        .optDirection(Direction.HIGHER_IS_BETTER)
                                        .optRecoveryEpochs(2)
                                        .build())
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            try (Trainer trainer = toy.trainer(model, listener)) {
                toy.fit(trainer, 1); // the baseline, and the first trial
                for (int i = 0; i < 8; ++i) {
                    toy.fit(trainer, 1);
                    counts.add(arrays(model.getNDManager()));
                }
            }
            CompressionReport report = listener.getReport();
            assertTrue(
                    report.trials().stream().anyMatch(t -> t.verdict() == Verdict.ROLLED_BACK),
                    report.toString());
        }
        // one state at most is under way beside the accepted one, with one array a weight
        int least = counts.stream().mapToInt(i -> i).min().orElseThrow();
        assertTrue(counts.stream().allMatch(n -> n - least <= 2), counts.toString());
    }

    private static FakeTechnique holdingOneArray() {
        Levels levels = Levels.of(0, new double[] {1}, 1.0 / 64, String::valueOf);
        return new FakeTechnique(
                "holder",
                levels,
                Set.of(),
                (level, proposal) -> {
                    Map<TargetWeight, WeightTransform> transforms = new HashMap<>();
                    for (TargetWeight weight : proposal.weights()) {
                        NDArray held = proposal.manager().create(level.floatValue());
                        transforms.put(weight, FakeTransforms.holding(held));
                    }
                    return transforms;
                });
    }
}
