package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.Trainer;
import dev.bonsai.gate.Gate;
import dev.bonsai.report.CompressionReport;
import java.util.Arrays;
import java.util.List;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** An imported block reads its own arrays: it is compressed in place. */
public class OpaqueBlockTest extends ToyTestBase {

    private OpaqueDouble opaque;
    private Block block;

    @BeforeMethod
    public void setUpBlock() {
        opaque = new OpaqueDouble();
        block =
                new SequentialBlock()
                        .add(Linear.builder().setUnits(32).build())
                        .add(Activation::relu)
                        .add(opaque);
    }

    private static long values(float[] weight) {
        return Arrays.stream(box(weight)).distinct().count();
    }

    private static Float[] box(float[] values) {
        Float[] boxed = new Float[values.length];
        Arrays.setAll(boxed, i -> values[i]);
        return boxed;
    }

    @Test
    public void prunedWeightsAreZeroInEveryPassOfTrainingAndValidation() throws Exception {
        try (Model model = Toy.model(block)) {
            toy.train(model, 3, halving());
        }
        List<float[]> training = opaque.inTraining();
        // half of all weights, ranked together: the same elements of this one in every pass
        long pruned = Toy.zeros(training.get(0));
        assertTrue(pruned > 10, "zeros: " + pruned);
        training.forEach(w -> assertEquals(Toy.zeros(w), pruned));
        // the first evaluation measures the baseline: 512 points in the training's batches of 64
        opaque.inEvaluation().stream().skip(8).forEach(w -> assertEquals(Toy.zeros(w), pruned));
        assertEquals(Toy.zeros(opaque.inEvaluation().get(0)), 0);
    }

    @Test
    public void quantizedValuesAreSeenInEvaluationAndNeverInTraining() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(quantization(4))
                        .optGate(open())
                        .optWarmup(0)
                        .build();
        try (Model model = Toy.model(block)) {
            try (Trainer trainer = toy.trainer(model, listener)) {
                toy.fit(trainer, 3);
                assertTrue(values(opaque.weight()) > 100, "the latent weight is not quantized");
            }
            // 4 rows of a scale each: 15 levels a row, one of them the common zero
            assertTrue(values(opaque.weight()) <= 57, "" + values(opaque.weight()));
            opaque.inTraining().forEach(w -> assertTrue(values(w) > 100, "" + values(w)));
            // after the baseline and the tries with more bits, the last pass of each validation
            float[] validated = opaque.inEvaluation().get(opaque.inEvaluation().size() - 1);
            assertTrue(values(validated) <= 57, "" + values(validated));
            assertTrue(listener.getReport().notes().get(0).contains("imported block"));
        }
    }

    @Test
    public void theTrainersOwnValidationJudgesTheQuantizedWeights() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(quantization(4))
                        .optGate(Gate.builder().optMaxDrop(1).build())
                        .build();
        try (Model model = Toy.model(block)) {
            toy.train(model, 6, listener);
        }
        CompressionReport report = listener.getReport();
        report.weights().forEach(w -> assertEquals(w.bits(), 4, report.toString()));
        float[] validated = opaque.inEvaluation().get(opaque.inEvaluation().size() - 1);
        assertTrue(values(validated) <= 57, "" + values(validated));
    }

    @Test
    public void bakedPredictsWhatTheWrappedModelPredicted() throws Exception {
        try (Model model = Toy.model(block)) {
            CompressionListener listener = halvingTo4Bits();
            float[] wrapped;
            try (Trainer trainer = toy.trainer(model, listener)) {
                toy.fit(trainer, 4);
                wrapped = toy.outputs(model.getBlock());
            }
            assertEquals(toy.outputs(block), wrapped);
            assertTrue(listener.getReport().achieved() > 0.7, listener.getReport().toString());
        }
    }

    @Test
    public void aRefusedStepLeavesTheOwnArraysAsTheyWere() throws Exception {
        try (Model model = Toy.model(block)) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(pruning(0.9f, 1))
                            .optGate(toy.gate().optFloor(1.1f).build()) // nothing can pass
                            .optWarmup(0)
                            .build();
            toy.train(model, 1, listener);
            assertEquals(Toy.zeros(opaque.weight()), 0);
            opaque.inTraining().forEach(w -> assertEquals(Toy.zeros(w), 0));
            assertFalse(listener.getReport().notes().isEmpty());
        }
    }
}
