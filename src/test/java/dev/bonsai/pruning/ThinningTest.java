package dev.bonsai.pruning;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.TracedNetwork;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.thinning.Cost;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Which channels {@link Thinning} takes out. */
public class ThinningTest {

    /** Three layers: 6 inputs, two hidden groups of 8 and 12 units, 4 outputs. */
    private static final int[] WIDTHS = {6, 8, 12, 4};

    private NDManager manager;

    @BeforeMethod
    void setUp() {
        manager = NDManager.newBaseManager();
    }

    @AfterMethod
    void tearDown() {
        manager.close();
    }

    private static TracedNetwork network() {
        List<Graph.Weight> weights = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        String value = "x";
        for (int i = 1; i < WIDTHS.length; ++i) {
            dev.bonsai.graph.type.Shape shape =
                    dev.bonsai.graph.type.Shape.of(WIDTHS[i], WIDTHS[i - 1]);
            weights.add(new Graph.Weight("w" + i, ElementType.FLOAT32, shape));
            nodes.add(Node.of(new Gemm(1, 1, false, true), "h" + i, value, "w" + i));
            nodes.add(Node.of(Unary.RELU, "r" + i, "h" + i));
            value = "r" + i;
        }
        Graph.Input input =
                new Graph.Input(
                        "x",
                        ElementType.FLOAT32,
                        dev.bonsai.graph.type.Shape.of(Dim.free("n"), Dim.of(WIDTHS[0])));
        Graph graph = new Graph(List.of(input), weights, Map.of(), nodes, List.of(value));
        return new TracedNetwork(graph, List.of(dev.bonsai.graph.type.Shape.of(1, WIDTHS[0])));
    }

    private FakeProposal proposal(long seed) {
        FakeProposal proposal = new FakeProposal(manager);
        proposal.see(network());
        Random random = new Random(seed);
        for (int i = 1; i < WIDTHS.length; ++i) {
            proposal.add("w" + i, new Shape(WIDTHS[i], WIDTHS[i - 1]), values(random, i));
        }
        return proposal;
    }

    private static float[] values(Random random, int layer) {
        float[] values = new float[WIDTHS[layer] * WIDTHS[layer - 1]];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Thinning.Builder thinning(Saving saving) {
        return Thinning.builder().setSaving(saving).optCriterion(Criterion.magnitude());
    }

    /** The units of a layer that nothing uses: zero columns of the weight behind it. */
    private static BitSet gone(Map<TargetWeight, WeightTransform> masks, int layer) {
        BitSet gone = new BitSet();
        masks.forEach(
                (weight, mask) -> {
                    if (weight.path().equals("w" + (layer + 1))) {
                        BitSet keep = ((MaskTransform) mask).keep();
                        for (int unit = 0; unit < WIDTHS[layer]; ++unit) {
                            boolean used = false;
                            for (int row = 0; row < WIDTHS[layer + 1]; ++row) {
                                used |= keep.get(row * WIDTHS[layer] + unit);
                            }
                            gone.set(unit, !used);
                        }
                    }
                });
        return gone;
    }

    /** What is left of the cost, counted by hand. */
    private static Cost left(BitSet first, BitSet second) {
        int a = WIDTHS[1] - first.cardinality();
        int b = WIDTHS[2] - second.cardinality();
        long count = (long) WIDTHS[0] * a + (long) a * b + (long) b * WIDTHS[3];
        return new Cost(count, count);
    }

    private static double saved(Map<TargetWeight, WeightTransform> masks) {
        double whole = left(new BitSet(), new BitSet()).parameters();
        return 1 - left(gone(masks, 1), gone(masks, 2)).parameters() / whole;
    }

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
            java.util.Arrays.fill(ones, 1);
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
            java.util.Arrays.fill(signal, 1);
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

    @Test
    void whatCantBeReachedIsRefusedWithWhatCan() {
        Thinning technique = thinning(Saving.parameters(0.99f)).build();
        String message =
                expectThrows(
                                IllegalArgumentException.class,
                                () -> technique.checkNetwork(network(), proposal(1).weights()))
                        .getMessage();
        double most = 1 - (6 + 1 + 4) / (double) left(new BitSet(), new BitSet()).parameters();
        for (String part :
                List.of("saved 0.9900", String.format("saved %.4f", most), "w1[0]", "output")) {
            assertTrue(message.contains(part), message);
        }
        thinning(Saving.parameters(0.9f)).build().checkNetwork(network(), proposal(1).weights());
    }

    @Test
    void noGroupIsRefusedWithTheReasons() {
        List<TargetWeight> last = proposal(1).weights().subList(2, 3);
        String message =
                expectThrows(
                                IllegalArgumentException.class,
                                () ->
                                        thinning(Saving.parameters(0.1f))
                                                .build()
                                                .checkNetwork(network(), last))
                        .getMessage();
        assertTrue(message.contains("WeightSelector") && message.contains("w3"), message);
    }

    @Test
    void aNaNNamesTheWeight() {
        FakeProposal proposal = proposal(1);
        float[] broken = new float[WIDTHS[1] * WIDTHS[0]];
        broken[7] = Float.NaN;
        proposal.set(proposal.weights().get(0), broken);
        String message =
                expectThrows(
                                IllegalArgumentException.class,
                                () ->
                                        thinning(Saving.parameters(0.1f))
                                                .build()
                                                .propose(0.1, proposal))
                        .getMessage();
        assertTrue(message.contains("w1") && message.contains("NaN"), message);
    }

    @Test
    void aTimeThatIsNoTimeIsRefused() {
        for (double seconds : new double[] {0, -1, Double.NaN}) {
            Thinning technique = thinning(Saving.latency(0.3f, graph -> seconds)).build();
            assertThrows(IllegalArgumentException.class, () -> technique.propose(0.3, proposal(1)));
        }
    }

    @Test
    void settingsAreChecked() {
        for (float wrong : new float[] {-0.1f, 1, Float.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> Saving.parameters(wrong));
            assertThrows(IllegalArgumentException.class, () -> Saving.multiplyAdds(wrong));
            assertThrows(IllegalArgumentException.class, () -> Saving.latency(wrong, g -> 1));
        }
        assertThrows(IllegalArgumentException.class, () -> Thinning.builder().build());
        assertThrows(IllegalArgumentException.class, () -> Thinning.builder().optMultipleOf(0));
        Thinning defaults = Thinning.builder().setSaving(Saving.multiplyAdds(0.5f)).build();
        assertEquals(defaults.getSettings().criterion(), Criterion.taylor());
        assertEquals(defaults.getSettings().scope(), Scope.GLOBAL);
        assertEquals(defaults.getSettings().selector(), WeightSelector.all());
        assertEquals(defaults.getLevels().target(), 0.5);
        assertEquals(defaults.getLevels().format(0.25), "multiply-adds saved 0.2500");
    }
}
