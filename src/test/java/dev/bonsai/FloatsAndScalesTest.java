package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Verdict;
import dev.bonsai.quantization.Granularity;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.ReducedFloats;
import dev.bonsai.quantization.Scales;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.testng.annotations.Test;

/** Short floats, biases, and learned scales in whole trainings. */
public class FloatsAndScalesTest extends ToyTestBase {

    private static final WeightSelector BIASES = WeightSelector.builder().include("bias").build();

    private static Quantization twoBits(Scales scales) {
        return Quantization.builder()
                .setBits(2)
                .optScales(scales)
                .optGranularity(Granularity.perTensor())
                .build();
    }

    /** One epoch without the grid, then five with it. */
    private double trained(Quantization quantization) throws Exception {
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            toy.train(
                    model,
                    6,
                    CompressionListener.builder()
                            .addTechnique(quantization)
                            .optGate(open())
                            .build());
            return toy.accuracy(block);
        }
    }

    @Test
    public void learnedScalesBeatMinMaxAt2BitsAfterTheSameTraining() throws Exception {
        double learned = trained(twoBits(Scales.LEARNED));
        double free = trained(twoBits(Scales.FREE));
        assertTrue(learned > free, learned + " with learned scales, " + free + " without");
        assertTrue(learned > 0.9, "a floor, of a dense 0.967: " + learned);
    }

    @Test
    public void scalesThatJoinLateRepeatBitForBitUnderAdam() throws Exception {
        Map<String, float[]> first = lateScales();
        // The order of parameters is another in each run: one run would be right by chance.
        for (int run = 0; run < 6; ++run) {
            assertSameBits(lateScales(), first);
        }
    }

    private Map<String, float[]> lateScales() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(twoBits(Scales.LEARNED))
                        .optGate(open())
                        .optWarmup(1)
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            return toy.train(model, 3, listener);
        }
    }

    @Test
    public void whatIsStoredIsWhatWasTrained() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(twoBits(Scales.LEARNED))
                        .optGate(open())
                        .optWarmup(0)
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> effective = toy.train(model, 2, listener);
            for (NamedWeight weight : listener.getCompressedModel().getWeights()) {
                assertEquals(weight.value().decode(), effective.get(weight.path()));
                assertEquals(weight.value() instanceof GridWeight, !weight.path().endsWith("bias"));
            }
        }
    }

    @Test
    public void scalesMoveWhileTheModelTrains() throws Exception {
        Map<String, Parameter> own = new HashMap<>();
        Quantization quantization = twoBits(Scales.LEARNED);
        Technique watched =
                new FakeTechnique(
                        "watched",
                        quantization.getLevels(),
                        Set.of(),
                        (level, proposal) -> {
                            Map<TargetWeight, WeightTransform> made =
                                    quantization.propose(level, proposal);
                            made.forEach((w, t) -> own.put(w.path(), t.getParameters().get(0)));
                            return made;
                        });
        Map<String, float[]> growth = new HashMap<>();
        TrainingListener looker =
                new TrainingListenerAdapter() {
                    @Override
                    public void onEpoch(Trainer trainer) {
                        own.forEach((k, p) -> growth.put(k, p.getArray().toFloatArray()));
                    }
                };
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(watched)
                        .optGate(open())
                        .optWarmup(0)
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 1, looker, listener);
        }
        assertEquals(growth.size(), 2);
        for (float[] logarithms : growth.values()) {
            for (float logarithm : logarithms) {
                assertTrue(logarithm != 0 && Math.abs(logarithm) < 1, "moved a little");
            }
        }
    }

    /** 3 bits are accepted; 2 bits fail in the epochs 3 and 4, and are rolled back. */
    @Test
    public void aRolledBackTrialRestoresTheScales() throws Exception {
        ScriptedEvaluator script = new ScriptedEvaluator(0.9f, 0.9f, 0.9f, 0.8f, 0.7f, 0.6f);
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(
                                Quantization.builder()
                                        .setBits(2)
                                        .optSteps(3)
                                        .optScales(Scales.LEARNED)
                                        .build())
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(toy.data(2), script)
                                        .optDirection(Direction.HIGHER_IS_BETTER)
                                        .build())
                        .build();
        List<byte[]> accepted = new ArrayList<>();
        TrainingListener saver =
                new TrainingListenerAdapter() {
                    @Override
                    public void onEpoch(Trainer trainer) {
                        accepted.add(saved(trainer.getModel()));
                    }
                };
        try (Model model = Toy.model(Toy.mlp())) {
            // Adam's momentum goes on moving the scales of 3 bits while 2 bits are tried.
            toy.train(model, 4, listener, saver);
            assertTrue(
                    listener.getReport().trials().stream()
                            .anyMatch(trial -> trial.verdict() == Verdict.ROLLED_BACK),
                    listener.getReport().toString());
            assertEquals(saved(model), accepted.get(1));
            assertNotEquals(saved(model), accepted.get(0));
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
    public void biasesAreStoredAsShortFloatsAndWeightsOnAGrid() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(quantization(4))
                        .addTechnique(
                                ReducedFloats.builder()
                                        .setFormat(FloatFormat.BFLOAT16)
                                        .optSelector(BIASES)
                                        .build())
                        .optGate(open())
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> effective = toy.train(model, 3, listener);
            int biases = 0;
            for (NamedWeight weight : listener.getCompressedModel().getWeights()) {
                assertEquals(weight.value().decode(), effective.get(weight.path()));
                if (weight.path().endsWith("bias")) {
                    ++biases;
                    assertEquals(((DenseWeight) weight.value()).format(), FloatFormat.BFLOAT16);
                    assertNotEquals(weight.value().zeros(), weight.value().size());
                }
            }
            assertEquals(biases, 2);
        }
    }

    @Test
    public void biasesAreQuantizedTo4Bits() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(
                                Quantization.builder()
                                        .setBits(4)
                                        .optScaleFormat(FloatFormat.BFLOAT16)
                                        .optSelector(BIASES)
                                        .build())
                        .optGate(open())
                        .build();
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            toy.train(model, 3, listener);
            for (NamedWeight weight : listener.getCompressedModel().getWeights()) {
                boolean bias = weight.path().endsWith("bias");
                assertEquals(weight.value().bits(), bias ? 4 : 32);
                if (weight.value() instanceof GridWeight grid) {
                    assertEquals(grid.scales().length, 1);
                    assertTrue(FloatFormat.BFLOAT16.holds(grid.scales()[0]));
                }
            }
            assertTrue(toy.accuracy(block) > 0.9, "a floor, of a dense 0.967");
        }
    }
}
