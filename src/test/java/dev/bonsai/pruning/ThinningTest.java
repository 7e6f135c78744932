package dev.bonsai.pruning;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.thinning.Cost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Which channels {@link Thinning} takes out. */
public class ThinningTest extends ThreeLayers {

    @DataProvider
    Object[][] savings() {
        List<Object[]> rows = new ArrayList<>();
        for (float fraction : new float[] {0.05f, 0.3f, 0.5f, 0.8f}) {
            for (Scope scope : Scope.values()) {
                rows.add(new Object[] {Saving.parameters(fraction), fraction, scope});
                rows.add(new Object[] {Saving.multiplyAdds(fraction), fraction, scope});
                Saving time =
                        Saving.latency(
                                fraction,
                                graph -> Cost.of(graph, network().inputs()).multiplyAdds());
                rows.add(new Object[] {time, fraction, scope});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "savings")
    void asMuchIsSavedAsWasAskedForAndHardlyMore(Saving saving, float fraction, Scope scope) {
        for (long seed = 0; seed < 5; ++seed) {
            Map<TargetWeight, WeightTransform> masks =
                    thinning(saving).optScope(scope).build().propose(fraction, proposal(seed));
            double whole = left(new BitSet(), new BitSet()).parameters();
            double unit = (WIDTHS[1] + WIDTHS[3]) / whole; // the largest that one unit saves
            double saved = saved(masks);
            assertTrue(saved >= fraction - 1e-6, saved + " of " + fraction);
            assertTrue(saved < fraction + Math.max(unit, (6 + 12) / whole), saved + "");
        }
    }

    @Test
    void whatAUnitUsesAndWhatUsesItIsZeroAndNothingElse() {
        Map<TargetWeight, WeightTransform> masks =
                thinning(Saving.parameters(0.4f)).build().propose(0.4, proposal(1));
        BitSet first = gone(masks, 1);
        BitSet second = gone(masks, 2);
        assertFalse(first.isEmpty() && second.isEmpty());
        masks.forEach(
                (weight, mask) -> {
                    int layer = weight.path().charAt(1) - '0';
                    BitSet rows = layer == 1 ? first : layer == 2 ? second : new BitSet();
                    BitSet columns = layer == 2 ? first : layer == 3 ? second : new BitSet();
                    for (int i = 0; i < weight.size(); ++i) {
                        boolean kept =
                                !rows.get(i / WIDTHS[layer - 1])
                                        && !columns.get(i % WIDTHS[layer - 1]);
                        assertEquals(((MaskTransform) mask).keep().get(i), kept);
                    }
                });
    }

    @Test
    void theLeastImportantUnitsGo() {
        FakeProposal proposal = proposal(1);
        float[] rows = new float[WIDTHS[1] * WIDTHS[0]];
        float[] columns = new float[WIDTHS[2] * WIDTHS[1]];
        for (int i = 0; i < rows.length; ++i) {
            rows[i] = i / WIDTHS[0] == 5 ? 0.01f : 1;
        }
        for (int i = 0; i < columns.length; ++i) {
            columns[i] = i % WIDTHS[1] == 5 ? 0.01f : 1;
        }
        proposal.set(proposal.weights().get(0), rows);
        proposal.set(proposal.weights().get(1), columns);
        Map<TargetWeight, WeightTransform> masks =
                thinning(Saving.parameters(0.05f)).build().propose(0.05, proposal);
        assertEquals(gone(masks, 1).toString(), "{5}");
        assertTrue(gone(masks, 2).isEmpty());
    }

    @Test
    void ofEquallyImportantUnitsTheLowerIsKept() {
        FakeProposal proposal = proposal(1);
        for (TargetWeight weight : proposal.weights()) {
            float[] ones = new float[weight.size()];
            Arrays.fill(ones, 1);
            proposal.set(weight, ones);
        }
        for (Scope scope : Scope.values()) {
            Map<TargetWeight, WeightTransform> masks =
                    thinning(Saving.parameters(0.5f))
                            .optScope(scope)
                            .build()
                            .propose(0.5, proposal);
            for (int layer = 1; layer <= 2; ++layer) {
                BitSet gone = gone(masks, layer);
                int least = gone.nextSetBit(0);
                assertEquals(gone.cardinality(), least < 0 ? 0 : WIDTHS[layer] - least);
            }
        }
    }

    @Test(dataProvider = "savings")
    void whatIsGoneStaysGone(Saving saving, float fraction, Scope scope) {
        Thinning technique = thinning(saving).optScope(scope).build();
        FakeProposal proposal = proposal(3);
        Map<TargetWeight, WeightTransform> before = technique.propose(fraction / 2, proposal);
        proposal.accept(before);
        Random random = new Random(8);
        for (int i = 1; i < WIDTHS.length; ++i) {
            proposal.set(proposal.weights().get(i - 1), values(random, i));
        }
        Map<TargetWeight, WeightTransform> after = technique.propose(fraction, proposal);
        for (int layer = 1; layer <= 2; ++layer) {
            BitSet lost = gone(before, layer);
            lost.andNot(gone(after, layer));
            assertTrue(lost.isEmpty(), "layer " + layer);
        }
        assertTrue(saved(after) >= fraction - 1e-6);
    }

    @Test
    void inTheLocalScopeAllGroupsLoseTheSameShare() {
        for (long seed = 0; seed < 5; ++seed) {
            Map<TargetWeight, WeightTransform> masks =
                    thinning(Saving.parameters(0.6f))
                            .optScope(Scope.LOCAL)
                            .build()
                            .propose(0.6, proposal(seed));
            double first = (double) gone(masks, 1).cardinality() / WIDTHS[1];
            double second = (double) gone(masks, 2).cardinality() / WIDTHS[2];
            assertEquals(first, second, 1.0 / WIDTHS[1]);
        }
    }

    @Test
    void whatIsLeftOfAGroupIsAMultiple() {
        for (int multiple : new int[] {2, 3, 4, 5, 8, 9}) {
            for (double level : new double[] {0.1, 0.3, 0.5}) {
                Thinning technique =
                        thinning(Saving.parameters(0.5f)).optMultipleOf(multiple).build();
                Map<TargetWeight, WeightTransform> masks = technique.propose(level, proposal(2));
                for (int layer = 1; layer <= 2; ++layer) {
                    int left = WIDTHS[layer] - gone(masks, layer).cardinality();
                    assertTrue(left % multiple == 0 || left == WIDTHS[layer], left + "");
                }
            }
        }
    }

    @Test
    void everyGroupKeepsAUnit() {
        Map<TargetWeight, WeightTransform> masks =
                thinning(Saving.parameters(0.99f)).build().propose(0.99, proposal(2));
        assertEquals(gone(masks, 1).cardinality(), WIDTHS[1] - 1);
        assertEquals(gone(masks, 2).cardinality(), WIDTHS[2] - 1);
    }

    @Test
    void nothingChangesAtTheStart() {
        assertEquals(thinning(Saving.parameters(0.5f)).build().propose(0, proposal(2)), Map.of());
    }

    @Test
    void groupsOfAWeightThatIsNotSelectedStayWhole() {
        FakeProposal proposal = proposal(2);
        proposal.remove(proposal.weights().get(0));
        Map<TargetWeight, WeightTransform> masks =
                thinning(Saving.parameters(0.3f)).build().propose(0.3, proposal);
        assertTrue(gone(masks, 1).isEmpty());
        assertFalse(gone(masks, 2).isEmpty());
    }

    @Test
    void theSignalsOfAllWeightsOfAUnitCount() {
        FakeProposal proposal = proposal(2);
        Map<TargetWeight, float[]> signals = new LinkedHashMap<>();
        for (TargetWeight weight : proposal.weights()) {
            float[] signal = new float[weight.size()];
            Arrays.fill(signal, 1);
            signals.put(weight, signal);
        }
        for (int row = 0; row < WIDTHS[2]; ++row) {
            signals.get(proposal.weights().get(1))[row * WIDTHS[1] + 2] = 0; // all of a column
        }
        signals.forEach(
                (weight, signal) ->
                        proposal.setSignal(weight, Signal.WEIGHT_TIMES_GRADIENT_SQUARED, signal));
        Map<TargetWeight, WeightTransform> masks =
                Thinning.builder()
                        .setSaving(Saving.parameters(0.05f))
                        .build()
                        .propose(0.05, proposal);
        assertEquals(gone(masks, 1).toString(), "{2}");
    }

    /** Freezes a weight, and has gradients say the same of all others. */
    private static void freeze(FakeProposal proposal, int frozen) {
        proposal.weights().get(frozen).parameter().freeze(true);
        for (TargetWeight weight : proposal.weights()) {
            if (!weight.isFrozen()) {
                float[] signal = new float[weight.size()];
                Arrays.fill(signal, 1);
                proposal.setSignal(weight, Signal.WEIGHT_TIMES_GRADIENT_SQUARED, signal);
            }
        }
    }

    @Test
    void aGroupOfAFrozenWeightStaysWholeWhereGradientsRank() {
        Thinning technique = Thinning.builder().setSaving(Saving.parameters(0.3f)).build();
        for (int frozen : new int[] {0, 2}) {
            FakeProposal proposal = proposal(2);
            freeze(proposal, frozen);
            technique.checkNetwork(network(), proposal.weights());
            Map<TargetWeight, WeightTransform> masks = technique.propose(0.3, proposal);
            assertTrue(gone(masks, frozen == 0 ? 1 : 2).isEmpty());
            assertFalse(gone(masks, frozen == 0 ? 2 : 1).isEmpty());
        }
    }

    @Test
    void whatIsGoneStaysGoneWhereItsWeightIsFrozenSince() {
        Thinning technique = Thinning.builder().setSaving(Saving.parameters(0.6f)).build();
        FakeProposal proposal = proposal(2);
        Map<TargetWeight, WeightTransform> before =
                thinning(Saving.parameters(0.3f))
                        .optScope(Scope.LOCAL)
                        .build()
                        .propose(0.3, proposal);
        proposal.accept(before);
        freeze(proposal, 0);
        Map<TargetWeight, WeightTransform> after = technique.propose(0.6, proposal);
        assertFalse(gone(before, 1).isEmpty());
        assertEquals(gone(after, 1), gone(before, 1));
        assertTrue(gone(after, 2).cardinality() > gone(before, 2).cardinality());
    }
}
