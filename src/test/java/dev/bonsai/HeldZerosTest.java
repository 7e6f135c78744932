package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.core.HoldZeros;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.Tensors;
import dev.bonsai.gate.Gate;
import dev.bonsai.lowbit.Ternarization;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.regularization.Regularization;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.sharing.WeightSharing;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Zeros that a model comes with stay zero while it trains on, where that is wanted. */
public class HeldZerosTest extends ToyTestBase {

    private static final String HELD = "the zeros that the model came with were held: ";

    /** Sets elements of the weights to zero; which, goes by their index. */
    private static void clear(Block block, double fraction) {
        clear(block, fraction, "weight");
    }

    private static void clear(Block block, double fraction, String path) {
        for (TargetWeight weight : TargetWeight.allOf(block)) {
            if (weight.path().endsWith(path)) {
                NDArray array = weight.parameter().getArray();
                float[] values = array.toFloatArray();
                for (int i = 0; i < values.length; ++i) {
                    if (i * 37 % values.length < Math.round(fraction * values.length)) {
                        values[i] = i % 2 == 0 ? 0f : -0f;
                    }
                }
                try (NDArray changed = array.getManager().create(values, array.getShape())) {
                    Tensors.overwrite(array, changed);
                }
            }
        }
    }

    /** Trains a network of which a fraction is zero. */
    private Map<String, float[]> train(
            Block block,
            double zeros,
            int epochs,
            Supplier<Optimizer> optimizer,
            CompressionListener listener)
            throws Exception {
        try (Model model = Toy.model(block)) {
            try (Trainer trainer = toy.trainer(model, Toy.config(optimizer.get(), listener))) {
                clear(block, zeros);
                toy.fit(trainer, epochs);
            }
            return Toy.parameters(block);
        }
    }

