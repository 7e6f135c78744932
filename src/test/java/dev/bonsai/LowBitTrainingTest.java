package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import dev.bonsai.lowbit.Binarization;
import dev.bonsai.lowbit.BinaryScale;
import dev.bonsai.lowbit.Ternarization;
import dev.bonsai.lowbit.TernaryScale;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Signs at work in a training: what they cost, and that trained scales are trained and undone. */
public class LowBitTrainingTest extends ToyTestBase {

    private static final String MIDDLE = "03Linear_weight";

    private static final WeightSelector INNER =
            WeightSelector.builder().excludeFirstAndLast().build();

    private static Block deep() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(32).build())
                .add(Activation.reluBlock())
                .add(Linear.builder().setUnits(32).build())
                .add(BatchNorm.builder().build())
                .add(Activation.reluBlock())
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    private CompressionListener listener(Technique technique) {
        return CompressionListener.builder()
                .addTechnique(technique)
                .optGate(open())
                .optWarmup(0)
                .build();
    }

    @DataProvider
    Object[][] techniques() {
        Binarization.Builder binary = Binarization.builder().optSelector(INNER);
        Ternarization.Builder ternary = Ternarization.builder().optSelector(INNER);
        return new Object[][] {
            {binary.build()},
            {binary.optStochastic(1).build()},
            {binary.optScale(BinaryScale.UNIT).build()},
            {ternary.build()},
            {ternary.optScale(TernaryScale.TRAINED).build()},
        };
    }

    @Test(dataProvider = "techniques")
    public void signsThatAreTrainedKeepTheAccuracy(Technique technique) throws Exception {
        try (Model dense = Toy.model(deep());
                Model signs = Toy.model(deep())) {
            toy.train(dense, 6);
            toy.train(signs, 3);
            CompressionListener listener = listener(technique);
            toy.train(signs, 6, listener);
            double accuracy = toy.accuracy(signs.getBlock());
            double expected = toy.accuracy(dense.getBlock());
            // Four classes that overlap: the dense network has some 0.9; three standard errors of
            // 512 points are 0.04.
            assertTrue(accuracy > expected - 0.04, accuracy + ", dense " + expected);
            NamedWeight middle =
                    listener.getCompressedModel().getWeights().stream()
                            .filter(w -> w.path().equals(MIDDLE))
                            .findFirst()
                            .orElseThrow();
            EncodedWeight stored = middle.value();
            assertEquals(stored.bits(), 2, "bits");
            assertEquals(
                    stored.decode(),
                    Toy.parameters(signs.getBlock()).get(MIDDLE),
                    "what is stored");
        }
    }

    /** Passes a technique on, and keeps the transforms that it makes of the middle weight. */
    private record Watched(Technique technique, List<WeightTransform> made) implements Technique {

        @Override
        public String getName() {
            return technique.getName();
        }

        @Override
        public WeightSelector getSelector() {
            return technique.getSelector();
        }

        @Override
        public Levels getLevels() {
            return technique.getLevels();
        }

        @Override
        public Effect getEffect() {
            return technique.getEffect();
        }

        @Override
        public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
            Map<TargetWeight, WeightTransform> transforms = technique.propose(level, proposal);
            made.addAll(transforms.values());
            return transforms;
        }
    }

    @Test
    public void trainedScalesAreTrainedAndRolledBack() throws Exception {
        Ternarization trained =
                Ternarization.builder().optScale(TernaryScale.TRAINED).optSelector(INNER).build();
        Watched watched = new Watched(trained, new ArrayList<>());
        List<float[]> scales = new ArrayList<>();
        TrainingListener looker =
                new TrainingListenerAdapter() {
                    @Override
                    public void onEpoch(Trainer trainer) {
                        scales.add(values(watched.made().get(0)));
                    }
                };
        // Before the first step: the baseline, and ternary, accepted. Then out of tolerance for the
        // two epochs of a recovery.
        ScriptedEvaluator script = new ScriptedEvaluator(0.9f, 0.9f, 0.9f, 0.5f, 0.5f);
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(watched)
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(toy.data(2), script)
                                        .optDirection(Direction.HIGHER_IS_BETTER)
                                        .build())
                        .optWarmup(0)
                        .build();
        try (Model model = Toy.model(deep())) {
            toy.train(model, 3, listener, looker);
        }
        assertEquals(watched.made().size(), 1, "one state was worked out");
        assertEquals(scales.get(0).length, 2, "scales");
        for (int i = 0; i < 2; ++i) {
            // Adam moves a parameter by about 0.02 at each of 8 steps.
            assertNotEquals(scales.get(0)[i], 0f, "trained in the first epoch");
            assertNotEquals(scales.get(1)[i], scales.get(0)[i], "and in the second");
        }
        assertEquals(scales.get(2), scales.get(0), 0f, "rolled back bit for bit"); // copies
    }

    private static float[] values(WeightTransform transform) {
        float[] values = new float[transform.getParameters().size()];
        for (int i = 0; i < values.length; ++i) {
            Parameter parameter = transform.getParameters().get(i);
            values[i] = parameter.getArray().toFloatArray()[0];
        }
        return values;
    }

    @Test
    public void goesPartOfTheWayWhereTheGateBearsNoMore() throws Exception {
        Binarization binary = Binarization.builder().build();
        // the baseline; all: too much; half: still; a quarter: fine; three tries beyond it; the
        // epoch is fine; and whatever is tried then is too much
        ScriptedEvaluator script =
                new ScriptedEvaluator(0.9f, 0.1f, 0.1f, 0.9f, 0.1f, 0.1f, 0.1f, 0.9f, 0.1f);
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(binary)
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(toy.data(2), script)
                                        .optDirection(Direction.HIGHER_IS_BETTER)
                                        .build())
                        .optWarmup(0)
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 1, listener);
            Set<Float> first = sizes(model, "01Linear_weight", 0);
            assertEquals(first.size(), 1, "one size in the first row");
            // a quarter of 384 elements are 12 of 32 rows
            assertEquals(sizes(model, "01Linear_weight", 11).size(), 1);
            assertTrue(sizes(model, "01Linear_weight", 12).size() > 1, "and many behind");
            assertTrue(sizes(model, "03Linear_weight", 0).size() > 1, "the smaller weight waits");
        }
        String report = listener.getReport().toString();
        assertTrue(report.contains("binary 0.2500"), report);
    }

    private static Set<Float> sizes(Model model, String path, int row) {
        Set<Float> sizes = new HashSet<>();
        float[] values = Toy.parameters(model.getBlock()).get(path);
        for (float value :
                Arrays.copyOfRange(values, row * Toy.FEATURES, (row + 1) * Toy.FEATURES)) {
            sizes.add(Math.abs(value));
        }
        return sizes;
    }
}
