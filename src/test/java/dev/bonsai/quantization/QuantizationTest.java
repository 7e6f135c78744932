package dev.bonsai.quantization;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class QuantizationTest {

    @Test
    void goesToTheTargetAtOnceByDefault() {
        Levels levels = Quantization.builder().setBits(4).build().getLevels();
        assertEquals(levels.start(), 32.0);
        assertEquals(steps(levels), List.of(4.0));
        assertEquals(levels.format(4), "4 bits");
        assertEquals(levels.format(32), "32-bit floats");
        assertEquals(levels.between(32, 4), OptionalDouble.of(18));
    }

    @Test
    void goesThroughTheStepsToTheTarget() {
        Quantization.Builder options = Quantization.builder().setBits(3);
        assertEquals(steps(options.optSteps(8, 4).build().getLevels()), List.of(8.0, 4.0, 3.0));
        assertEquals(steps(options.optSteps(8, 3).build().getLevels()), List.of(8.0, 3.0));
    }

    @Test
    void thirtyTwoBitsAreIntegersAndNotFloats() {
        Quantization quantization = Quantization.builder().setBits(32).build();
        assertEquals(steps(quantization.getLevels()), List.of(32.0));
        try (NDManager manager = NDManager.newBaseManager()) {
            GridWeight grid = encode(quantization, 32, manager);
            assertEquals(grid.bits(), 32);
            assertEquals(grid.codes().get(0), Integer.MAX_VALUE);
        }
    }

    @Test
    void changesNothingAtTheStart() {
        try (NDManager manager = NDManager.newBaseManager()) {
            FakeProposal proposal = new FakeProposal(manager);
            proposal.add("weight", new Shape(1, 2), 1, 2);
            assertTrue(Quantization.builder().setBits(4).build().propose(32, proposal).isEmpty());
        }
    }

    @Test
    void aWidthInBetweenAboveSixteenBitsIsPlain() {
        Quantization quantization =
                Quantization.builder()
                        .setBits(4)
                        .optRangeEstimator(RangeEstimator.percentile(60))
                        .optRounding(Rounding.stochastic(1))
                        .build();
        try (NDManager manager = NDManager.newBaseManager()) {
            GridWeight grid = encode(quantization, 18, manager);
            assertEquals(grid.bits(), 18);
            assertEquals(grid.codes().get(0), (1 << 17) - 1); // nothing is clipped
        }
    }

    @Test
    void namesItselfAndItsSelector() {
        WeightSelector selector = WeightSelector.builder().includeBlock("Linear").build();
        Quantization quantization = Quantization.builder().setBits(8).optSelector(selector).build();
        assertEquals(quantization.getName(), "quantization");
        assertEquals(quantization.getSelector(), selector);
    }

    @Test
    void aWidthOfNoWeightIsRefused() {
        try (NDManager manager = NDManager.newBaseManager()) {
            FakeProposal fake = new FakeProposal(manager);
            List<TargetWeight> weights =
                    List.of(
                            fake.add("01Linear_weight", new Shape(1, 2), 1, 2),
                            fake.add("01Linear_bias", new Shape(2), 1, 2));
            Quantization.Builder options = Quantization.builder().setBits(4);
            options.addBits("_bias$", 8).build().checkTargets(weights);
            Quantization hidden = options.addBits("Linear_b", 6).build();
            assertMessage(() -> hidden.checkTargets(weights), "'Linear_b'", "no earlier pattern");
            Quantization misspelt = Quantization.builder().setBits(4).addBits("_biass$", 8).build();
            assertMessage(() -> misspelt.checkTargets(weights), "'_biass$'", "01Linear_weight");
        }
    }

    @Test
    void everyWeightOfTheModelGetsAGridAndPlainOnesKeepFourNumbers() {
        try (NDManager manager = NDManager.newBaseManager();
                NDManager state = NDManager.newBaseManager()) {
            FakeProposal fake = new FakeProposal(manager);
            TargetWeight one = fake.add("one", new Shape(2, 3), 1, 2, 3, 4, 5, 6);
            TargetWeight two = fake.add("two", new Shape(1, 1, 1, 2), 1, 2);
            Proposal proposal = new OwnState(fake, state);
            Quantization.Builder options = Quantization.builder().setBits(4);
            Map<TargetWeight, WeightTransform> grids = options.build().propose(4, proposal);
            assertEquals(List.copyOf(grids.keySet()), List.of(one, two));
            assertEquals(state.getManagedArrays().size(), 2 * 4);
            options.optRangeEstimator(RangeEstimator.movingAverage(0.5f))
                    .build()
                    .propose(4, proposal);
            assertEquals(state.getManagedArrays().size(), 8 + 2 * 5); // and its running ends
        }
    }

    /** A proposal whose state has an owner of its own. */
    private record OwnState(Proposal fake, NDManager manager) implements Proposal {

        @Override
        public List<TargetWeight> weights() {
            return fake.weights();
        }

        @Override
        public NDArray value(TargetWeight weight) {
            return fake.value(weight);
        }

        @Override
        public NDArray latent(TargetWeight weight) {
            return fake.latent(weight);
        }

        @Override
        public EncodedWeight encoded(TargetWeight weight) {
            return fake.encoded(weight);
        }

        @Override
        public NDArray signal(TargetWeight weight, Signal signal) {
            return fake.signal(weight, signal);
        }

        @Override
        public Optional<WeightTransform> present(TargetWeight weight) {
            return fake.present(weight);
        }

        @Override
        public boolean isRefresh() {
            return fake.isRefresh();
        }

        @Override
        public long step() {
            return fake.step();
        }
    }

    @DataProvider
    Object[][] wrong() {
        return new Object[][] {
            {call(b -> b.setBits(1)), "but got 1"},
            {call(b -> b.setBits(33)), "but got 33"},
            {call(b -> b.optSteps(8, 8)), "but got [8, 8]"},
            {call(b -> b.optSteps(4, 6)), "but got [4, 6]"},
            {call(b -> b.optSteps(64)), "but got 64"},
            {call(Quantization.Builder::build), "but got none: call setBits"},
            {call(b -> b.setBits(8).optSteps(4).build()), "but got [4]"},
            {
                call(b -> b.setBits(17).optRangeEstimator(RangeEstimator.mse()).build()),
                "but got 17 bits with mse"
            },
            {call(b -> b.setBits(20).optRounding(Rounding.stochastic(7)).build()), "stochastic(7)"},
            {
                call(b -> b.setBits(20).optErrorCorrection(ErrorCorrection.MEAN).build()),
                "nearestEven, MEAN"
            },
            {
                call(
                        b ->
                                b.setBits(8)
                                        .optRounding(Rounding.stochastic(7))
                                        .optErrorCorrection(ErrorCorrection.MEAN)
                                        .build()),
                "leave one of the two out"
            },
            {call(b -> b.optGranularity(Granularity.perGroup(0))), "but got 0: use"},
            {
                call(
                        b ->
                                b.setBits(8)
                                        .optSteps(24)
                                        .optRangeEstimator(RangeEstimator.percentile(99))
                                        .build()),
                "but got 24 bits with percentile(99.0)"
            },
            {
                call(b -> b.setBits(24).optScales(Scales.LEARNED).build()),
                "16 bits or fewer, rounded to the nearest, without error correction, but got 24"
            },
            {
                call(b -> b.setBits(4).optSteps(24).optScales(Scales.LEARNED).build()),
                "but got 24 bits"
            },
            {
                call(
                        b ->
                                b.setBits(4)
                                        .optScales(Scales.LEARNED)
                                        .optRounding(Rounding.stochastic(3))
                                        .build()),
                "but got 4 bits with stochastic(3)"
            },
            {
                call(
                        b ->
                                b.setBits(4)
                                        .optScales(Scales.LEARNED)
                                        .optErrorCorrection(ErrorCorrection.MEAN)
                                        .build()),
                "nearestEven, MEAN"
            },
            {
                call(
                        b ->
                                b.setBits(4)
                                        .optScales(Scales.POWER_OF_TWO)
                                        .optMapping(Mapping.AFFINE)
                                        .build()),
                "but got POWER_OF_TWO, FLOAT32: use Mapping.SYMMETRIC"
            },
            {
                call(
                        b ->
                                b.setBits(4)
                                        .optScaleFormat(FloatFormat.BFLOAT16)
                                        .optMapping(Mapping.AFFINE)
                                        .build()),
                "but got FREE, BFLOAT16: use Mapping.SYMMETRIC"
            },
            {
                call(b -> b.setBits(9).optScaleFormat(FloatFormat.BFLOAT16).build()),
                "8 bits or fewer, but got BFLOAT16 with 9 bits"
            },
            {call(b -> b.optScaleFormat(FloatFormat.FLOAT16)), "FLOAT16 holds"},
        };
    }

    @Test(dataProvider = "wrong")
    void aWrongConfigurationIsNamed(Call call, String expected) {
        String message =
                expectThrows(IllegalArgumentException.class, () -> call.on(Quantization.builder()))
                        .getMessage();
        assertTrue(message.contains(expected), message);
    }

    @FunctionalInterface
    interface Call {
        void on(Quantization.Builder builder);
    }

    private static Call call(Call call) {
        return call;
    }

    private static GridWeight encode(Quantization quantization, int bits, NDManager manager) {
        FakeProposal proposal = new FakeProposal(manager);
        TargetWeight weight = proposal.add("weight", new Shape(1, 3), 3, -1, 0.5f);
        return (GridWeight)
                quantization
                        .propose(bits, proposal)
                        .get(weight)
                        .encode(
                                new DenseWeight(new int[] {1, 3}, new float[] {3, -1, 0.5f}),
                                manager);
    }

    private static List<Double> steps(Levels levels) {
        List<Double> steps = new ArrayList<>();
        OptionalDouble next = levels.next(levels.start());
        while (next.isPresent()) {
            steps.add(next.getAsDouble());
            next = levels.next(next.getAsDouble());
        }
        return steps;
    }
}
