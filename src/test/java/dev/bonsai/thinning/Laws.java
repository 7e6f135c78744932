package dev.bonsai.thinning;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.PlainRuns;
import dev.bonsai.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The laws of removal, for one model and one input. */
final class Laws {

    /**
     * Sums have other fours of terms: of each layer some roundings of 2^-24 of its values, which
     * the layers behind it pass on. A part of the largest output; in these networks at most 8
     * roundings were seen.
     */
    private static final double ROUNDING = 64 * 0x1p-24;

    private static final int FOUR = 4;
    private static final Set<Role> PRODUCING = Set.of(Role.PRODUCES, Role.BOTH);
    private static final Set<Role> CONSUMING = Set.of(Role.CONSUMES, Role.BOTH);

    private final GraphModel model;
    private final Tensor input;
    private final float[] whole;

    Laws(GraphModel model, Tensor input) {
        this.model = model;
        this.input = input;
        whole = run(model);
    }

    private float[] run(GraphModel one) {
        return PlainModel.of(one).run(input).get(0).floats();
    }

    /** Checks all groups; returns how many have units that could go without changing a bit. */
    int checkAll(long seed) {
        return checkAll(seed, true);
    }

    /**
     * Checks all groups.
     *
     * @param seed chooses the units
     * @param silent whether the values of units are 0 where all that makes them is
     * @return how many groups have units that could go without changing a bit
     */
    int checkAll(long seed, boolean silent) {
        ChannelGroups groups = ChannelGroups.of(model.graph());
        assertEquals(ChannelGroups.of(model.graph()), groups, "Two looks are equal");
        Random random = new Random(seed);
        int aligned = 0;
        for (ChannelGroup group : groups.groups()) {
            check(group, spoken(group, some(group, random)), silent);
            Optional<List<Integer>> fours = fours(group);
            if (silent && fours.isPresent()) {
                checkBits(group, fours.get());
                aligned += speak(group, fours.get()) ? 1 : 0;
            }
        }
        return aligned;
    }

    /** A few units, and at most all but one. */
    static List<Integer> some(ChannelGroup group, Random random) {
        int count = 1 + random.nextInt(Math.min(group.size() - 1, 5));
        List<Integer> units = new ArrayList<>(IntStream.range(0, group.size()).boxed().toList());
        java.util.Collections.shuffle(units, random);
        return units.subList(0, count);
    }

    /** Some units and as many more as it takes to change the outputs: some are 0 for each input. */
    private List<Integer> spoken(ChannelGroup group, List<Integer> some) {
        List<Integer> units = new ArrayList<>(some);
        for (int next = 0; !speak(group, units) && units.size() < group.size() - 1; ++next) {
            if (!units.contains(next)) {
                units.add(next);
            }
        }
        assertTrue(speak(group, units), "The units say something: " + group);
        return units;
    }

    private boolean speak(ChannelGroup group, List<Integer> units) {
        return !Arrays.equals(run(zeroed(group, units, CONSUMING)), whole);
    }

    /** Checks units of a group that change the outputs. */
    void check(ChannelGroup group, List<Integer> units, boolean isSilent) {
        checkUnused(group, units);
        if (isSilent) {
            float[] silent = run(zeroed(group, units, PRODUCING));
            assertClose(
                    run(Thinner.remove(model, group, units)),
                    silent,
                    "made by nothing, " + group + " without " + units);
        }
    }

    /**
     * Checks that units are gone, and that the outputs are those of a model that doesn't use them.
     */
    void checkUnused(ChannelGroup group, List<Integer> units) {
        GraphModel thin = Thinner.remove(model, group, units);
        checkSizes(group, units, thin);
        float[] unused = run(zeroed(group, units, CONSUMING));
        assertClose(run(thin), unused, "used by nothing, " + group + " without " + units);
    }

