package dev.bonsai.distillation;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.CompressionListener;
import dev.bonsai.OpaqueDouble;
import dev.bonsai.RecordingBlock;
import dev.bonsai.ScriptedEvaluator;
import dev.bonsai.Toy;
import dev.bonsai.ToyTestBase;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** Distillation in a training: who teaches, from when on, and what stays as it was. */
public class TeacherTest extends ToyTestBase {

    private static final int BATCHES = 512 / 64;

    private static DefaultTrainingConfig config(Loss loss, TrainingListener... listeners) {
        return new DefaultTrainingConfig(loss)
                .addEvaluator(new Accuracy())
                .addEvaluator(Loss.softmaxCrossEntropyLoss("plain"))
                .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.02f)).build())
                .addTrainingListeners(TrainingListener.Defaults.basic())
                .addTrainingListeners(listeners);
    }

    private static DistillationLoss loss() {
        return DistillationLoss.builder().build();
    }

    private NDList points() {
        return toy.data(5).getByRange(toy.manager(), 0, 16).getData();
    }

    private NDList labels() {
        return toy.data(5).getByRange(toy.manager(), 0, 16).getLabels();
    }

    private static void step(Trainer trainer, NDList points, NDList labels) {
        try (GradientCollector collector = trainer.newGradientCollector()) {
            NDList predictions = trainer.forward(points, labels);
            collector.backward(trainer.getLoss().evaluate(labels, predictions));
        }
        trainer.step();
    }

    @Test
    public void theTeacherAnswersAsTheDenseModelDidBitForBit() throws Exception {
        RecordingBlock block = new RecordingBlock(32, Toy.CLASSES);
        try (Model model = Toy.model(block);
                Trainer trainer = toy.trainer(model, config(loss(), halvingTo4Bits()))) {
            NDList points = points();
            float[] dense = trainer.evaluate(points).head().toFloatArray();
            for (int i = 0; i < 5; ++i) {
                step(trainer, points, labels());
                assertEquals(block.lastAnswer(), dense, "step " + i);
            }
            toy.fit(trainer, 3);
            step(trainer, points, labels());
            assertEquals(block.lastAnswer(), dense);
            assertNotEquals(trainer.evaluate(points).head().toFloatArray(), dense);
        }
    }

    @Test
    public void theTeacherStaysThroughAcceptedAndRolledBackSteps() throws Exception {
        // epoch 1: the baseline, the first step; 2: the epoch, the second step; 3: recovering;
        // 4: rolled back
        ScriptedEvaluator script = new ScriptedEvaluator(0.9f, 0.9f, 0.9f, 0.8f, 0.7f, 0.6f);
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.75f, 2))
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(toy.data(2), script)
                                        .optDirection(Direction.HIGHER_IS_BETTER)
                                        .build())
                        .build();
        NDList points = points();
        List<float[]> atEpochEnds = new ArrayList<>();
        TrainingListener beforeTheGate =
                new TrainingListenerAdapter() {
                    @Override
                    public void onEpoch(Trainer trainer) {
                        atEpochEnds.add(trainer.evaluate(points).head().toFloatArray());
                    }
                };
        RecordingBlock block = new RecordingBlock(32, Toy.CLASSES);
        try (Model model = Toy.model(block)) {
            try (Trainer trainer = toy.trainer(model, config(loss(), beforeTheGate, listener))) {
                for (int epoch = 1; epoch <= 4; ++epoch) {
                    toy.fit(trainer, 1);
                    step(trainer, points, labels());
                    assertEquals(block.lastAnswer(), atEpochEnds.get(0), "epoch " + epoch);
                }
            }
        }
        List<Verdict> verdicts =
                listener.getReport().trials().stream().map(t -> t.verdict()).toList();
        assertTrue(verdicts.contains(Verdict.ACCEPTED), verdicts.toString());
        assertTrue(verdicts.contains(Verdict.ROLLED_BACK), verdicts.toString());
    }

    @Test
    public void duringTheWarmUpTheLossIsThePlainOneAndInValidationAlways() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.75f, 1))
                        .optGate(open())
                        .build();
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, config(loss(), listener))) {
            toy.fit(trainer, 1);
            Map<String, Float> first = trainer.getTrainingResult().getEvaluations();
            assertEquals(first.get("train_DistillationLoss"), first.get("train_plain"));
            float plain = first.get("train_plain");
            toy.fit(trainer, 1);
            Map<String, Float> second = trainer.getTrainingResult().getEvaluations();
            assertNotEquals(second.get("train_DistillationLoss"), second.get("train_plain"));
            assertTrue(second.get("train_loss") > 0 && second.get("train_loss") < plain);
            assertEquals(second.get("validate_DistillationLoss"), second.get("validate_plain"));
        }
    }

    @Test
    public void withTheWeightZeroItTrainsAsThePlainLossDoes() throws Exception {
        DistillationLoss unused = DistillationLoss.builder().optWeight(0).build();
        assertSameBits(trained(unused), trained(Loss.softmaxCrossEntropyLoss()));
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, config(unused))) {
            toy.fit(trainer, 1); // not even a listener is needed
        }
    }

    @Test
    public void theSameSeedGivesTheSameWeights() throws Exception {
        Map<String, float[]> taught = trained(loss());
        assertSameBits(trained(loss()), taught);
        Map<String, float[]> untaught = trained(Loss.softmaxCrossEntropyLoss());
        taught.forEach((path, w) -> assertFalse(Arrays.equals(w, untaught.get(path)), path));
    }

    private Map<String, float[]> trained(Loss loss) throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            try (Trainer trainer = toy.trainer(model, config(loss, halvingTo4Bits()))) {
                toy.fit(trainer, 3);
            }
            return Toy.parameters(model.getBlock());
        }
    }

    private RecordingBlock teacher(int classes) {
        RecordingBlock teacher = new RecordingBlock(48, classes);
        teacher.initialize(toy.manager(), DataType.FLOAT32, new Shape(1, Toy.FEATURES));
        return teacher;
    }

    @Test
    public void anOwnTeacherAnswersFromTheFirstStepOnAndIsNotChanged() throws Exception {
        RecordingBlock teacher = teacher(Toy.CLASSES);
        Map<String, float[]> before = Toy.parameters(teacher);
        float[] answers = toy.outputs(teacher);
        teacher.answers().clear();
        DistillationLoss loss = DistillationLoss.builder().optTeacher(teacher).build();
        try (Model model = Toy.model(Toy.mlp())) {
            try (Trainer trainer = toy.trainer(model, config(loss, halvingTo4Bits()))) {
                step(trainer, points(), labels());
                assertEquals(teacher.lastAnswer(), answers);
                toy.fit(trainer, 2);
                assertEquals(teacher.answers().size(), 1 + 2 * BATCHES);
            }
        }
        assertSameBits(Toy.parameters(teacher), before);
        for (var parameter : teacher.getParameters().values()) {
            if (parameter.requiresGradient()) {
                NDArray gradient = parameter.getArray().getGradient();
                assertEquals(gradient.abs().sum().getFloat(), 0f, parameter.getName());
            }
        }
    }

    private RuntimeException refusal(
            Block block, DistillationLoss loss, TrainingListener... listeners) {
        try (Model model = Toy.model(block);
                Trainer trainer = toy.trainer(model, config(loss, listeners))) {
            return expectThrows(RuntimeException.class, () -> step(trainer, points(), labels()));
        }
    }

    @Test
    public void aStepWithoutAListenerIsRefused() throws Exception {
        assertMessage(refusal(Toy.mlp(), loss()), "no teacher", "add a CompressionListener");
        DistillationLoss used = loss();
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, config(used, halving()))) {
            toy.fit(trainer, 1);
        }
        assertMessage(refusal(Toy.mlp(), used), "no teacher", "add a CompressionListener");
    }

    @Test
    public void aTeacherWithOtherOutputsIsRefused() {
        DistillationLoss loss = DistillationLoss.builder().optTeacher(teacher(7)).build();
        assertMessage(refusal(Toy.mlp(), loss, halving()), "(16, 7)", "(16, 4)", "the same shape");
    }

    @Test
    public void aTeacherThatIsTrainedAlongIsRefused() {
        Block block = Toy.mlp();
        block.initialize(toy.manager(), DataType.FLOAT32, new Shape(1, Toy.FEATURES));
        DistillationLoss loss = DistillationLoss.builder().optTeacher(block).build();
        assertMessage(refusal(block, loss, halving()), "shares", "01Linear_weight");
    }

    @Test
    public void anImportedBlockNeedsATeacherOfItsOwn() throws Exception {
        assertMessage(refusal(imported(), loss(), halving()), "imported block", "optTeacher");
        DistillationLoss own = DistillationLoss.builder().optTeacher(teacher(4)).build();
        try (Model model = Toy.model(imported());
                Trainer trainer = toy.trainer(model, config(own, halving()))) {
            toy.fit(trainer, 1);
        }
    }

    private static Block imported() {
        return new SequentialBlock().add(new OpaqueDouble());
    }

    @Test
    public void noArrayStaysBehind() throws Exception {
        try (Model model = Toy.model(new RecordingBlock(32, Toy.CLASSES));
                Trainer trainer = toy.trainer(model, config(loss(), halvingTo4Bits()))) {
            toy.fit(trainer, 2); // both techniques have reached their targets
            int before = arrays(model.getNDManager());
            toy.fit(trainer, 20); // 160 batches of training, 160 of validation
            assertEquals(arrays(model.getNDManager()), before);
        }
    }

    private static int arrays(NDManager manager) {
        return ((BaseNDManager) manager).getManagedArrays().size();
    }

    @Test
    public void batchesThatNobodyClosesKeepNothingOfTheTeacher() throws Exception {
        // one for the weighted sum that the plain loss has no need of
        assertEquals(growth(loss()), growth(Loss.softmaxCrossEntropyLoss()) + 1);
    }

    /** Returns what a step leaves in the manager of its batch. */
    private int growth(Loss loss) throws Exception {
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, config(loss, halvingTo4Bits()));
                NDManager longLived = model.getNDManager().getParentManager().newSubManager()) {
            toy.fit(trainer, 2);
            NDList points = points();
            NDList labels = labels();
            points.attach(longLived);
            labels.attach(longLived);
            step(trainer, points, labels);
            int before = arrays(longLived);
            int models = arrays(model.getNDManager());
            step(trainer, points, labels);
            assertEquals(arrays(model.getNDManager()), models);
            return arrays(longLived) - before;
        }
    }
}
