package dev.bonsai.thinning;

import dev.bonsai.graph.Graph;
import dev.bonsai.thinning.Axis.Lane;
import dev.bonsai.thinning.Flow.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What can be removed from a graph: channels, hidden units and attention heads that depend on each
 * other, so that the weights that make them and those that use them shrink together, through
 * residual sums, joined features, depthwise convolutions and changes of shape.
 *
 * <pre>{@code
 * ChannelGroups groups = ChannelGroups.of(traced.graph());
 * System.out.println(groups);
 * GraphModel thinner = Thinner.remove(traced, groups.groups().get(0), List.of(0, 3));
 * }</pre>
 *
 * @param groups the groups, in the order of the weights that they cut first
 * @param refusals axes of weights that can't be cut, with the reason
 */
public record ChannelGroups(List<ChannelGroup> groups, List<Refusal> refusals) {

    public ChannelGroups {
        groups = List.copyOf(groups);
        refusals = List.copyOf(refusals);
    }

    /**
     * Finds the groups of a graph.
     *
     * @param graph the graph
     * @return the groups; equal graphs have equal ones
     */
    public static ChannelGroups of(Graph graph) {
        return of(Flow.of(graph));
    }

    static ChannelGroups of(Flow flow) {
        Map<List<String>, List<Unit>> units = new LinkedHashMap<>();
        Map<Cause, Set<String>> refused = new LinkedHashMap<>();
        sets(flow)
                .forEach(
                        (root, places) -> {
                            Unit unit = unit(flow, places);
                            Optional<Cause> cause = flow.atoms().cause(root);
                            if (cause.isPresent()) {
                                refuse(refused, cause.get(), unit);
                            } else {
                                units.computeIfAbsent(kind(unit), k -> new ArrayList<>()).add(unit);
                            }
                        });
        List<ChannelGroup> groups = new ArrayList<>();
        for (List<Unit> alike : units.values()) {
            if (alike.size() > 1) {
                groups.add(new ChannelGroup(alike));
            } else {
                Cause only = new Cause(RefusalReason.LAST_UNIT, "there is one unit of this kind");
                refuse(refused, only, alike.get(0));
            }
        }
        List<Refusal> refusals = new ArrayList<>();
        refused.forEach(
                (cause, axes) ->
                        refusals.add(new Refusal(cause.reason(), cause.text(), List.copyOf(axes))));
        return new ChannelGroups(groups, refusals);
    }

    /** The places of each set of atoms that weights take part in, in the order of the weights. */
    private static Map<Integer, Map<Place, List<Integer>>> sets(Flow flow) {
        Map<Integer, Map<Place, List<Integer>>> sets = new LinkedHashMap<>();
        Set<String> weights =
                flow.graph().weights().stream().map(Graph.Weight::path).collect(Collectors.toSet());
        for (String leaf : flow.leafNames()) {
            List<Axis> axes = flow.axes(leaf).orElseThrow();
            for (int axis = 0; axis < axes.size(); ++axis) {
                if (axes.get(axis) instanceof Lane lane) {
                    for (int i = 0; i < lane.size(); ++i) {
                        int root = flow.atoms().find(lane.atoms()[i]);
                        if (weights.contains(leaf) || sets.containsKey(root)) {
                            sets.computeIfAbsent(root, k -> new LinkedHashMap<>())
                                    .computeIfAbsent(new Place(leaf, axis), k -> new ArrayList<>())
                                    .add(i);
                        }
                    }
                }
            }
        }
        return sets;
    }

    private static Unit unit(Flow flow, Map<Place, List<Integer>> places) {
        List<WeightSlice> slices = new ArrayList<>();
        places.forEach(
                (place, indices) ->
                        slices.add(
                                new WeightSlice(
                                        place.leaf(), place.axis(), flow.role(place), indices)));
        return new Unit(slices);
    }

    private static List<String> kind(Unit unit) {
        return unit.slices().stream()
                .map(s -> new Place(s.weight(), s.axis()) + " " + s.indices().size())
                .toList();
    }

    private static void refuse(Map<Cause, Set<String>> refused, Cause cause, Unit unit) {
        if (cause.reason() != RefusalReason.KERNEL) { // nobody takes these for channels
            Set<String> axes = refused.computeIfAbsent(cause, k -> new LinkedHashSet<>());
            unit.slices().forEach(s -> axes.add(new Place(s.weight(), s.axis()).toString()));
        }
    }

    /** The set of atoms of a unit, by its first place. */
    static int root(Flow flow, Unit unit) {
        WeightSlice first = unit.slices().get(0);
        Lane lane = (Lane) flow.axes(first.weight()).orElseThrow().get(first.axis());
        return flow.atoms().find(lane.atoms()[first.indices().get(0)]);
    }

    /** A line per group and per refusal. */
    @Override
    public String toString() {
        return Stream.concat(
                        groups.stream().map(ChannelGroup::toString),
                        refusals.stream().map(Refusal::toString))
                .collect(Collectors.joining("\n"));
    }
}
