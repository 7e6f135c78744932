package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.metric.Metric;
import ai.djl.metric.Metrics;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.testng.annotations.Test;

/** The gate's evaluation is noticed by nobody. */
public class GateSilenceTest extends ToyTestBase {

    private record Run(
            Map<String, float[]> parameters,
            Map<String, List<Double>> metrics,
            List<String> evaluators,
            List<String> events) {}

    private static Block dropping() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(32).build())
                .add(Activation::relu)
                .add(Dropout.builder().optRate(0.3f).build())
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    private Run run(TrainingListener... listeners) throws Exception {
        List<String> events = new ArrayList<>();
        TrainingListener[] all = new TrainingListener[listeners.length + 1];
        all[0] = witness(events);
        System.arraycopy(listeners, 0, all, 1, listeners.length);
        Metrics metrics = new Metrics();
        try (Model model = Toy.model(dropping())) {
            List<String> evaluators;
            try (Trainer trainer = toy.trainer(model, all)) {
                trainer.setMetrics(metrics);
                toy.fit(trainer, 3);
                evaluators = trainer.getEvaluators().stream().map(Evaluator::getName).toList();
            }
            Map<String, List<Double>> values = new TreeMap<>();
            for (String name : metrics.getMetricNames()) {
                if (name.startsWith("train_") || name.startsWith("validate_")) {
                    values.put(
                            name, metrics.getMetric(name).stream().map(Metric::getValue).toList());
                } else {
                    // a time: only how often it was taken
                    values.put(name, List.of((double) metrics.getMetric(name).size()));
                }
            }
            return new Run(Toy.parameters(model.getBlock()), values, evaluators, events);
        }
    }

    private static TrainingListener witness(List<String> events) {
        return new TrainingListenerAdapter() {
            @Override
            public void onEpoch(Trainer trainer) {
                events.add("epoch");
            }

            @Override
            public void onTrainingBatch(Trainer trainer, BatchData batchData) {
                events.add("training");
            }

            @Override
            public void onValidationBatch(Trainer trainer, BatchData batchData) {
                events.add("validation");
            }

            @Override
            public void onTrainingEnd(Trainer trainer) {
                events.add("end");
            }
        };
    }

    @Test
    public void theEvaluationLeavesMetricsListenersAndRandomNumbersAlone() throws Exception {
        Run plain = run();
        ScriptedEvaluator counted = new ScriptedEvaluator(0.9f);
        Run listened =
                run(
                        CompressionListener.builder()
                                .addTechnique(FakeTechnique.single("id", FakeTransforms.keeping()))
                                .optGate(open())
                                .optWarmup(0)
                                .build(),
                        CompressionListener.builder()
                                .addTechnique(pruning(0, 1))
                                .optGate(
                                        Gate.builder()
                                                .optEvaluation(toy.data(2), counted)
                                                .optDirection(Direction.HIGHER_IS_BETTER)
                                                .build())
                                .optWarmup(0)
                                .build());
        assertSameBits(listened.parameters, plain.parameters);
        assertEquals(listened.metrics, plain.metrics);
        assertEquals(listened.evaluators, plain.evaluators);
        assertEquals(listened.events, plain.events);
        assertTrue(counted.measured() >= 4, "evaluations: " + counted.measured());
    }
}