    private static Optimizer adam() {
        return Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.02f)).build();
    }

    private static Optimizer momentum() {
        return Optimizer.sgd()
                .setLearningRateTracker(Tracker.fixed(0.05f))
                .optMomentum(0.9f)
                .optWeightDecays(0.001f)
                .build();
    }

    @DataProvider
    public Object[][] secondRuns() {
        return Cross.of(
                new Object[] {
                    quantization(4),
                    WeightSharing.builder().setCentroids(8).build(),
                    Ternarization.builder().build(),
                    Regularization.l1(0.001f).build(),
                    pruning(0.9f, 2),
                    Pruning.builder()
                            .setTargetSparsity(0.5f)
                            .optCriterion(Criterion.gradientMagnitude())
                            .build()
                },
                new Object[] {true, false},
                new Object[] {(Supplier<Optimizer>) HeldZerosTest::momentum});
    }

    @Test(dataProvider = "secondRuns")
    public void aSecondRunKeepsTheZerosOfTheFirstInEveryPassAndSaysSo(
            Technique technique, boolean ofItsOwn, Supplier<Optimizer> optimizer) throws Exception {
        ZeroCounter counter = new ZeroCounter(Toy.mlp());
        CompressionListener listener = listener(technique, ofItsOwn, HoldZeros.AUTO);
        Map<String, float[]> baked = train(counter, 0.8, 4, optimizer, listener);
        long elements = 32 * Toy.FEATURES + 32 * Toy.CLASSES;
        long held = Math.round(0.8 * 32 * Toy.FEATURES) + Math.round(0.8 * 32 * Toy.CLASSES);
        for (long zeros : counter.inTraining()) {
            assertTrue(zeros >= held, counter.toString());
        }
        baked.forEach(HeldZerosTest::assertHeld);
        CompressionReport report = listener.getReport();
        assertTrue(report.sparsity() >= (double) held / elements, report.toString());
        assertTrue(report.notes().stream().anyMatch(n -> n.startsWith(HELD)), report.toString());
        assertTrue(report.notes().toString().contains("(205 of 256 elements)"), report.toString());
        assertTrue(report.notes().toString().contains("HoldZeros.NEVER"), report.toString());
    }

    private CompressionListener listener(Technique technique, boolean ofItsOwn, HoldZeros choice) {
        Gate gate = (ofItsOwn ? toy.gate() : Gate.builder()).optMaxDrop(1).build();
        return CompressionListener.builder()
                .addTechnique(technique)
                .optGate(gate)
                .optWarmup(1)
                .optHoldZeros(choice)
                .build();
    }

    /** Checks that what {@link #clear} has set to zero is a positive zero. */
    private static void assertHeld(String path, float[] values) {
        if (path.endsWith("weight")) {
            for (int i = 0; i < values.length; ++i) {
                if (i * 37 % values.length < Math.round(0.8 * values.length)) {
                    assertEquals(Float.floatToRawIntBits(values[i]), 0, path);
                }
            }
        }
    }

    @DataProvider
    public Object[][] choices() {
        return new Object[][] {
            {HoldZeros.AUTO, 0.0, false},
            {HoldZeros.AUTO, 0.09, false},
            {HoldZeros.AUTO, 0.11, true},
            {HoldZeros.AUTO, 0.99, true},
            {HoldZeros.ALWAYS, 0.0, false},
            {HoldZeros.ALWAYS, 0.05, true},
            {HoldZeros.NEVER, 0.8, false},
        };
    }

    @Test(dataProvider = "choices")
    public void zerosAreHeldWhereTheChoiceSaysSo(HoldZeros choice, double fraction, boolean held)
            throws Exception {
        // a technique that keeps values apart, so that only held zeros are zero
        Technique keeping = FakeTechnique.single("keeping", FakeTransforms.keeping());
        CompressionListener listener = listener(keeping, true, choice);
        Map<String, float[]> baked =
                train(Toy.mlp(), fraction, 3, HeldZerosTest::momentum, listener);
        String notes = listener.getReport().notes().toString();
        assertEquals(notes.contains(HELD), held, notes);
        long zeros = Toy.weightZeros(baked);
        long expected =
                Math.round(fraction * 32 * Toy.FEATURES) + Math.round(fraction * 32 * Toy.CLASSES);
        if (held) {
            assertEquals(zeros, expected);
        } else {
            assertTrue(zeros <= expected / 10, zeros + " of " + expected);
        }
    }

    @DataProvider
    public Object[][] choicesForAll() {
        return new Object[][] {
            {HoldZeros.AUTO, false}, {HoldZeros.ALWAYS, true}, {HoldZeros.NEVER, false}
        };
    }

    /** As the last layer of a branch that is to begin as the identity. */
    @Test(dataProvider = "choicesForAll")
    public void aWeightThatIsAllZeroHasNotBeenTrainedYet(HoldZeros choice, boolean held)
            throws Exception {
        CompressionListener listener = listener(quantization(8), true, choice);
        try (Model model = Toy.model(Toy.mlp())) {
            try (Trainer trainer = toy.trainer(model, listener)) {
                clear(model.getBlock(), 1, "03Linear_weight");
                toy.fit(trainer, 3);
            }
            long zeros = Toy.zeros(Toy.parameters(model.getBlock()).get("03Linear_weight"));
            assertEquals(zeros == 32 * Toy.CLASSES, held, listener.getReport().toString());
            assertEquals(listener.getReport().notes().toString().contains(HELD), held);
        }
    }

    @DataProvider
    public Object[][] allChoices() {
        return Cross.of(HoldZeros.values());
    }

    @Test(dataProvider = "allChoices")
    public void theZerosOfAnImportedBlockAreHeldInItsOwnArrays(HoldZeros choice) throws Exception {
        OpaqueDouble block = new OpaqueDouble();
        CompressionListener listener = listener(quantization(8), true, choice);
        Map<String, float[]> baked = train(block, 0.8, 3, HeldZerosTest::momentum, listener);
        boolean held = choice != HoldZeros.NEVER;
        assertEquals(listener.getReport().notes().toString().contains(HELD), held);
        for (float[] seen : block.inTraining().subList(1, block.inTraining().size())) {
            assertEquals(Toy.zeros(seen) >= 26, held); // 0.8 * 32
        }
        if (held) {
            baked.forEach(HeldZerosTest::assertHeld);
        }
    }

    @Test
    public void regrowthMovesZerosUnlessTheyAreHeldAlways() throws Exception {
        for (HoldZeros choice : List.of(HoldZeros.AUTO, HoldZeros.ALWAYS)) {
            Pruning regrowing =
                    Pruning.builder()
                            .setTargetSparsity(0.8f)
                            .optSchedule(SparsitySchedule.cubic(1))
                            .optRegrowth(Regrowth.random(0.3f, 3, 1))
                            .build();
            CompressionListener listener = listener(regrowing, true, choice);
            Map<String, float[]> baked = train(Toy.mlp(), 0.8, 4, HeldZerosTest::adam, listener);
            String notes = listener.getReport().notes().toString();
            boolean held = choice == HoldZeros.ALWAYS;
            assertEquals(notes.contains(HELD), held, notes);
            assertEquals(notes.contains("were not held, as a technique moves zeros"), !held, notes);
            if (held) {
                baked.forEach(HeldZerosTest::assertHeld);
            } else {
                float[] first = baked.get("01Linear_weight");
                assertTrue(anyGrown(first), notes);
            }
        }
    }

    private static boolean anyGrown(float[] values) {
        for (int i = 0; i < values.length; ++i) {
            if (i * 37 % values.length < Math.round(0.8 * values.length) && values[i] != 0) {
                return true;
            }
        }
        return false;
    }

    @Test
    public void ofTwoListenersOnOneWeightTheOneThatNeverHoldsIsHeard() throws Exception {
        CompressionListener always = listener(quantization(8), true, HoldZeros.ALWAYS);
        CompressionListener never = listener(pruning(0.2f, 1), true, HoldZeros.NEVER);
        try (Model model = Toy.model(Toy.mlp())) {
            try (Trainer trainer = toy.trainer(model, never, always)) {
                clear(model.getBlock(), 0.8);
                toy.fit(trainer, 2);
            }
        }
        assertFalse(always.getReport().notes().toString().contains(HELD));
    }

    @Test
    public void aModelThatWasPrunedAndIsOnlyQuantizedNowKeepsItsSparsity() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> pruned =
                    toy.train(model, 4, listener(pruning(0.8f, 2), true, HoldZeros.AUTO));
            CompressionListener second = listener(quantization(8), true, HoldZeros.AUTO);
            Map<String, float[]> quantized = toy.train(model, 3, second);
            pruned.forEach(
                    (path, values) -> {
                        for (int i = 0; i < values.length; ++i) {
                            if (path.endsWith("weight") && values[i] == 0) {
                                assertEquals(quantized.get(path)[i], 0f, path);
                            }
                        }
                    });
            assertTrue(second.getReport().sparsity() >= 0.79, second.getReport().toString());
        }
    }
}
