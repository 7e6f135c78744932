package dev.bonsai.quantization;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ByteGoalTest {

    private static final int ROWS = 24;
    private static final int COLUMNS = 40;

    /**
     * Three weights of normal values, of which each is ten times as sensitive as the one before.
     */
    private static FakeProposal proposal(NDManager manager, List<TargetWeight> weights) {
        FakeProposal proposal = new FakeProposal(manager);
        SplittableRandom random = new SplittableRandom(5);
        for (int k = 0; k < 3; ++k) {
            float[] values = new float[ROWS * COLUMNS];
            for (int i = 0; i < values.length; ++i) {
                values[i] = (float) random.nextGaussian();
            }
            TargetWeight weight = proposal.add("w" + k, new Shape(ROWS, COLUMNS), values);
            float[] squares = new float[values.length];
            Arrays.fill(squares, (float) Math.pow(10, k));
            proposal.setSignal(weight, Signal.GRADIENT_SQUARED, squares);
            weights.add(weight);
        }
        return proposal;
    }

    private static Quantization.Builder goal(long bytes) {
        return Quantization.builder().setBits(2).optByteGoal(bytes);
    }

    private static List<Integer> widths(
            Quantization quantization, FakeProposal proposal, List<TargetWeight> weights) {
        Map<TargetWeight, WeightTransform> grids = quantization.propose(2, proposal);
        return weights.stream().map(weight -> grids.get(weight).bits(32)).toList();
    }

    @DataProvider
    public Object[][] estimatesAndScales() {
        return new Object[][] {
            {RangeEstimator.minMax(), Scales.FREE, Mapping.SYMMETRIC},
            {RangeEstimator.minMax(), Scales.FREE, Mapping.AFFINE},
            {RangeEstimator.mse(), Scales.POWER_OF_TWO, Mapping.SYMMETRIC},
            {RangeEstimator.mse(), Scales.LEARNED, Mapping.SYMMETRIC},
        };
    }

    @Test(dataProvider = "estimatesAndScales")
    public void moreBytesAreMoreBitsAndTheSensitiveHaveMost(
            RangeEstimator estimator, Scales scales, Mapping mapping) {
        try (NDManager manager = NDManager.newBaseManager()) {
            List<TargetWeight> weights = new ArrayList<>();
            FakeProposal proposal = proposal(manager, weights);
            int before = 0;
            for (int bytes = 900; bytes <= 3300; bytes += 400) {
                Quantization quantization =
                        goal(bytes)
                                .optRangeEstimator(estimator)
                                .optScales(scales)
                                .optMapping(mapping)
                                .build();
                List<Integer> widths = widths(quantization, proposal, weights);
                int sum = widths.stream().mapToInt(Integer::intValue).sum();
                assertTrue(sum >= before, bytes + ": " + widths);
                assertTrue(widths.get(0) <= widths.get(1), bytes + ": " + widths);
                assertTrue(widths.get(1) <= widths.get(2), bytes + ": " + widths);
                before = sum;
            }
            assertTrue(before > 18, "three weights, " + before + " bits");
        }
    }

    @DataProvider
    public Object[][] forms() {
        return new Object[][] {
            {FloatFormat.FLOAT32, Mapping.SYMMETRIC},
            {FloatFormat.FLOAT32, Mapping.AFFINE},
            {FloatFormat.BFLOAT16, Mapping.SYMMETRIC},
        };
    }

    /** With a scale for each group of 8 they take as much as the codes. */
    @Test(dataProvider = "forms")
    public void theGoalIsKeptAndHardlyMissed(FloatFormat format, Mapping mapping) {
        try (NDManager manager = NDManager.newBaseManager()) {
            List<TargetWeight> weights = new ArrayList<>();
            FakeProposal proposal = proposal(manager, weights);
            int bytes = 2500;
            Map<TargetWeight, WeightTransform> grids =
                    goal(bytes)
                            .optGranularity(Granularity.perGroup(8))
                            .optScaleFormat(format)
                            .optMapping(mapping)
                            .build()
                            .propose(2, proposal);
            List<NamedWeight> encoded = new ArrayList<>();
            for (TargetWeight weight : weights) {
                EncodedWeight dense =
                        new DenseWeight(shape(weight), proposal.value(weight).toFloatArray());
                encoded.add(
                        new NamedWeight(
                                weight.path(),
                                NamedWeight.Role.WEIGHT,
                                grids.get(weight).encode(dense, manager)));
            }
            long taken = BonsaiFile.ledger(new BonsaiModel(encoded, List.of())).total();
            assertTrue(taken < bytes * 1.05, taken + " of " + bytes);
            assertTrue(taken > bytes * 0.8, taken + " of " + bytes);
        }
    }

    private static int[] shape(TargetWeight weight) {
        return Arrays.stream(weight.shape().getShape()).mapToInt(Math::toIntExact).toArray();
    }

    @Test
    public void enoughBytesAreTheWidestAndTooFewTheNarrowest() {
        try (NDManager manager = NDManager.newBaseManager()) {
            List<TargetWeight> weights = new ArrayList<>();
            FakeProposal proposal = proposal(manager, weights);
            assertEquals(widths(goal(1_000_000).build(), proposal, weights), List.of(8, 8, 8));
            assertEquals(widths(goal(1).build(), proposal, weights), List.of(2, 2, 2));
        }
    }

    @Test
    public void aWidthOfItsOwnIsKeptAndCounted() {
        try (NDManager manager = NDManager.newBaseManager()) {
            List<TargetWeight> weights = new ArrayList<>();
            FakeProposal proposal = proposal(manager, weights);
            List<Integer> without = widths(goal(2000).build(), proposal, weights);
            List<Integer> with = widths(goal(2000).addBits("w0", 8).build(), proposal, weights);
            assertEquals((int) with.get(0), 8);
            assertTrue(with.get(2) < without.get(2), with + " " + without);
        }
    }

    /** Without signals all are as sensitive as their size says. */
    @Test
    public void theRelativeErrorNeedsNoTraining() {
        try (NDManager manager = NDManager.newBaseManager()) {
            List<TargetWeight> weights = new ArrayList<>();
            FakeProposal proposal = proposal(manager, weights);
            Quantization relative = goal(1900).optErrorMeasure(ErrorMeasure.RELATIVE).build();
            assertEquals(relative.getSignals(), Set.of());
            List<Integer> widths = widths(relative, proposal, weights);
            assertTrue(widths.get(2) - widths.get(0) <= 1, widths.toString());
            assertEquals(goal(1900).build().getSignals(), Set.of(Signal.GRADIENT_SQUARED));
            assertEquals(Quantization.builder().setBits(2).build().getSignals(), Set.of());
        }
    }

    @Test
    public void onTheWayNoWidthIsBelowTheLevel() {
        try (NDManager manager = NDManager.newBaseManager()) {
            List<TargetWeight> weights = new ArrayList<>();
            FakeProposal proposal = proposal(manager, weights);
            Quantization quantization = goal(1500).optSteps(16, 6, 4).build();
            for (int level : new int[] {16, 6, 4}) {
                Map<TargetWeight, WeightTransform> grids = quantization.propose(level, proposal);
                for (TargetWeight weight : weights) {
                    assertTrue(grids.get(weight).bits(32) >= level, level + " bits");
                }
            }
            assertEquals(quantization.getLevels().format(4), "4 to 8 bits");
            assertEquals(quantization.getLevels().format(16), "16 bits");
        }
    }

    @DataProvider
    public Object[][] mistakes() {
        return new Object[][] {
            {(Runnable) () -> goal(0), "1 or more bytes"},
            {(Runnable) () -> goal(9).setBits(8).build(), "from setBits to 8 bits"},
            {
                (Runnable) () -> goal(9).optRounding(Rounding.stochastic(1)).build(),
                "rounded to the nearest"
            },
        };
    }

    @Test(dataProvider = "mistakes")
    public void aMistakeIsNamed(Runnable call, String message) {
        IllegalArgumentException e = expectThrows(IllegalArgumentException.class, call::run);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
