package dev.bonsai.pruning;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Levels;
import dev.bonsai.core.ProposalTestBase;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class PruningTest extends ProposalTestBase {

    @DataProvider
    Object[][] counts() {
        List<Object[]> rows = new ArrayList<>();
        for (int seed = 0; seed < 5; ++seed) {
            for (float sparsity : new float[] {0, 0.1f, 0.5f, 0.8f, 0.95f, 0.99f, 0.9999f}) {
                rows.add(new Object[] {seed, sparsity});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "counts")
    void globalCountsAreExact(int seed, float sparsity) {
        addRandom(seed, 3);
        int size = proposal.weights().stream().mapToInt(TargetWeight::size).sum();
        // Every weight keeps one element, whatever the sparsity.
        long expected = Math.min(Math.round(exact(sparsity) * size), size - 3);
        assertEquals(size - kept(target(sparsity)).stream().mapToInt(Set::size).sum(), expected);
    }

    @Test(dataProvider = "counts")
    void uniformCountsAreExactInEveryWeight(int seed, float sparsity) {
        addRandom(seed, 3);
        List<Set<Integer>> kept = kept(target(sparsity).optScope(Scope.LOCAL));
        for (int i = 0; i < kept.size(); ++i) {
            int size = proposal.weights().get(i).size();
            long removed = Math.min(Math.round(exact(sparsity) * size), size - 1);
            assertEquals(size - kept.get(i).size(), removed);
        }
    }

    @Test(dataProvider = "counts")
    void erkCountsAreExactInTotal(int seed, float sparsity) {
        addRandom(seed, 4);
        int size = proposal.weights().stream().mapToInt(TargetWeight::size).sum();
        long expected = Math.min(Math.round(exact(sparsity) * size), size - 4);
        List<Set<Integer>> kept =
                kept(target(sparsity).optScope(Scope.LOCAL).optAllocation(Allocation.ERK));
        assertEquals(size - kept.stream().mapToInt(Set::size).sum(), expected);
    }

    @Test
    void erkDensitiesFollowTheDimensions() {
        addConstant("a", new Shape(10, 10), 1); // (10 + 10) / 100 = 0.2
        addConstant("b", new Shape(40, 10), 1); // (40 + 10) / 400 = 0.125
        addConstant("c", new Shape(10, 10, 5, 5), 1); // 30 / 2500 = 0.012
        // 100 of 3,000 are kept: in the ratio 20 : 50 : 30 of the sums of the dimensions.
        List<Set<Integer>> kept = kept(erk(1 - 100f / 3000));
        assertEquals(kept.stream().map(Set::size).toList(), List.of(20, 50, 30));
    }

    @Test
    void erkSharesOutWhatASmallWeightCannotTake() {
        addConstant("small", new Shape(1, 4), 1);
        addConstant("a", new Shape(20, 20), 1);
        addConstant("b", new Shape(20, 20), 1);
        // 204 of 804 are kept. In proportion the small one would keep 204 * 5 / 85 = 12 of its 4.
        List<Set<Integer>> kept = kept(erk(1 - 204f / 804));
        assertEquals(kept.stream().map(Set::size).toList(), List.of(4, 100, 100));
    }

    @Test
    void globalTakesFromTheWeightWithSmallValuesAndLocalFromEach() {
        proposal.add("small", new Shape(1, 4), 0.1f, -0.2f, 0.3f, -0.4f);
        proposal.add("large", new Shape(1, 4), 1, -2, 3, -4);
        assertEquals(kept(target(0.375f)), List.of(Set.of(3), Set.of(0, 1, 2, 3)));
        assertEquals(kept(target(0.5f).optScope(Scope.LOCAL)), List.of(Set.of(2, 3), Set.of(2, 3)));
    }

    @Test
    void everyWeightKeepsItsMostImportantElement() {
        proposal.add("small", new Shape(1, 3), 0.1f, -0.3f, 0.2f);
        proposal.add("large", new Shape(1, 3), 1, 2, 3);
        assertEquals(kept(target(0.5f)), List.of(Set.of(1), Set.of(1, 2)));
        assertEquals(kept(target(0.99f)), List.of(Set.of(1), Set.of(2)));
        assertEquals(kept(target(0.99f).optScope(Scope.LOCAL)), List.of(Set.of(1), Set.of(2)));
        assertEquals(kept(Pruning.builder().setThreshold(9)), List.of(Set.of(1), Set.of(2)));
    }

    @Test
    void tiesKeepTheLowerIndexAndTheEarlierWeight() {
        proposal.add("a", new Shape(1, 4), 1, -1, 1, -1);
        proposal.add("b", new Shape(1, 4), -1, 1, -1, 1);
        assertEquals(kept(target(0.375f)), List.of(Set.of(0, 1, 2, 3), Set.of(0)));
        assertEquals(
                kept(target(0.25f).optScope(Scope.LOCAL)),
                List.of(Set.of(0, 1, 2), Set.of(0, 1, 2)));
    }

    @DataProvider
    Object[][] constants() {
        return new Object[][] {{0f}, {-0f}, {0.5f}, {-2f}};
    }

    @Test(dataProvider = "constants")
    void aConstantWeightIsNotWipedOut(float value) {
        addConstant("constant", new Shape(10, 10), value);
        List<Set<Integer>> kept = kept(target(0.7f));
        assertEquals(kept.get(0).size(), 30);
        assertTrue(kept.get(0).stream().allMatch(index -> index < 30), kept.toString());
    }

    @Test
    void zeroSparsityChangesNothing() {
        addRandom(1, 2);
        Pruning pruning = target(0).build();
        assertTrue(pruning.propose(0, proposal).isEmpty());
        assertTrue(pruning.getLevels().next(0).isEmpty());
    }

    @Test
    void aWeightThatLosesNothingHasNoMask() {
        proposal.add("small", new Shape(1, 4), 0.1f, -0.2f, 0.3f, -0.4f);
        TargetWeight large = proposal.add("large", new Shape(1, 4), 1, -2, 3, -4);
        assertFalse(target(0.25f).build().propose(0.25, proposal).containsKey(large));
    }

    @DataProvider
    Object[][] techniques() {
        List<Object[]> rows = new ArrayList<>();
        for (int seed = 0; seed < 4; ++seed) {
            rows.add(new Object[] {"global", seed, target(0.98f)});
            rows.add(new Object[] {"uniform", seed, target(0.98f).optScope(Scope.LOCAL)});
            rows.add(new Object[] {"erk", seed, erk(0.98f)});
            rows.add(new Object[] {"threshold", seed, Pruning.builder().setThreshold(2)});
            rows.add(new Object[] {"random", seed, target(0.98f).optCriterion(random(seed))});
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "techniques")
    void whatIsRemovedStaysRemovedWhileWeightsMove(String name, int seed, Pruning.Builder builder) {
        addRandom(seed, 4);
        Random random = new Random(seed);
        Pruning pruning = builder.build();
        Levels levels = pruning.getLevels();
        Map<TargetWeight, WeightTransform> state = Map.of();
        double level = levels.start();
        int removedSoFar = 0;
        while (levels.next(level).isPresent()) {
            level = levels.next(level).getAsDouble();
            Map<TargetWeight, WeightTransform> next = pruning.propose(level, proposal);
            state.forEach((weight, old) -> assertNoneRevived(keep(old), keep(next.get(weight))));
            state = next;
            proposal.accept(state);
            for (TargetWeight weight : proposal.weights()) {
                proposal.set(weight, gaussian(random, weight.size()));
            }
            removedSoFar = Math.max(removedSoFar, state.size());
        }
        assertTrue(removedSoFar > 0, name);
    }

    @Test
    void aThresholdRemovesExactlyWhatIsBelowIt() {
        proposal.add("a", new Shape(1, 6), 0.01f, -0.0099f, 0.5f, -0.01f, 0, 0.02f);
        assertEquals(kept(Pruning.builder().setThreshold(0.01f)), List.of(Set.of(0, 2, 3, 5)));
    }

    @Test
    void aThresholdRisesInEqualStepsAndCanBeHalved() {
        Levels levels = Pruning.builder().setThreshold(0.01f).build().getLevels();
        assertEquals(levels.next(0).getAsDouble(), 0.001, 1e-15); // rounding
        assertEquals(levels.target(), 0.01, 0.0);
        assertTrue(levels.between(0.009, 0.01).isPresent());
        assertEquals(levels.format(0.01), "threshold 0.0100");
    }

    @DataProvider
    Object[][] targets() {
        return new Object[][] {{0.5f}, {0.9f}, {0.95f}, {0.99f}, {0.999f}, {0.9995f}};
    }

    @Test(dataProvider = "targets")
    void theLastStepsCanBeHalvedAndToldApart(float target) {
        Levels levels = target(target).build().getLevels();
        assertEquals(levels.target(), exact(target), 0.0); // 0.9 and not 0.8999999762
        double before = 1 - 2 * (1 - levels.target());
        double middle = levels.between(before, levels.target()).getAsDouble();
        assertTrue(middle > before && middle < levels.target(), before + " to " + middle);
        assertFalse(levels.format(middle).equals(levels.format(levels.target())));
    }

    @Test
    void sparsityIsShownWithFourDigits() {
        assertEquals(target(0.9f).build().getLevels().format(0.9), "sparsity 0.9000");
    }

    @Test
    void theDefaultScheduleIsCubicInTenSteps() {
        Levels levels = target(0.9f).build().getLevels();
        // By hand: 0.9 * (1 - 0.9^3); the tolerance is for rounding.
        assertEquals(levels.next(0).getAsDouble(), 0.9 * (1 - 0.729), 1e-12);
    }

    @Test
    void aCriterionOfOnesOwnDecides() {
        proposal.add("a", new Shape(2, 3), 6, 5, 4, 3, 2, 1);
        Criterion smallFirst = (weight, value, signals) -> value.neg();
        assertEquals(kept(target(0.5f).optCriterion(smallFirst)), List.of(Set.of(3, 4, 5)));
    }

    @Test
    void aRandomCriterionRepeatsItselfForASeed() {
        addRandom(1, 2);
        assertEquals(
                kept(target(0.5f).optCriterion(random(7))),
                kept(target(0.5f).optCriterion(random(7))));
        assertFalse(
                kept(target(0.5f).optCriterion(random(7)))
                        .equals(kept(target(0.5f).optCriterion(random(8)))));
    }

    @Test
    void aCriterionSeesTheSignalsItAsksFor() {
        TargetWeight weight = proposal.add("a", new Shape(1, 4), 1, 2, 3, 4);
        proposal.setSignal(weight, Signal.GRADIENT_MAGNITUDE, 9, 1, 8, 2);
        Pruning pruning = target(0.5f).optCriterion(new GradientMagnitude()).build();
        assertEquals(pruning.getSignals(), Set.of(Signal.GRADIENT_MAGNITUDE));
        assertEquals(keep(pruning.propose(0.5, proposal).get(weight)), bits(0, 2));
    }

    @Test
    void aNanImportanceNamesTheWeight() {
        proposal.add("good", new Shape(1, 2), 1, 2);
        proposal.add("bad", new Shape(1, 2), 1, Float.NaN);
        assertMessage(() -> kept(target(0.5f)), "element 1", "bad(1, 2)", "learning rate");
    }

    @Test
    void infiniteImportancesAreRanked() {
        float inf = Float.POSITIVE_INFINITY;
        proposal.add("a", new Shape(1, 4), 1, -inf, 2, inf);
        Criterion plain = (weight, value, signals) -> value;
        assertEquals(kept(target(0.5f).optCriterion(plain)), List.of(Set.of(2, 3)));
    }

    @Test
    void anImportanceOfAnotherShapeIsRefused() {
        proposal.add("a", new Shape(2, 3), 6, 5, 4, 3, 2, 1);
        Criterion sum = (weight, value, signals) -> value.sum();
        assertMessage(() -> kept(target(0.5f).optCriterion(sum)), "(2, 3)", "()");
    }

    @Test
    void arraysOfAProposalBelongToItsManagers() {
        addRandom(1, 1);
        int before = manager.getManagedArrays().size();
        target(0.5f).build().propose(0.5, proposal);
        // The mask and its zero.
        assertEquals(manager.getManagedArrays().size(), before + 2);
    }

    @Test
    void contradictionsAreRefused() {
        assertMessage(() -> Pruning.builder().build(), "none", "setTargetSparsity");
        assertMessage(() -> target(0.5f).setThreshold(0.1f).build(), "both");
        assertMessage(() -> target(0.5f).optAllocation(Allocation.ERK).build(), "Scope.LOCAL");
        assertMessage(
                () -> target(0.5f).optScope(Scope.GLOBAL).optAllocation(Allocation.UNIFORM).build(),
                "UNIFORM");
        assertMessage(
                () -> Pruning.builder().setThreshold(1).optScope(Scope.LOCAL).build(), "optScope");
    }

    @DataProvider
    Object[][] badTargets() {
        return new Object[][] {{-0.1f}, {1f}, {95f}, {Float.NaN}};
    }

    @Test(dataProvider = "badTargets")
    void aTargetOutsideItsRangeIsRefusedAtOnce(float target) {
        assertMessage(() -> target(target), String.valueOf(target), "[0, 1)");
    }

    @Test
    void aThresholdThatIsNotPositiveIsRefusedAtOnce() {
        for (float bad : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertMessage(() -> Pruning.builder().setThreshold(bad), String.valueOf(bad));
        }
    }

    @Test
    void aDecreasingTrackerIsRefusedAtTheBuild() {
        SparsitySchedule schedule = SparsitySchedule.fromTracker(k -> 0.9f / k, 3);
        assertMessage(() -> target(0.9f).optSchedule(schedule).build(), "never decreases");
    }

    private static Pruning.Builder target(float sparsity) {
        return Pruning.builder().setTargetSparsity(sparsity);
    }

    private static Pruning.Builder erk(float sparsity) {
        return target(sparsity).optScope(Scope.LOCAL).optAllocation(Allocation.ERK);
    }

    private static double exact(float sparsity) {
        return Double.parseDouble(Float.toString(sparsity));
    }

    private static Criterion random(int seed) {
        Random random = new Random(seed);
        return (weight, value, signals) ->
                value.getManager().create(gaussian(random, weight.size()), weight.shape());
    }

    private void addRandom(int seed, int weights) {
        Random random = new Random(seed);
        for (int i = 0; i < weights; ++i) {
            Shape shape = new Shape(1 + random.nextInt(40), 1 + random.nextInt(40));
            proposal.add("weight" + i, shape, gaussian(random, (int) shape.size()));
        }
    }

    private void addConstant(String path, Shape shape, float value) {
        float[] values = new float[(int) shape.size()];
        Arrays.fill(values, value);
        proposal.add(path, shape, values);
    }

    private static float[] gaussian(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Returns the kept indices of each weight at the target. */
    private List<Set<Integer>> kept(Pruning.Builder builder) {
        Pruning pruning = builder.build();
        Map<TargetWeight, WeightTransform> state =
                pruning.propose(pruning.getLevels().target(), proposal);
        List<Set<Integer>> kept = new ArrayList<>();
        for (TargetWeight weight : proposal.weights()) {
            BitSet all = new BitSet();
            all.set(0, weight.size());
            BitSet keep = state.containsKey(weight) ? keep(state.get(weight)) : all;
            kept.add(Set.copyOf(keep.stream().boxed().toList()));
        }
        return kept;
    }

    private static BitSet keep(WeightTransform mask) {
        return ((MaskTransform) mask).keep();
    }

    private static BitSet bits(int... kept) {
        BitSet bits = new BitSet();
        Arrays.stream(kept).forEach(bits::set);
        return bits;
    }

    private static void assertNoneRevived(BitSet old, BitSet now) {
        BitSet revived = (BitSet) now.clone();
        revived.andNot(old);
        assertTrue(revived.isEmpty(), "revived: " + revived);
    }
}
