package dev.bonsai.pruning;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ProposalTestBase;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class RegrowthTest extends ProposalTestBase {

    @DataProvider
    Object[][] regrowths() {
        List<Object[]> rows = new ArrayList<>();
        for (Regrowth regrowth :
                List.of(
                        Regrowth.random(0.3f, 10, 5),
                        Regrowth.gradient(0.3f, 10),
                        Regrowth.splicing(10))) {
            for (SparsityPattern pattern :
                    List.of(
                            SparsityPattern.unstructured(),
                            SparsityPattern.channel(),
                            SparsityPattern.block(4, 3))) {
                for (Scope scope : Scope.values()) {
                    rows.add(new Object[] {regrowth, pattern, scope});
                }
            }
        }
        rows.add(new Object[] {Regrowth.splicing(10), SparsityPattern.nm(2, 4), null});
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "regrowths")
    void refreshesKeepTheCountAndChangeTheMask(
            Regrowth regrowth, SparsityPattern pattern, Scope scope) {
        Pruning.Builder builder = Pruning.builder().optPattern(pattern).optRegrowth(regrowth);
        if (scope != null) {
            builder.setTargetSparsity(0.6f).optScope(scope);
        }
        Pruning pruning = builder.build();
        double level = pruning.getLevels().target();
        Random random = new Random(3);
        for (Shape shape : List.of(new Shape(14, 9), new Shape(30, 2, 5))) {
            proposal.add("weight" + shape, shape, gaussian(random, shape));
        }
        Map<TargetWeight, WeightTransform> state = pruning.propose(level, proposal);
        Map<TargetWeight, WeightTransform> first = state;
        int count = count(state);
        for (int step = 10; step <= 50; step += 10) {
            proposal.accept(state);
            proposal.refreshAt(step);
            for (TargetWeight weight : proposal.weights()) {
                train(weight, regrowth, state.get(weight), random);
            }
            state = pruning.propose(level, proposal);
            // splicing cuts anew, to the nearest whole group, and groups differ in size here
            int group = regrowth.revives() ? largest(pattern) : 0;
            assertEquals(count(state), count, group, "step " + step);
        }
        for (TargetWeight weight : proposal.weights()) {
            assertNotEquals(keep(state.get(weight)), keep(first.get(weight)));
        }
    }

    private int largest(SparsityPattern pattern) {
        return proposal.weights().stream()
                .map(weight -> pattern.groups(weight.shape()))
                .mapToInt(groups -> groups.isElements() ? 0 : groups.height() * groups.width())
                .max()
                .orElseThrow();
    }

    /** Moves a weight as training would, with zeros where the mask holds them. */
    private void train(
            TargetWeight weight, Regrowth regrowth, WeightTransform mask, Random random) {
        float[] values = gaussian(random, weight.shape());
        if (!regrowth.revives()) {
            for (int i = 0; i < values.length; ++i) {
                values[i] = keep(mask).get(i) ? values[i] : 0;
            }
        }
        proposal.set(weight, values);
        proposal.setSignal(weight, Signal.GRADIENT_MAGNITUDE, gaussian(random, weight.shape()));
    }

    @Test
    void theLeastImportantAreExchangedForTheLargestGradients() {
        TargetWeight weight = proposal.add("a", new Shape(1, 8), 1, 2, 3, 4, 0, 0, 0, 0);
        Pruning pruning = half(Regrowth.gradient(0.5f, 10));
        proposal.accept(pruning.propose(0.5, proposal));
        proposal.setSignal(weight, Signal.GRADIENT_MAGNITUDE, 9, 9, 9, 9, 1, 3, 2, 3);
        assertEquals(refreshed(pruning, weight, 10), bits(2, 3, 5, 7));
    }

    @Test
    void amongEqualGradientsTheLowerIndexIsGrown() {
        TargetWeight weight = proposal.add("a", new Shape(1, 8), 1, 2, 3, 4, 0, 0, 0, 0);
        Pruning pruning = half(Regrowth.gradient(0.5f, 10));
        proposal.accept(pruning.propose(0.5, proposal));
        proposal.setSignal(weight, Signal.GRADIENT_MAGNITUDE, 0, 0, 0, 0, 1, 1, 1, 1);
        assertEquals(refreshed(pruning, weight, 10), bits(2, 3, 4, 5));
    }

    @Test
    void whatIsNotAtZeroYetIsNotGrown() {
        TargetWeight weight = proposal.add("a", new Shape(1, 4), 3, 4, 1, 2);
        Pruning pruning = half(Regrowth.gradient(0.5f, 10));
        proposal.accept(pruning.propose(0.5, proposal));
        proposal.set(weight, 3, 4, 1, 0); // no step has been taken: only one is at zero
        proposal.setSignal(weight, Signal.GRADIENT_MAGNITUDE, 1, 1, 9, 1);
        assertEquals(refreshed(pruning, weight, 10), bits(1, 3));
    }

    @Test
    void theMostImportantIsNeverExchanged() {
        TargetWeight weight = proposal.add("a", new Shape(1, 2), 3, 0);
        Pruning pruning = half(Regrowth.gradient(0.9f, 10));
        proposal.accept(pruning.propose(0.5, proposal));
        proposal.setSignal(weight, Signal.GRADIENT_MAGNITUDE, 0, 9);
        assertEquals(refreshed(pruning, weight, 10), bits(0));
    }

    @Test
    void randomGrowthDependsOnTheSeedAndTheStepAlone() {
        float[] values = new float[200];
        for (int i = 0; i < 100; ++i) {
            values[i] = i + 1;
        }
        TargetWeight weight = proposal.add("a", new Shape(2, 100), values);
        Pruning pruning = half(Regrowth.random(0.2f, 10, 1));
        proposal.accept(pruning.propose(0.5, proposal));
        BitSet ten = refreshed(pruning, weight, 10);
        assertEquals(refreshed(pruning, weight, 10), ten);
        assertNotEquals(refreshed(pruning, weight, 20), ten);
        assertNotEquals(refreshed(half(Regrowth.random(0.2f, 10, 2)), weight, 10), ten);
        assertEquals(ten.nextSetBit(0), 20, "the 20 least important have gone");
        assertEquals(ten.get(100, 200).cardinality(), 20);
    }

    @Test
    void splicingTakesBackWhatHasGrownBehindTheMask() {
        TargetWeight weight = proposal.add("a", new Shape(1, 4), 4, 3, 2, 1);
        Pruning pruning = half(Regrowth.splicing(10));
        proposal.accept(pruning.propose(0.5, proposal));
        proposal.set(weight, 4, 3, 2, -5);
        assertEquals(refreshed(pruning, weight, 10), bits(0, 3));
    }

    @Test
    void withoutRegrowthARefreshChangesNothing() {
        TargetWeight weight = proposal.add("a", new Shape(1, 4), 4, 3, 2, 1);
        Pruning pruning = Pruning.builder().setTargetSparsity(0.5f).optRamp(10, 4).build();
        proposal.accept(pruning.propose(0.5, proposal));
        proposal.set(weight, 1, 2, 3, 4);
        assertEquals(refreshed(pruning, weight, 10), bits(0, 1));
    }

    @Test
    void whatIsAskedForIsTold() {
        Pruning plain = Pruning.builder().setTargetSparsity(0.5f).build();
        assertEquals(plain.getRefresh(), Refresh.NONE);
        assertEquals(plain.getRewindEpoch(), OptionalInt.empty());
        Pruning rigL =
                Pruning.builder()
                        .setTargetSparsity(0.5f)
                        .optRegrowth(Regrowth.gradient(0.3f, 50))
                        .optRamp(50, 4)
                        .build();
        assertEquals(rigL.getRefresh(), new Refresh(50, 4));
        assertEquals(rigL.getSignals(), Set.of(Signal.GRADIENT_MAGNITUDE));
        Pruning ticket = Pruning.builder().setTargetSparsity(0.5f).optRewind(2).build();
        assertEquals(ticket.getRewindEpoch(), OptionalInt.of(2));
    }

    @Test
    void contradictionsAreRefused() {
        Regrowth rigL = Regrowth.gradient(0.3f, 50);
        Pruning.Builder half = Pruning.builder().setTargetSparsity(0.5f);
        assertMessage(half.optRegrowth(rigL).optRamp(40, 2)::build, "40", "50", "same");
        assertMessage(half.optRamp(50, 2).optRewind(1)::build, "optRewind");
        assertMessage(
                Pruning.builder().setThreshold(1).optRegrowth(rigL)::build, "setTargetSparsity");
        Pruning.Builder nm = Pruning.builder().optPattern(SparsityPattern.nm(2, 4));
        assertMessage(nm.optRegrowth(rigL)::build, "nm(2, 4)", "Regrowth.splicing(50)");
        assertThrows(IllegalArgumentException.class, () -> half.optRewind(-1));
        assertThrows(IllegalArgumentException.class, () -> half.optRamp(0, 2));
        assertThrows(IllegalArgumentException.class, () -> half.optRamp(2, 0));
        assertThrows(IllegalArgumentException.class, () -> Regrowth.splicing(0));
        assertThrows(IllegalArgumentException.class, () -> Regrowth.gradient(0, 10));
        assertThrows(IllegalArgumentException.class, () -> Regrowth.gradient(Float.NaN, 10));
        assertThrows(IllegalArgumentException.class, () -> Regrowth.random(1, 10, 0));
    }

    @Test
    void masksOfARegrowthFulfilTheContractAndLetTheGradientThrough() {
        Shape shape = new Shape(5, 7);
        float[] values = gaussian(new Random(1), shape);
        for (Regrowth regrowth : List.of(Regrowth.splicing(1), Regrowth.gradient(0.5f, 1))) {
            MaskTransform mask =
                    regrowth.mask(bits(0, 3, 8, 30), 0.5, shape, DataType.FLOAT32, manager);
            WeightTransformContract.of(mask, manager, shape, values)
                    .restoredBy(
                            Pruning.builder().setTargetSparsity(0.5f).optRegrowth(regrowth).build())
                    .check();
        }
    }

    @Test
    void aHoldingMaskTakesBackWhatTheOptimizerDidToRemovedWeights() {
        HoldingMask mask = new HoldingMask(bits(1), 0.5, new Shape(3), DataType.FLOAT32, manager);
        NDArray latent = manager.create(new float[] {-1, 2, 3});
        mask.afterStep(latent);
        assertEquals(latent.toFloatArray(), new float[] {0, 2, 0});
    }

    private static Pruning half(Regrowth regrowth) {
        return Pruning.builder().setTargetSparsity(0.5f).optRegrowth(regrowth).build();
    }

    private BitSet refreshed(Pruning pruning, TargetWeight weight, long step) {
        proposal.refreshAt(step);
        return keep(pruning.propose(0.5, proposal).get(weight));
    }

    private static int count(Map<TargetWeight, WeightTransform> state) {
        return state.values().stream().mapToInt(mask -> keep(mask).cardinality()).sum();
    }

    private static BitSet keep(WeightTransform mask) {
        return ((MaskTransform) mask).keep();
    }

    private static float[] gaussian(Random random, Shape shape) {
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static BitSet bits(int... indices) {
        BitSet bits = new BitSet();
        IntStream.of(indices).forEach(bits::set);
        return bits;
    }
}
