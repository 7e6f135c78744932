package dev.bonsai.regularization;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.ProposalTestBase;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.StepHook;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.ScaleLayout;
import dev.bonsai.quantization.Granularity;
import dev.bonsai.quantization.Mapping;
import dev.bonsai.quantization.Quantization;
import java.util.Arrays;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The penalty on the bits of the codes. */
public class BitsPenaltyTest extends ProposalTestBase {

    private static final Shape SHAPE = new Shape(12, 30);

    /** Many zeros, and the others mostly small. */
    private static float[] values(int seed) {
        Random random = new Random(seed);
        float[] values = new float[(int) SHAPE.size()];
        for (int i = 0; i < values.length; ++i) {
            double laplacian = -Math.log(1 - random.nextDouble());
            values[i] = random.nextInt(3) == 0 ? (float) (random.nextBoolean() ? 1 : -1) : 0;
            values[i] *= (float) laplacian;
        }
        return values;
    }

    @DataProvider
    Object[][] grids() {
        Quantization.Builder four = Quantization.builder().setBits(4);
        return new Object[][] {
            {four.build()},
            {four.optGranularity(Granularity.perGroup(7)).build()},
            {Quantization.builder().setBits(8).optGranularity(Granularity.perTensor()).build()},
            {Quantization.builder().setBits(12).build()},
            {Quantization.builder().setBits(4).optMapping(Mapping.AFFINE).build()}
        };
    }

    private WeightTransform penalty(float strength) {
        return Regularization.bits(strength)
                .build()
                .propose(strength, proposal)
                .get(proposal.weights().get(0));
    }

    @Test(dataProvider = "grids")
    void theContractHoldsBehindAGrid(Quantization quantization) {
        TargetWeight weight = proposal.add("weight", SHAPE, values(1));
        WeightTransform grid =
                quantization.propose(quantization.getLevels().target(), proposal).get(weight);
        proposal.setBehind(weight, grid);
        WeightTransformContract.of(penalty(1e-3f), manager, SHAPE, values(1))
                .behind(grid)
                .restoredBy(Regularization.bits(1e-3f).build())
                .check();
    }

    @Test
    void theContractHoldsForFloats() {
        proposal.add("weight", SHAPE, values(1));
        WeightTransformContract.of(penalty(1e-3f), manager, SHAPE, values(1))
                .restoredBy(Regularization.bits(1e-3f).build())
                .check();
    }

    private float[] gradient(WeightTransform penalty, float... values) {
        try (NDArray latent = manager.create(values, SHAPE);
                NDArray changed = manager.zeros(SHAPE)) {
            ((StepHook) penalty)
                    .beforeStep(latent, changed, WeightTransformContract.pass(Mode.TRAINING));
            assertEquals(latent.toFloatArray(), values);
            return changed.toFloatArray();
        }
    }

    /** The bits by straight lines between the codes, written down anew. */
    private static double bits(GridWeight grid, float... values) {
        double[] counts = new double[9];
        for (int i = 0; i < grid.size(); ++i) {
            ++counts[Math.abs(grid.codes().get(i))];
        }
        double[] lengths = new double[9];
        for (int k = 0; k < 9; ++k) {
            double share = (counts[k] + 0.5) / (grid.size() + 4.5);
            lengths[k] = -Math.log(share) / Math.log(2) + (k > 0 ? 1 : 0);
        }
        double sum = 0;
        for (int i = 0; i < values.length; ++i) {
            double code = Math.abs(values[i]) / grid.scales()[grid.layout().groupOf(i)];
            int below = (int) Math.min(8, code);
            double part = Math.min(8, code) - below;
            sum += lengths[below] + (below < 8 ? part * (lengths[below + 1] - lengths[below]) : 0);
        }
        return sum;
    }

    @Test
    void theGradientIsThatOfTheBits() {
        float[] values = values(2);
        TargetWeight weight = proposal.add("weight", SHAPE, values);
        Quantization four = Quantization.builder().setBits(4).build();
        WeightTransform transform = four.propose(4, proposal).get(weight);
        GridWeight grid =
                (GridWeight) transform.encode(new DenseWeight(new int[] {12, 30}, values), manager);
        proposal.setBehind(weight, transform);
        float[] gradient = gradient(penalty(0.5f), values);
        for (int i = 0; i < values.length; ++i) {
            float code = Math.abs(values[i]) / grid.scales()[grid.layout().groupOf(i)];
            boolean isKink = Math.abs(code - Math.rint(code)) < 0.01;
            if (!isKink) {
                float[] moved = values.clone();
                moved[i] += 1e-4f;
                double rise = (bits(grid, moved) - bits(grid, values)) / (moved[i] - values[i]);
                assertEquals(gradient[i], 0.5 * rise, 1e-2 * Math.abs(rise), "element " + i);
            }
        }
    }

    @Test
    void whatIsZeroIsLeftAloneAndTheRestIsDrawnToZeroWhereZerosAreMany() {
        float[] values = values(3);
        proposal.add("weight", SHAPE, values);
        float[] gradient = gradient(penalty(1e-3f), values);
        int against = 0;
        for (int i = 0; i < values.length; ++i) {
            if (values[i] == 0) {
                assertEquals(gradient[i], 0f);
            }
            against += gradient[i] * values[i] < 0 ? 1 : 0;
        }
        assertTrue(against < 10, against + " grow, of which there are few sizes");
        assertTrue(gradient(penalty(2e-3f), values)[at(values)] == 2 * gradient[at(values)]);
    }

    private static int at(float... values) {
        int at = 0;
        while (values[at] == 0) {
            ++at;
        }
        return at;
    }

    @Test
    void aWeightOfZerosHasNoGradient() {
        proposal.add("weight", SHAPE, new float[(int) SHAPE.size()]);
        float[] zeros = new float[(int) SHAPE.size()];
        assertEquals(gradient(penalty(1), zeros), zeros);
    }

    @Test
    void theBitsAreEstimatedAnewBetweenEpochs() {
        assertEquals(Regularization.bits(1).build().getRefresh(), Refresh.EACH_EPOCH);
        assertEquals(Regularization.l1(1).build().getRefresh(), Refresh.NONE);
    }

    @Test
    void wrongStrengthsAndStatesAreRefused() {
        assertMessage(() -> Regularization.bits(-1), "-1.0", "bits(1e-5f)");
        float[] one = {1};
        assertMessage(() -> new BitsState(1, 2, 3, 3, one, one), "1 steps of 2 rows");
        assertMessage(() -> new BitsState(1, 1, 3, 3, new float[] {0}, one), "above 0");
        assertMessage(() -> new BitsState(1, 1, 3, 3, one, new float[] {Float.NaN}), "finite");
        BitsState state = new BitsState(1, 1, 3, 3, one, one);
        assertMessage(() -> BitsPenalty.restored(state, 4, manager.zeros(new Shape())), "4");
        ScaleLayout layout = state.layout();
        assertEquals(layout, ScaleLayout.perTensor(3), Arrays.toString(one));
    }
}
