package dev.bonsai.regularization;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Effect;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Levels;
import dev.bonsai.core.ProposalTestBase;
import dev.bonsai.core.StepHook;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class RegularizationTest extends ProposalTestBase {

    private static final Shape SHAPE = new Shape(13, 7);

    @DataProvider
    Object[][] penalties() {
        return new Object[][] {
            {Regularization.l1(0.1f)}, {Regularization.l2(0.1f)}, {Regularization.bits(0.1f)}
        };
    }

    @Test(dataProvider = "penalties")
    void fulfilsTheContract(Regularization.Builder builder) {
        float[] values = gaussian(1);
        values[3] = -0f;
        WeightTransformContract.of(at(builder, 0.1), manager, SHAPE, values)
                .restoredBy(builder.build())
                .check();
    }

    @Test(dataProvider = "penalties")
    void theWeightIsSeenAsItIs(Regularization.Builder builder) {
        float[] values = gaussian(2);
        WeightTransform penalty = at(builder, 0.1);
        for (Mode mode : Mode.values()) {
            try (NDArray weight = manager.create(values, SHAPE)) {
                NDArray seen = penalty.apply(weight, WeightTransformContract.pass(mode));
                assertEquals(seen.toFloatArray(), values);
            }
        }
    }

    @DataProvider
    Object[][] strengths() {
        return new Object[][] {{1e-6f}, {1e-3f}, {0.1f}, {1f}, {100f}};
    }

    @Test(dataProvider = "strengths")
    void l1TakesTheStrengthFromEveryMagnitudeDownToZero(float strength) {
        float[] values = gaussian(3);
        float[] after = afterStep(at(Regularization.l1(strength), strength), values);
        for (int i = 0; i < values.length; ++i) {
            float left = Math.max(Math.abs(values[i]) - strength, 0);
            // exact: one subtraction of floats, which rounds as Java's does
            assertEquals(after[i], left == 0 ? 0 : Math.copySign(left, values[i]), 0f);
        }
    }

    @Test
    void l1MakesNoNegativeZero() {
        float[] values = {-0f, 0, 0.25f, -0.25f, -0.1f, 1e-40f, -1e-40f};
        for (float value : afterStep(at(Regularization.l1(0.25f), 0.25), values)) {
            assertEquals(Float.floatToRawIntBits(value), 0);
        }
    }

    @Test
    void l1StepsAddUpAndEndAtZero() {
        WeightTransform penalty = at(Regularization.l1(0.125f), 0.125);
        float[] values = {1, -1, 0.5f, 0.3f};
        for (int step = 0; step < 4; ++step) {
            values = afterStep(penalty, values);
        }
        assertEquals(values, new float[] {0.5f, -0.5f, 0, 0});
    }

    @Test
    void l1LeavesTheGradientAlone() {
        float[] gradient = {1, -2, 3};
        assertEquals(
                beforeStep(at(Regularization.l1(0.5f), 0.5), new float[] {1, 2, -4}, gradient),
                gradient);
    }

    @Test
    void l2AddsItsGradientAndLeavesTheWeightAlone() {
        WeightTransform penalty = at(Regularization.l2(0.5f), 0.5);
        float[] values = {1, 2, -4};
        assertEquals(
                beforeStep(penalty, values, new float[] {1, -2, 3}), new float[] {1.5f, -1, 1});
        assertEquals(afterStep(penalty, values), values);
    }

    @Test(dataProvider = "penalties")
    void theStrengthRisesInFourStepsThatCanBeHalved(Regularization.Builder builder) {
        Levels levels = builder.build().getLevels();
        assertEquals(levels.next(0).getAsDouble(), 0.025, 1e-8); // 0.1 as a float
        assertEquals(levels.next(0.03).getAsDouble(), 0.05, 1e-8);
        assertEquals(levels.target(), 0.1, 1e-8);
        assertTrue(levels.between(0, levels.target() / 4).isPresent());
        assertEquals(levels.format(0.1), "strength 1.00e-01");
    }

    @Test
    void theTargetIsTheLastOfTheStepsThatAreGiven() {
        Levels levels = Regularization.l1(0.5f).optSteps(0.125f, 0.25f).build().getLevels();
        assertEquals(levels.next(0).getAsDouble(), 0.125);
        assertEquals(levels.next(0.125).getAsDouble(), 0.25);
        assertEquals(levels.next(0.25).getAsDouble(), 0.5);
        assertEquals(
                Regularization.l1(0.5f).optSteps().build().getLevels().next(0).getAsDouble(), 0.5);
    }

    @Test(dataProvider = "penalties")
    void aPenaltyIsJudgedAfterTraining(Regularization.Builder builder) {
        assertEquals(builder.build().getEffect(), Effect.PENALTY);
        assertTrue(builder.build().isJudgedAfterTraining());
    }

    @Test
    void strengthZeroIsNothingAtAll() {
        proposal.add("a", new Shape(1, 2), 1, 2);
        Regularization none = Regularization.l1(0).build();
        assertTrue(none.getLevels().next(0).isEmpty());
        assertTrue(none.propose(0, proposal).isEmpty());
    }

    @Test
    void onlySelectedWeightsAreProposedFor() {
        TargetWeight weight = proposal.add("a", new Shape(1, 2), 1, 2);
        WeightSelector selector = WeightSelector.builder().include("a").build();
        Regularization technique = Regularization.l1(1).optSelector(selector).build();
        assertEquals(technique.getSelector(), selector);
        assertTrue(technique.propose(1, proposal).containsKey(weight));
    }

    @Test
    void aStrengthThatIsNegativeOrNotFiniteIsRefused() {
        for (float bad : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertMessage(() -> Regularization.l1(bad), String.valueOf(bad), "l1(1e-5f)");
            assertMessage(() -> Regularization.l2(bad), String.valueOf(bad), "l2(1e-5f)");
        }
    }

    @Test
    void stepsThatDoNotRiseToTheStrengthAreRefused() {
        Regularization.Builder builder = Regularization.l1(1);
        assertMessage(() -> builder.optSteps(0.5f, 0.5f), "[0.5, 0.5]", "sort");
        assertMessage(() -> builder.optSteps(0, 0.5f), "[0.0, 0.5]");
        assertMessage(() -> builder.optSteps(0.5f, 2), "[0.5, 2.0]", "leave out");
        assertMessage(() -> builder.optSteps(Float.NaN), "NaN");
    }

    private WeightTransform at(Regularization.Builder builder, double level) {
        TargetWeight weight = proposal.add("weight", SHAPE, gaussian(9));
        return builder.build().propose(level, proposal).get(weight);
    }

    private float[] afterStep(WeightTransform penalty, float... values) {
        assertFalse(penalty.toString().isEmpty());
        try (NDArray latent = manager.create(values)) {
            ((StepHook) penalty).afterStep(latent);
            return latent.toFloatArray();
        }
    }

    private float[] beforeStep(WeightTransform penalty, float[] values, float[] gradient) {
        try (NDArray latent = manager.create(values);
                NDArray changed = manager.create(gradient)) {
            ((StepHook) penalty)
                    .beforeStep(latent, changed, WeightTransformContract.pass(Mode.TRAINING));
            assertEquals(latent.toFloatArray(), values);
            return changed.toFloatArray();
        }
    }

    private static float[] gaussian(int seed) {
        Random random = new Random(seed);
        float[] values = new float[(int) SHAPE.size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
