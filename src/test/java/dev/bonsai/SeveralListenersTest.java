package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Verdict;
import dev.bonsai.report.CompressionReport;
import java.util.List;
import org.testng.annotations.Test;

/** Listeners that share a trainer, and trainers that share a model or a listener. */
public class SeveralListenersTest extends ToyTestBase {

    private CompressionListener judgedBy(Technique technique, ScriptedEvaluator script) {
        return CompressionListener.builder()
                .addTechnique(technique)
                .optGate(
                        Gate.builder()
                                .optEvaluation(toy.data(2), script)
                                .optDirection(Direction.HIGHER_IS_BETTER)
                                .optRecoveryEpochs(0)
                                .build())
                .optWarmup(0)
                .build();
    }

    @Test
    public void aStateIsAcceptedOnlyIfAllGatesAcceptIt() throws Exception {
        for (boolean strictFirst : new boolean[] {true, false}) {
            CompressionListener lenient =
                    judgedBy(pruning(0.5f, 1), new ScriptedEvaluator(0.9f, 0.9f));
            CompressionListener strict =
                    judgedBy(quantization(4), new ScriptedEvaluator(0.9f, 0.5f));
            try (Model model = Toy.model(Toy.mlp())) {
                toy.train(model, 1, strictFirst ? strict : lenient, strictFirst ? lenient : strict);
            }
            CompressionReport report = lenient.getReport();
            assertSame(strict.getReport(), report);
            assertTrue(
                    report.trials().stream().noneMatch(t -> t.verdict() == Verdict.ACCEPTED),
                    report.toString());
            assertEquals(report.sparsity(), 0, 0);
            report.weights().forEach(w -> assertEquals(w.bits(), 32));
            // the plain block is measured too, and the script goes on with 0.5
            List<String> stopped =
                    report.notes().stream().filter(note -> note.contains("stopped at")).toList();
            assertEquals(stopped.size(), 2, report.toString());
        }
    }

    @Test
    public void techniquesAreAppliedInTheOrderOfTheListeners() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener first = judgedBy(quantization(4), new ScriptedEvaluator(0.9f));
            CompressionListener second = judgedBy(pruning(0.5f, 1), new ScriptedEvaluator(0.9f));
            toy.train(model, 1, first, second);
            assertEquals(
                    first.getReport().trials().stream()
                            .map(t -> t.technique())
                            .distinct()
                            .toList()
                            .subList(1, 3)
                            .toString(),
                    "[" + quantization(4).getName() + ", pruning]");
        }
    }

    @Test
    public void theTrainersMetricIsThisEpochsWhateverStandsBeforeIt() throws Exception {
        CompressionListener own =
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 1))
                        .optGate(open())
                        .optWarmup(0)
                        .build();
        CompressionListener trainers =
                CompressionListener.builder()
                        .addTechnique(quantization(8))
                        .optGate(Gate.builder().optMaxDrop(1).build())
                        .build();
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                        .addEvaluator(new Accuracy())
                        .addTrainingListeners(own)
                        .addTrainingListeners(TrainingListener.Defaults.basic())
                        .addTrainingListeners(trainers);
        try (Model model = Toy.model(Toy.mlp())) {
            try (Trainer trainer = toy.trainer(model, config)) {
                toy.fit(trainer, 6);
            }
            CompressionReport report = trainers.getReport();
            report.weights().forEach(w -> assertEquals(w.bits(), 8, report.toString()));
            assertEquals(
                    report.sparsity(), 0.5, 0.05, report.toString()); // 8 bits round a few to 0
        }
    }

    private static TrainingListener broken() {
        return new TrainingListenerAdapter() {
            @Override
            public void onTrainingBegin(Trainer trainer) {
                throw new UnsupportedOperationException("no");
            }
        };
    }

    @Test
    public void aTrainerThatNeverCameToBeDoesNotHoldTheModel() throws Exception {
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            CompressionListener lost = halving();
            expectThrows(
                    UnsupportedOperationException.class,
                    () -> model.newTrainer(Toy.config(lost, broken())));
            CompressionListener listener = halving();
            toy.train(model, 2, listener);
            assertSame(model.getBlock(), block);
            assertEquals(listener.getReport().sparsity(), 0.5, 0);
            assertEquals(listener.getReport().trials().get(0).verdict(), Verdict.BASELINE);
        }
    }

    @Test
    public void aSecondListenerThatCannotBeginUnwrapsTheModelAndFreesTheFirst() throws Exception {
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            CompressionListener first = halving();
            CompressionListener second =
                    CompressionListener.builder()
                            .addTechnique(quantization(8))
                            .optGate(Gate.builder().optMonitored("F1").build())
                            .build();
            expectThrows(
                    IllegalStateException.class, () -> model.newTrainer(Toy.config(first, second)));
            assertSame(model.getBlock(), block);
            toy.train(model, 1, first);
            assertEquals(first.getReport().sparsity(), 0.5, 0);
        }
    }

    @Test
    public void aModelThatIsBeingCompressedIsNotHandedToAnotherTrainer() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener = halving();
            try (Trainer trainer = toy.trainer(model, listener)) {
                toy.fit(trainer, 1);
                IllegalStateException e =
                        expectThrows(
                                IllegalStateException.class,
                                () -> model.newTrainer(Toy.config(halving())));
                assertTrue(e.getMessage().contains("earlier trainer"), e.getMessage());
                toy.fit(trainer, 1); // unimpressed
            }
            assertEquals(listener.getReport().sparsity(), 0.5, 0);
        }
    }
}
