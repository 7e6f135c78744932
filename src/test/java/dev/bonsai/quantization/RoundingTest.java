package dev.bonsai.quantization;

import static dev.bonsai.quantization.Fixtures.apply;
import static dev.bonsai.quantization.Fixtures.encode;
import static dev.bonsai.quantization.Fixtures.greatest;
import static dev.bonsai.quantization.Fixtures.normals;
import static dev.bonsai.quantization.Fixtures.transform;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.GridWeight;
import java.util.Arrays;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The laws of stochastic rounding; nearest rounding is tested with the grid. */
public class RoundingTest {

    private static final Shape SHAPE = new Shape(4, 25);

    private NDManager state;

    @BeforeClass
    void open() {
        state = NDManager.newBaseManager();
    }

    @AfterClass
    void close() {
        state.close();
    }

    @DataProvider
    Object[][] grids() {
        return new Object[][] {
            {2, Mapping.SYMMETRIC},
            {4, Mapping.SYMMETRIC},
            {8, Mapping.SYMMETRIC},
            {2, Mapping.AFFINE},
            {4, Mapping.AFFINE},
            {8, Mapping.AFFINE},
            {16, Mapping.SYMMETRIC},
            {16, Mapping.AFFINE},
        };
    }

    @Test(dataProvider = "grids")
    void theMeanOverTrainingStepsIsTheWeight(int bits, Mapping mapping) {
        float[] values = normals(SHAPE, bits);
        GridWeight grid = encode(options(bits, mapping, 1), SHAPE, values);
        WeightTransform transform =
                transform(options(bits, mapping, 1).build(), state, SHAPE, values);
        int passes = 600;
        double[] mean = new double[values.length];
        for (int pass = 0; pass < passes; ++pass) {
            float[] effective = apply(transform, Mode.TRAINING, SHAPE, values);
            for (int i = 0; i < mean.length; ++i) {
                mean[i] += (double) effective[i] / passes;
            }
        }
        for (int i = 0; i < mean.length; ++i) {
            double scale = grid.scales()[i / 25];
            // Five standard errors of a coin of at most half a step's deviation, the known bias of
            // 2^(bits - 21) steps, and half a step more at the two ends of an affine grid.
            double allowed = scale * (2.5 / Math.sqrt(passes) + Math.pow(2, bits - 21));
            boolean end = mapping == Mapping.AFFINE && isEnd(grid, values, i);
            assertEquals(mean[i], values[i], end ? scale / 2 + allowed : allowed, "at " + i);
        }
    }

    /** Whether a value is the least or greatest of its row, or beyond the grid. */
    private static boolean isEnd(GridWeight grid, float[] values, int index) {
        int group = index / 25;
        float[] row = Arrays.copyOfRange(values, group * 25, group * 25 + 25);
        Arrays.sort(row);
        double code = values[index] / grid.scales()[group] + grid.zeroPoints()[group];
        int half = 1 << (grid.bits() - 1);
        return values[index] == row[0]
                || values[index] == row[24]
                || code < -half
                || code >= half - 1;
    }

    @Test(dataProvider = "grids")
    void theErrorIsBelowAStep(int bits, Mapping mapping) {
        float[] values = normals(SHAPE, 40 + bits);
        GridWeight grid = encode(options(bits, mapping, 1), SHAPE, values);
        WeightTransform transform =
                transform(options(bits, mapping, 1).build(), state, SHAPE, values);
        for (int pass = 0; pass < 50; ++pass) {
            float[] effective = apply(transform, Mode.TRAINING, SHAPE, values);
            for (int i = 0; i < values.length; ++i) {
                // The product rounds once more.
                float allowed = grid.scales()[i / 25] + Math.ulp(greatest(values));
                assertTrue(Math.abs(effective[i] - values[i]) < allowed, "at " + i);
            }
        }
    }

    @Test(dataProvider = "grids")
    void whatIsOnTheGridStays(int bits, Mapping mapping) {
        float[] values = normals(new Shape(20, 40), 80 + bits);
        Shape shape = new Shape(20, 40);
        WeightTransform transform =
                transform(options(bits, mapping, 3).build(), state, shape, values);
        float[] once = apply(transform, Mode.TRAINING, shape, values);
        for (int pass = 0; pass < 30; ++pass) {
            float[] again = apply(transform, Mode.TRAINING, shape, once);
            // The scale is found again within the 2^-22 of an affine grid and some roundings.
            assertEquals(again, once, greatest(values) * 0x1p-20f, "pass " + pass);
        }
    }

    @Test
    void inferenceRoundsTheSameWayEveryTime() {
        float[] values = normals(SHAPE, 7);
        WeightTransform transform =
                transform(options(3, Mapping.SYMMETRIC, 9).build(), state, SHAPE, values);
        float[] first = apply(transform, Mode.INFERENCE, SHAPE, values);
        float[] training = apply(transform, Mode.TRAINING, SHAPE, values);
        assertFalse(Arrays.equals(training, apply(transform, Mode.TRAINING, SHAPE, values)));
        assertEquals(apply(transform, Mode.INFERENCE, SHAPE, values), first);
    }

    @Test
    void theSeedDecides() {
        float[] values = normals(SHAPE, 7);
        float[] one = training(5, values);
        assertEquals(training(5, values), one);
        assertFalse(Arrays.equals(training(6, values), one));
    }

    @Test
    void equalWeightsAtOtherPositionsAreRoundedOtherwise() {
        float[] values = normals(SHAPE, 7);
        FakeProposal proposal = new FakeProposal(state);
        TargetWeight first = proposal.add("first", SHAPE, values);
        TargetWeight second = proposal.add("second", SHAPE, values);
        var grids = options(3, Mapping.SYMMETRIC, 5).build().propose(3, proposal);
        assertFalse(
                Arrays.equals(
                        apply(grids.get(first), Mode.INFERENCE, SHAPE, values),
                        apply(grids.get(second), Mode.INFERENCE, SHAPE, values)));
    }

    @Test
    void fulfilsTheContractInGroups() {
        float[] values = normals(SHAPE, 11);
        Quantization quantization =
                options(5, Mapping.SYMMETRIC, 2).optGranularity(Granularity.perGroup(4)).build();
        WeightTransformContract.of(
                        transform(quantization, state, SHAPE, values), state, SHAPE, values)
                .idempotentWithin(greatest(values) * 0x1p-22f) // some roundings of the scale
                .check();
    }

    private float[] training(long seed, float[] values) {
        return apply(
                transform(options(3, Mapping.SYMMETRIC, seed).build(), state, SHAPE, values),
                Mode.TRAINING,
                SHAPE,
                values);
    }

    private static Quantization.Builder options(int bits, Mapping mapping, long seed) {
        return Quantization.builder()
                .setBits(bits)
                .optMapping(mapping)
                .optRounding(Rounding.stochastic(seed));
    }
}
