package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Verdict;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.report.CompressionReport;
import java.util.BitSet;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Nothing that is not finite, or can't be stored, is accepted, however open the gate is. */
public class SoundWeightsTest extends ToyTestBase {

    /** Adds a frozen mask, as attention does before a softmax, of two dimensions. */
    private static FunctionBlock mask() {
        Parameter mask = FunctionBlock.weight("mask").optRequiresGrad(false).build();
        return new FunctionBlock((x, values) -> x.add(values.apply("mask").get("0")))
                .add(mask)
                .initially(
                        manager -> {
                            NDArray values = manager.zeros(new Shape(2, Toy.CLASSES));
                            values.set(new NDIndex("1, 2:"), Float.NEGATIVE_INFINITY);
                            mask.setArray(values);
                        });
    }

    private static Block masked() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(16).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(Toy.CLASSES).build())
                .add(mask());
    }

    @DataProvider
    public Object[][] gates() {
        return new Object[][] {{true}, {false}};
    }

    private Gate gate(boolean open) {
        return open ? open() : toy.gate().optMaxDrop(0.2f).build();
    }

    @Test(dataProvider = "gates")
    public void aMaskOfInfinitiesIsLeftOutAndStoredAsItIs(boolean open) throws Exception {
        try (Model model = Toy.model(masked())) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(quantization(8))
                            .optGate(gate(open))
                            .optWarmup(1)
                            .build();
            Map<String, float[]> baked = toy.train(model, 3, listener);
            CompressionReport report = listener.getReport();
            assertEquals(report.weights().size(), 2, report.toString());
            report.weights().forEach(weight -> assertEquals(weight.bits(), 8, report.toString()));
            assertEquals(report.notes().size(), 1, report.toString());
            String note = report.notes().get(0);
            assertTrue(note.contains("mask was not compressed"), note);
            assertTrue(note.contains("2 of its 8 values"), note);
            float[] mask = {0, 0, 0, 0, 0, 0, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
            String path = baked.keySet().stream().filter(p -> p.endsWith("mask")).findFirst().get();
            assertEquals(baked.get(path), mask);
            listener.getCompressedModel().getWeights().stream()
                    .filter(weight -> weight.path().equals(path))
                    .forEach(weight -> assertEquals(weight.value().decode(), mask));
        }
    }

    @Test
    public void aTechniqueWithNothingButInfinitiesSaysSo() {
        try (Model model = Toy.model(masked())) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(
                                    Quantization.builder()
                                            .setBits(8)
                                            .optSelector(
                                                    WeightSelector.builder()
                                                            .include("mask")
                                                            .build())
                                            .build())
                            .optGate(open())
                            .build();
            String message =
                    expectThrows(
                                    IllegalArgumentException.class,
                                    () -> toy.train(model, 1, listener))
                            .getMessage();
            assertTrue(message.contains("has nothing to work on"), message);
            assertTrue(message.contains("mask was not compressed"), message);
            assertTrue(message.contains("-1e9"), message);
        }
    }

    /** Overwrites a part of the first weight before the second epoch is judged. */
    private static final class Spoiler extends TrainingListenerAdapter {

        private final float value;
        private final String where;
        private int epochs;

        Spoiler(float value, String where) {
            this.value = value;
            this.where = where;
        }

        @Override
        public void onEpoch(Trainer trainer) {
            if (++epochs == 2) {
                NDArray weight =
                        trainer.getModel().getBlock().getParameters().valueAt(0).getArray();
                try (NDArray alias = weight.stopGradient()) {
                    alias.set(new NDIndex(where), value);
                }
            }
        }
    }

    @DataProvider
    public Object[][] spoilt() {
        return Cross.of(
                new Object[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY},
                new Object[] {"...", "0, 0"},
                Watch.values());
    }

    private enum Watch {
        OWN_DATA,
        TRAINER
    }

    @Test(dataProvider = "spoilt")
    public void weightsThatAreNotFiniteAreNeverAccepted(float value, String where, Watch watch)
            throws Exception {
        Gate gate =
                watch == Watch.OWN_DATA
                        ? toy.gate().optMaxDrop(1).optRecoveryEpochs(0).build()
                        : Gate.builder().optMaxDrop(1).optRecoveryEpochs(0).build();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 1))
                        .optGate(gate)
                        .optWarmup(1)
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> baked = toy.train(model, 4, new Spoiler(value, where), listener);
            baked.forEach((path, values) -> assertFinite(path, values));
            CompressionReport report = listener.getReport();
            assertTrue(
                    report.trials().stream().anyMatch(t -> t.verdict() != Verdict.ACCEPTED),
                    report.toString());
            assertTrue(Double.isFinite(report.achieved()), report.toString());
            long count = where.equals("...") ? 256 : 1;
            assertTrue(
                    report.notes().stream().anyMatch(n -> n.contains(count + " of its 256 values")),
                    report.toString());
        }
    }

    private static void assertFinite(String path, float[] values) {
        for (float value : values) {
            assertTrue(Float.isFinite(value), path);
        }
    }

    @Test
    public void aBaselineWithoutFiniteWeightsNamesTheWeightAndThereIsAReport() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 1))
                        .optGate(open())
                        .optWarmup(2)
                        .build();
        Spoiler spoiler = new Spoiler(Float.NaN, "...");
        try (Model model = Toy.model(Toy.mlp())) {
            Trainer trainer = toy.trainer(model, spoiler, listener);
            IllegalStateException e =
                    expectThrows(IllegalStateException.class, () -> toy.fit(trainer, 3));
            assertTrue(e.getMessage().contains("01Linear_weight 256 of its 256"), e.getMessage());
            expectThrows(IllegalStateException.class, trainer::close);
            String notes = listener.getReport().notes().toString();
            assertTrue(notes.contains("01Linear_weight"), notes);
        }
    }

    /** What goes wrong when a weight is encoded. */
    private enum Fault {
        THROWS,
        DIFFERS
    }

    /** Doubles a weight, which it can't encode. */
    private record Unstorable(Fault fault) implements WeightTransform {

        @Override
        public NDArray apply(NDArray weight, ForwardPass pass) {
            return weight.minimum(1);
        }

        @Override
        public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
            if (fault == Fault.THROWS) {
                throw new IllegalArgumentException("a scale of 0");
            }
            return weight.masked(new BitSet());
        }
    }

    @DataProvider
    public Object[][] faults() {
        return Cross.of(Fault.values(), new Object[] {0, 1}, Watch.values());
    }

    @Test(dataProvider = "faults")
    public void aWeightThatCannotBeStoredIsNamedAndRolledBack(Fault fault, int warmup, Watch watch)
            throws Exception {
        if (watch == Watch.TRAINER && warmup == 0) {
            return; // no baseline
        }
        Technique technique = FakeTechnique.single("fake", new Unstorable(fault));
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(technique)
                        .optGate(
                                watch == Watch.OWN_DATA
                                        ? open()
                                        : Gate.builder().optMaxDrop(1).build())
                        .optWarmup(warmup)
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 4, listener);
            CompressionReport report = listener.getReport();
            assertTrue(
                    report.trials().stream().noneMatch(t -> t.verdict() == Verdict.ACCEPTED),
                    report.toString());
            assertTrue(
                    report.notes().stream()
                            .anyMatch(n -> n.contains("01Linear_weight can't be stored")),
                    report.toString());
            report.weights().forEach(weight -> assertEquals(weight.bits(), 32));
        }
    }
}
