package dev.bonsai.pruning;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ProposalTestBase;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import java.util.Arrays;
import java.util.Set;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class CriterionTest extends ProposalTestBase {

    private static final Shape LARGE = new Shape(100, 100);

    private float[] importance(Criterion criterion, TargetWeight weight) {
        NDArray value = proposal.value(weight);
        NDArray importance =
                criterion.importance(weight, value, signal -> proposal.signal(weight, signal));
        assertEquals(importance.getShape(), value.getShape());
        return importance.toFloatArray();
    }

    @DataProvider
    Object[][] formulas() {
        // weights 1, -2, 3, -4 and signals 0.5, 2, -1, 0
        return new Object[][] {
            {"magnitude", Criterion.magnitude(), null, floats(1, 2, 3, 4)},
            {
                "gradientMagnitude",
                Criterion.gradientMagnitude(),
                Signal.GRADIENT_MAGNITUDE,
                floats(0.5f, 2, -1, 0)
            },
            {
                "taylor",
                Criterion.taylor(),
                Signal.WEIGHT_TIMES_GRADIENT_SQUARED,
                floats(0.5f, 2, -1, 0)
            },
            {
                "movement",
                Criterion.movement(),
                Signal.WEIGHT_TIMES_GRADIENT,
                floats(-0.5f, -2, 1, 0)
            },
            {
                "contribution",
                Criterion.contribution(),
                Signal.INPUT_MAGNITUDE,
                floats(0.5f, 4, -3, 0)
            },
        };
    }

    @Test(dataProvider = "formulas")
    void importanceFollowsTheFormula(
            String name, Criterion criterion, Signal signal, float[] expected) {
        TargetWeight weight = proposal.add("a", new Shape(2, 2), 1, -2, 3, -4);
        if (signal != null) {
            proposal.setSignal(weight, signal, 0.5f, 2, -1, 0);
        }
        float[] got = importance(criterion, weight);
        for (int i = 0; i < got.length; ++i) {
            assertEquals(got[i], expected[i], 0f, name); // products of powers of two and 3
        }
        assertEquals(criterion.getSignals(), signal == null ? Set.of() : Set.of(signal));
        assertEquals(criterion.toString(), name);
    }

    @Test(dataProvider = "formulas")
    void valueAndSignalAreUntouched(
            String name, Criterion criterion, Signal signal, float[] expected) {
        TargetWeight weight = proposal.add("a", new Shape(2, 2), 1, -2, 3, -4);
        if (signal != null) {
            proposal.setSignal(weight, signal, 0.5f, 2, -1, 0);
        }
        importance(criterion, weight);
        assertEquals(proposal.value(weight).toFloatArray(), floats(1, -2, 3, -4), name);
        if (signal != null) {
            assertEquals(
                    proposal.signal(weight, signal).toFloatArray(), floats(0.5f, 2, -1, 0), name);
        }
    }

    @Test
    void whatNoGradientHasReachedGoesFirst() {
        TargetWeight weight = proposal.add("a", new Shape(2, 2), 1, -2, 3, -4);
        proposal.setSignal(weight, Signal.GRADIENT_MAGNITUDE, 0.5f, 1e-30f, 2, 0);
        Criterion criterion = Criterion.magnitude().deadEndsFirst();
        assertEquals(importance(criterion, weight), floats(1, 2, 3, Float.NEGATIVE_INFINITY));
        assertEquals(criterion.getSignals(), Set.of(Signal.GRADIENT_MAGNITUDE));
        assertEquals(criterion.toString(), "magnitude.deadEndsFirst");
    }

    @Test
    void deadEndsFirstKeepsTheSignalsOfTheCriterion() {
        assertEquals(
                Criterion.movement().deadEndsFirst().getSignals(),
                Set.of(Signal.GRADIENT_MAGNITUDE, Signal.WEIGHT_TIMES_GRADIENT));
    }

    @Test
    void movementRemovesALargeWeightThatShrinksBeforeASmallOneThatGrows() {
        TargetWeight weight = proposal.add("a", new Shape(1, 3), 5, 0.1f, 1);
        // a step goes against the gradient: the first moves towards zero, the second away
        proposal.setSignal(weight, Signal.WEIGHT_TIMES_GRADIENT, 5 * 0.3f, 0.1f * -0.3f, 0);
        MaskTransform mask =
                (MaskTransform)
                        Pruning.builder()
                                .setTargetSparsity(0.34f)
                                .optCriterion(Criterion.movement())
                                .build()
                                .propose(0.34, proposal)
                                .get(weight);
        assertFalse(mask.keep().get(0));
        assertTrue(mask.keep().get(1));
    }

    @Test
    void randomIsTheSameForTheSameElementWhateverElseIsAsked() {
        TargetWeight first = large("first");
        TargetWeight second = large("second");
        Criterion criterion = Criterion.random(3);
        float[] expected = importance(criterion, first);
        importance(criterion, second);
        assertEquals(importance(criterion, first), expected);
        proposal.set(first, new float[first.size()]);
        assertEquals(importance(Criterion.random(3), first), expected, "whatever the value");
    }

    @Test
    void randomTellsSeedsAndPathsApart() {
        TargetWeight weight = large("layer_weight");
        float[] one = importance(Criterion.random(3), weight);
        // neighbouring seeds and names, which must not give the same numbers, nor shifted ones
        for (long seed : new long[] {0, 2, 4, -3, 3L << 32}) {
            assertUnrelated(one, importance(Criterion.random(seed), weight));
        }
        for (String path : new String[] {"layer_weighu", "layes_weight", "layer_weigi5"}) {
            assertUnrelated(one, importance(Criterion.random(3), large(path)));
        }
    }

    @Test
    void randomIsUniform() {
        float[] values = importance(Criterion.random(1), large("a"));
        int[] tenths = new int[10];
        for (float value : values) {
            assertTrue(value >= 0 && value < 1, "" + value);
            ++tenths[(int) (value * 10)];
        }
        // 1,000 expected in each, with a standard deviation of 30: five of them
        Arrays.stream(tenths).forEach(n -> assertEquals(n, 1000, 150));
    }

    @Test
    void aLaterStepRemovesASupersetAtRandom() {
        TargetWeight weight = large("a");
        Pruning pruning =
                Pruning.builder().setTargetSparsity(0.9f).optCriterion(Criterion.random(5)).build();
        // not even told what is gone already
        MaskTransform half = (MaskTransform) pruning.propose(0.5, proposal).get(weight);
        MaskTransform most = (MaskTransform) pruning.propose(0.9, proposal).get(weight);
        assertEquals(most.keep().cardinality(), 1000);
        for (int i = most.keep().nextSetBit(0); i >= 0; i = most.keep().nextSetBit(i + 1)) {
            assertTrue(half.keep().get(i), "revived at " + i);
        }
    }

    private TargetWeight large(String path) {
        return proposal.add(path, LARGE, new float[(int) LARGE.size()]);
    }

    /** Correlations of independent numbers have a standard deviation of 0.01 here: five of them. */
    private static void assertUnrelated(float[] one, float[] other) {
        for (int shift = 0; shift < 3; ++shift) {
            double sum = 0;
            for (int i = shift; i < one.length; ++i) {
                sum += (one[i] - 0.5) * (other[i - shift] - 0.5) * 12;
            }
            assertEquals(sum / one.length, 0, 0.05);
        }
    }

    private static float[] floats(float... values) {
        return values;
    }
}
