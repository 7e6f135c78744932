package dev.bonsai.thinning;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.thinning.Axis.Lane;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the units of which nothing is used: all that takes their value is zero. */
final class UnusedUnits {

    private final Map<String, EncodedWeight> values = new HashMap<>();
    private final Map<String, BitSet> nonZeros = new HashMap<>();
    private final Map<String, BitSet> used = new HashMap<>();

    private UnusedUnits(GraphModel model) {
        values.putAll(model.graph().constants());
        values.putAll(model.weights());
    }

    /**
     * Finds them.
     *
     * @return the numbers of units of each group that has any; one unit of a group is left, even if
     *     none of them is used
     */
    static Map<ChannelGroup, List<Integer>> of(GraphModel model) {
        UnusedUnits unused = new UnusedUnits(model);
        Map<ChannelGroup, List<Integer>> found = new LinkedHashMap<>();
        Flow flow = Flow.of(model.graph());
        for (ChannelGroup group : ChannelGroups.of(flow).groups()) {
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < group.size(); ++i) {
                if (!unused.isUsed(group.units().get(i))) {
                    numbers.add(i);
                }
            }
            if (numbers.size() == group.size()) {
                numbers.remove(0);
            }
            if (!numbers.isEmpty()) {
                found.put(group, numbers);
            }
        }
        leaveOneOfEachPart(found, flow);
        return found;
    }

    /** A part of a group may consist of units that all are unused: the first of them stays. */
    private static void leaveOneOfEachPart(Map<ChannelGroup, List<Integer>> found, Flow flow) {
        Map<Integer, Runnable> stays = new HashMap<>();
        found.forEach(
                (group, numbers) -> {
                    for (Integer number : numbers) {
                        int root = ChannelGroups.root(flow, group.units().get(number));
                        stays.put(root, () -> numbers.remove(number));
                    }
                });
        Optional<Lane> empty = new Kept(flow, stays.keySet()).firstEmptyLane();
        while (empty.isPresent()) {
            int root = flow.atoms().find(empty.get().atoms()[0]);
            stays.remove(root).run();
            empty = new Kept(flow, stays.keySet()).firstEmptyLane();
        }
        found.values().removeIf(List::isEmpty);
    }

    private boolean isUsed(Unit unit) {
        return unit.slices().stream()
                .filter(slice -> slice.role() != Role.PRODUCES)
                .anyMatch(
                        slice -> {
                            BitSet places = used(slice.weight(), slice.axis());
                            return slice.indices().stream().anyMatch(places::get);
                        });
    }

    /** Tells which places along an axis of a weight have an element that is not zero. */
    private BitSet used(String path, int axis) {
        return used.computeIfAbsent(
                path + " " + axis,
                key -> {
                    EncodedWeight value = values.get(path);
                    return CutAxis.of(value.shape(), axis)
                            .places(nonZeros.computeIfAbsent(path, p -> nonZeros(value)));
                });
    }

    private static BitSet nonZeros(EncodedWeight value) {
        float[] elements = value.decode();
        BitSet nonZeros = new BitSet(elements.length);
        for (int i = 0; i < elements.length; ++i) {
            nonZeros.set(i, elements[i] != 0);
        }
        return nonZeros;
    }
}