    /** Sums in fours: without whole fours of zeros the others are as they were. */
    private void checkBits(ChannelGroup group, List<Integer> units) {
        float[] silent = PlainRuns.scalar(zeroed(group, units, PRODUCING), input);
        float[] actual = PlainRuns.scalar(Thinner.remove(model, group, units), input);
        int different = Arrays.mismatch(actual, silent);
        assertEquals(different, -1, "Not a bit differs without " + units + " of " + group);
    }

    private void checkSizes(ChannelGroup group, List<Integer> units, GraphModel thin) {
        assertEquals(thin.graph().inputs(), model.graph().inputs());
        assertEquals(thin.graph().outputs(), model.graph().outputs());
        Map<String, int[]> expected = new LinkedHashMap<>();
        model.weights().forEach((path, value) -> expected.put(path, value.shape().clone()));
        for (int unit : units) {
            for (WeightSlice slice : group.units().get(unit).slices()) {
                if (expected.containsKey(slice.weight())) {
                    expected.get(slice.weight())[slice.axis()] -= slice.indices().size();
                }
            }
        }
        for (Graph.Weight weight : thin.graph().weights()) {
            assertEquals(weight.shape().sizes(), expected.get(weight.path()), weight.path());
        }
    }

    static void assertClose(float[] actual, float[] expected, String what) {
        assertEquals(actual.length, expected.length);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < actual.length; ++i) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
        }
        assertTrue(largest > 1e-3, "The outputs say something: " + what);
        assertTrue(difference <= ROUNDING * largest, difference / largest + ": " + what);
    }

    /** The model with zeros in the slices of some roles, of weights and of constants. */
    GraphModel zeroed(ChannelGroup group, List<Integer> units, Set<Role> roles) {
        Graph graph = model.graph();
        Map<String, EncodedWeight> weights = new LinkedHashMap<>(model.weights());
        Map<String, EncodedWeight> constants = new LinkedHashMap<>(graph.constants());
        for (int unit : units) {
            for (WeightSlice slice : group.units().get(unit).slices()) {
                Map<String, EncodedWeight> home =
                        weights.containsKey(slice.weight()) ? weights : constants;
                EncodedWeight value = home.get(slice.weight());
                if (roles.contains(slice.role())) {
                    home.put(slice.weight(), value.masked(others(value, slice)));
                }
            }
        }
        return new GraphModel(
                new Graph(
                        graph.inputs(), graph.weights(), constants, graph.nodes(), graph.outputs()),
                weights);
    }

    private static BitSet others(EncodedWeight value, WeightSlice slice) {
        int inner = 1;
        int[] shape = value.shape();
        for (int i = slice.axis() + 1; i < shape.length; ++i) {
            inner *= shape[i];
        }
        BitSet keep = new BitSet();
        keep.set(0, value.size());
        int row = inner * shape[slice.axis()];
        for (int start = 0; start < value.size(); start += row) {
            for (int place : slice.indices()) {
                keep.clear(start + place * inner, start + (place + 1) * inner);
            }
        }
        return keep;
    }

    /** Neighbouring units whose places are whole fours, counted from 0, wherever they are used. */
    private static Optional<List<Integer>> fours(ChannelGroup group) {
        for (int count = 1; count <= FOUR && count < group.size(); ++count) {
            for (int first = 0; first + count <= group.size(); ++first) {
                List<Integer> units = IntStream.range(first, first + count).boxed().toList();
                if (areFours(group, units)) {
                    return Optional.of(units);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean areFours(ChannelGroup group, List<Integer> units) {
        Map<String, Set<Integer>> places = new LinkedHashMap<>();
        for (int unit : units) {
            for (WeightSlice slice : group.units().get(unit).slices()) {
                if (slice.role() != Role.PRODUCES) {
                    places.computeIfAbsent(slice.weight() + slice.axis(), k -> new TreeSet<>())
                            .addAll(slice.indices());
                }
            }
        }
        for (Set<Integer> all : places.values()) {
            for (int place : all) {
                int start = place - place % FOUR;
                for (int i = 0; i < FOUR; ++i) {
                    if (!all.contains(start + i)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
