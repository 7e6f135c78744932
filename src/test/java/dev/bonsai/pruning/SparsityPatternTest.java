package dev.bonsai.pruning;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.Levels;
import dev.bonsai.core.ProposalTestBase;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class SparsityPatternTest extends ProposalTestBase {

    @DataProvider
    Object[][] groups() {
        List<Object[]> rows = new ArrayList<>();
        for (int seed = 0; seed < 6; ++seed) {
            for (float sparsity : new float[] {0.1f, 0.5f, 0.8f, 0.95f, 0.9999f}) {
                rows.add(new Object[] {seed, sparsity, SparsityPattern.channel()});
                rows.add(new Object[] {seed, sparsity, SparsityPattern.block(4, 2)});
                rows.add(new Object[] {seed, sparsity, SparsityPattern.block(3, 50)});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "groups")
    void groupsGoAsAWholeAndTheirCountIsTheNearest(
            int seed, float sparsity, SparsityPattern pattern) {
        addRandom(seed, 3);
        for (Scope scope : Scope.values()) {
            List<BitSet> kept = kept(target(sparsity).optPattern(pattern).optScope(scope));
            List<List<BitSet>> groups = new ArrayList<>();
            for (TargetWeight weight : proposal.weights()) {
                groups.add(groups(pattern.groups(weight.shape())));
            }
            assertWholeGroups(kept, groups);
            if (scope == Scope.LOCAL) {
                for (int i = 0; i < kept.size(); ++i) {
                    assertNearest(sparsity, kept.subList(i, i + 1), groups.subList(i, i + 1));
                }
            } else {
                assertNearest(sparsity, kept, groups);
            }
        }
    }

    private static void assertWholeGroups(List<BitSet> kept, List<List<BitSet>> groups) {
        for (int i = 0; i < kept.size(); ++i) {
            assertTrue(kept.get(i).cardinality() > 0, "every weight keeps a group");
            for (BitSet group : groups.get(i)) {
                BitSet both = (BitSet) group.clone();
                both.and(kept.get(i));
                assertTrue(both.isEmpty() || both.equals(group), group + " is cut by the mask");
            }
        }
    }

    /** No count of removed elements is further from what was asked for than half a group. */
    private static void assertNearest(
            float sparsity, List<BitSet> kept, List<List<BitSet>> groups) {
        int size = groups.stream().flatMap(List::stream).mapToInt(BitSet::cardinality).sum();
        int largest =
                groups.stream().flatMap(List::stream).mapToInt(BitSet::cardinality).max().orElse(0);
        int removed = size - kept.stream().mapToInt(BitSet::cardinality).sum();
        long wanted = Math.round(Double.parseDouble(Float.toString(sparsity)) * size);
        boolean atTheEnd =
                IntStream.range(0, kept.size())
                        .allMatch(i -> groups.get(i).contains(kept.get(i))); // one group each
        assertTrue(
                2 * Math.abs(removed - wanted) <= largest || (atTheEnd && removed < wanted),
                removed + " for " + wanted);
    }

    private static List<BitSet> groups(Groups groups) {
        List<BitSet> all = new ArrayList<>();
        for (int i = 0; i < groups.count(); ++i) {
            BitSet one = new BitSet();
            one.set(i);
            BitSet elements = (BitSet) groups.elements(one).clone();
            assertEquals(elements.cardinality(), groups.size(i));
            all.add(elements);
        }
        return all;
    }

    @Test
    void blocksOfOneElementAreNoPattern() {
        for (int seed = 0; seed < 4; ++seed) {
            addRandom(seed, 2);
            assertEquals(
                    kept(target(0.7f).optPattern(SparsityPattern.block(1, 1))), kept(target(0.7f)));
        }
    }

    @Test
    void aChannelIsARowAndItsImportanceTheMean() {
        proposal.add("a", new Shape(3, 1, 2), 9, 0, 4, -4, 3, 3); // means 4.5, 4, 3
        assertEquals(kept(third()), List.of(bits(0, 1, 2, 3)));
        proposal = new FakeProposal(manager);
        proposal.add("b", new Shape(2, 4), 3, 3, 3, 3, 0, 0, 0, 20); // means 3, 5
        assertEquals(
                kept(target(0.5f).optPattern(SparsityPattern.channel())),
                List.of(bits(4, 5, 6, 7)));
    }

    private static Pruning.Builder third() {
        return target(0.33f).optPattern(SparsityPattern.channel());
    }

    @Test
    void blocksAtTheEdgesAreSmaller() {
        // 3 x 3 in blocks of 2 x 2: the means are 1, 2, 3 and, of the corner, 4
        proposal.add("a", new Shape(3, 3), 1, 1, 2, 1, 1, 2, 3, 3, 4);
        Pruning.Builder block = target(0.66f).optPattern(SparsityPattern.block(2, 2));
        assertEquals(kept(block), List.of(bits(6, 7, 8))); // 6 of 9 are removed
    }

    @Test
    void globallyChannelsCountByTheirElements() {
        proposal.add("wide", new Shape(2, 6), 1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9);
        proposal.add("narrow", new Shape(4, 2), 2, 2, 3, 3, 4, 4, 9, 9);
        // 8 of 20 elements: the wide row of 6, then the narrow row of 2
        assertEquals(
                kept(target(0.4f).optPattern(SparsityPattern.channel())),
                List.of(bits(6, 7, 8, 9, 10, 11), bits(2, 3, 4, 5, 6, 7)));
        // 3 of 20 lie halfway between none and 6, and a half goes up; 2 are nearer to none
        assertEquals(
                kept(target(0.15f).optPattern(SparsityPattern.channel())).get(0),
                bits(6, 7, 8, 9, 10, 11));
        assertEquals(
                kept(target(0.1f).optPattern(SparsityPattern.channel())).get(0).cardinality(), 12);
    }

    @Test
    void tiesKeepTheLowerGroupAndTheEarlierWeight() {
        proposal.add("a", new Shape(2, 2), 1, 1, 1, 1);
        proposal.add("b", new Shape(2, 2), 1, 1, 1, 1);
        assertEquals(
                kept(target(0.25f).optPattern(SparsityPattern.channel())),
                List.of(bits(0, 1, 2, 3), bits(0, 1)));
    }

    @Test
    void aThresholdIsComparedWithTheMean() {
        proposal.add("a", new Shape(3, 2), 0, 3, 0.9f, 1, 1, 1);
        Pruning.Builder builder =
                Pruning.builder().setThreshold(1).optPattern(SparsityPattern.channel());
        assertEquals(kept(builder), List.of(bits(0, 1, 4, 5)));
    }

    @DataProvider
    Object[][] nm() {
        return new Object[][] {{2, 4}, {1, 4}, {1, 2}, {4, 8}, {3, 5}, {2, 16}};
    }

    @Test(dataProvider = "nm")
    void nOfEveryMStayAtEveryLevelAndNoneIsRevived(int n, int m) {
        for (int seed = 0; seed < 4; ++seed) {
            proposal = new FakeProposal(manager);
            Random random = new Random(seed);
            Shape shape = new Shape(3, 5 + random.nextInt(40));
            TargetWeight weight = proposal.add("a", shape, gaussian(random, shape));
            Pruning pruning = Pruning.builder().optPattern(SparsityPattern.nm(n, m)).build();
            Levels levels = pruning.getLevels();
            double level = 0;
            BitSet before = bits();
            before.set(0, weight.size());
            for (int stay = m - 1; stay >= n; --stay) {
                level = levels.next(level).getAsDouble();
                assertEquals(levels.format(level), stay + ":" + m);
                Map<TargetWeight, WeightTransform> state = pruning.propose(level, proposal);
                proposal.accept(state);
                BitSet keep = state.isEmpty() ? before : keep(state.get(weight));
                assertQuota(keep, (int) shape.get(1), stay, m);
                BitSet revived = (BitSet) keep.clone();
                revived.andNot(before);
                assertTrue(revived.isEmpty());
                before = keep;
                proposal.set(weight, gaussian(random, shape));
            }
            assertTrue(levels.next(level).isEmpty());
        }
    }

    private static void assertQuota(BitSet keep, int columns, int stay, int m) {
        for (int row = 0; row < 3; ++row) {
            for (int column = 0; column < columns; column += m) {
                int length = Math.min(m, columns - column);
                int from = row * columns + column;
                assertEquals(
                        keep.get(from, from + length).cardinality(),
                        (int) Math.ceil((double) length * stay / m));
            }
        }
    }

    @Test
    void theLargestOfEachGroupStayAndTiesKeepTheLowerIndex() {
        proposal.add("a", new Shape(1, 10), 1, -4, 3, 2, 5, 5, 5, 5, 0.1f, -0.2f);
        assertEquals(
                kept(Pruning.builder().optPattern(SparsityPattern.nm(2, 4))),
                List.of(bits(1, 2, 4, 5, 9)));
    }

    @Test
    void groupsOfMFollowTheFlattenedInputs() {
        proposal.add("kernel", new Shape(2, 2, 1, 2), 4, 3, 2, 1, 1, 2, 3, 4);
        assertEquals(
                kept(Pruning.builder().optPattern(SparsityPattern.nm(2, 4))),
                List.of(bits(0, 1, 6, 7)));
    }

    @Test
    void aTargetThatSaysTheSameAsThePatternIsAllowed() {
        Pruning.builder().setTargetSparsity(0.5f).optPattern(SparsityPattern.nm(2, 4)).build();
        Pruning.builder().setTargetSparsity(0.9f).optPattern(SparsityPattern.nm(1, 10)).build();
    }

    @Test
    void aWeightTooShortForThePatternIsNamed() {
        proposal.add("short", new Shape(6, 1), 1, 2, 3, 4, 5, 6);
        Pruning.Builder builder = Pruning.builder().optPattern(SparsityPattern.nm(2, 4));
        assertMessage(() -> kept(builder), "short(6, 1)", "nm(2, 4)", "WeightSelector");
    }

    @Test
    void contradictionsAreRefused() {
        SparsityPattern pattern = SparsityPattern.nm(2, 4);
        for (Pruning.Builder builder :
                List.of(
                        target(0.6f),
                        Pruning.builder().setThreshold(1),
                        Pruning.builder().optScope(Scope.LOCAL),
                        Pruning.builder().optAllocation(Allocation.ERK),
                        Pruning.builder().optSchedule(SparsitySchedule.constant()))) {
            assertMessage(() -> builder.optPattern(pattern).build(), "nm(2, 4)", "leave out");
        }
        assertMessage(() -> Pruning.builder().build(), "none");
        assertThrows(IllegalArgumentException.class, () -> SparsityPattern.nm(4, 4));
        assertThrows(IllegalArgumentException.class, () -> SparsityPattern.nm(0, 4));
        assertThrows(IllegalArgumentException.class, () -> SparsityPattern.block(0, 4));
    }

    private void addRandom(int seed, int weights) {
        proposal = new FakeProposal(manager);
        Random random = new Random(seed);
        for (int i = 0; i < weights; ++i) {
            Shape shape = new Shape(1 + random.nextInt(30), 1 + random.nextInt(8), 3);
            proposal.add("weight" + i, shape, gaussian(random, shape));
        }
    }

    private static float[] gaussian(Random random, Shape shape) {
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Pruning.Builder target(float sparsity) {
        return Pruning.builder().setTargetSparsity(sparsity);
    }

    /** Returns the kept elements of each weight at the target. */
    private List<BitSet> kept(Pruning.Builder builder) {
        Pruning pruning = builder.build();
        Map<TargetWeight, WeightTransform> state =
                pruning.propose(pruning.getLevels().target(), proposal);
        List<BitSet> kept = new ArrayList<>();
        for (TargetWeight weight : proposal.weights()) {
            BitSet all = new BitSet();
            all.set(0, weight.size());
            kept.add(state.containsKey(weight) ? keep(state.get(weight)) : all);
        }
        return kept;
    }

    private static BitSet keep(WeightTransform mask) {
        return ((MaskTransform) mask).keep();
    }

    private static BitSet bits(int... indices) {
        BitSet bits = new BitSet();
        IntStream.of(indices).forEach(bits::set);
        return bits;
    }
}
