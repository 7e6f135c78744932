package dev.bonsai.variational;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertNotSame;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.bonsai.core.Effect;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Levels;
import dev.bonsai.core.ProposalTestBase;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import java.util.Arrays;
import java.util.Map;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class VariationalDropoutTest extends ProposalTestBase {

    private static final float[] VALUES = {0.001f, 0.5f, -1, -0.001f, 0.25f, -2};

    private TargetWeight weight;

    @BeforeMethod(dependsOnMethods = "openProposal")
    void open() {
        weight = proposal.add("weight", new Shape(2, 3), VALUES);
    }

    @Test
    void everyElementBeginsWithTheSameNoise() {
        WeightTransform noisy = propose(builder(), 1);
        // -8 in units of the rate of 3
        assertEquals(own(noisy).getArray().toFloatArray(), filled(-8 / 3f), 1e-7f); // rounding
        assertEquals(own(noisy).getArray().getShape(), weight.shape());
    }

    @Test
    void whatWasLearnedIsCarriedOverIntoArraysOfTheNewState() {
        Map<TargetWeight, WeightTransform> first = builder().build().propose(1, proposal);
        NDArray learned = own(first.get(weight)).getArray();
        learned.stopGradient().addi(0.25f);
        proposal.accept(first);
        Parameter carried = own(propose(builder(), 2));
        assertNotSame(carried.getArray(), learned);
        assertEquals(carried.getArray().toFloatArray(), learned.toFloatArray());
        assertTrue(carried.getArray().hasGradient(), "it is trained on");
        learned.stopGradient().addi(1);
        assertEquals(carried.getArray().toFloatArray(), filled(-8 / 3f + 0.25f), 1e-6f); // rounding
    }

    @Test
    void aNewStateRemovesWhatThePresentOneDoes() {
        Map<TargetWeight, WeightTransform> first = builder().build().propose(1, proposal);
        proposal.accept(first);
        float[] present = inference(first.get(weight));
        // |0.001| < exp(-(8 + 3) / 2)
        assertEquals(present, new float[] {0, 0.5f, -1, 0, 0.25f, -2});
        assertEquals(inference(propose(builder(), 2)), present);
    }

    @Test
    void whatIsRemovedStaysRemovedWhereTheWeightWasFrozenSince() {
        proposal.add("other", new Shape(1, 2), 1, 2); // one is to be trained
        Map<TargetWeight, WeightTransform> first = builder().build().propose(1, proposal);
        proposal.accept(first);
        float[] present = inference(first.get(weight));
        weight.parameter().freeze(true);
        assertEquals(inference(propose(builder(), 2)), present);
    }

    @Test
    void theWeightOfTheDivergenceRisesDuringTheWarmUp() {
        VariationalDropout.Builder builder = builder().optKlWeight(3).optWarmupSteps(4);
        Levels levels = builder.build().getLevels();
        assertEquals(levels.format(1), "step 1.00, KL weight 0.75");
        assertEquals(levels.format(4), "step 4.00, KL weight 3.00");
        assertEquals(levels.format(9), "step 9.00, KL weight 3.00");
        assertEquals(levels.target(), 15.0);
        assertTrue(levels.between(2, 3).isPresent());
    }

    @Test
    void thereIsNothingBeforeTheFirstStep() {
        assertTrue(builder().build().propose(0, proposal).isEmpty());
    }

    @Test
    void theSameSeedGivesTheSameNoise() {
        float[] first = training(propose(builder().optSeed(3), 1));
        assertEquals(training(propose(builder().optSeed(3), 1)), first);
        assertNotEquals(training(propose(builder().optSeed(4), 1)), first);
    }

    @Test
    void itSetsZerosAndIsJudgedAfterTraining() {
        assertEquals(builder().build().getEffect(), Effect.ZEROS);
        assertTrue(builder().build().isJudgedAfterTraining());
    }

    @Test
    void badSettingsAreRefusedAtOnce() {
        assertMessage(() -> VariationalDropout.builder().build(), "none", "setSamples");
        assertMessage(() -> builder().setSamples(0), "got 0", "setSamples");
        assertMessage(() -> builder().optKlWeight(0), "0.0", "use 1");
        assertMessage(() -> builder().optKlWeight(Float.POSITIVE_INFINITY), "Infinity");
        assertMessage(() -> builder().optThreshold(Float.NaN), "NaN", "use 3");
        assertMessage(() -> builder().optInitialLogVariance(Float.NaN), "NaN", "use -8");
        assertMessage(() -> builder().optVarianceRate(-1), "-1.0", "use 3");
        assertMessage(() -> builder().optSteps(0), "steps", "got 0");
        assertMessage(() -> builder().optWarmupSteps(0), "warm-up steps", "got 0");
        assertMessage(() -> builder().optSteps(3).build(), "5 of 3", "at most 3");
    }

    private static VariationalDropout.Builder builder() {
        return VariationalDropout.builder().setSamples(100);
    }

    private WeightTransform propose(VariationalDropout.Builder builder, double level) {
        return builder.build().propose(level, proposal).get(weight);
    }

    private static Parameter own(WeightTransform transform) {
        return transform.getParameters().get(0);
    }

    private float[] inference(WeightTransform transform) {
        return apply(transform, Mode.INFERENCE);
    }

    private float[] training(WeightTransform transform) {
        return apply(transform, Mode.TRAINING);
    }

    private float[] apply(WeightTransform transform, Mode mode) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray value = scratch.create(VALUES, weight.shape());
            return transform.apply(value, WeightTransformContract.pass(mode)).toFloatArray();
        }
    }

    private static float[] filled(float value) {
        float[] values = new float[VALUES.length];
        Arrays.fill(values, value);
        return values;
    }
}
