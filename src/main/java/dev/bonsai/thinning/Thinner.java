package dev.bonsai.thinning;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Takes units out of a model: nothing of them is left in weights, constants and attributes. The
 * model takes and gives values of the same shapes, and computes what it would compute with zeros
 * for all that uses the units.
 *
 * <p>Where a unit's value is 0 wherever it is used, the outputs stay what they were, but for the
 * rounding of sums: kernels add up terms in fours, so that each sum has other fours than before.
 * {@code docs/thinning.md} tells when not a bit changes.
 */
public final class Thinner {

    private Thinner() {}

    /**
     * Removes units of one group.
     *
     * @param model the model
     * @param group a group of {@link ChannelGroups#of} the model's graph
     * @param units the numbers of units, each once; not all of them
     * @return the thinner model; weights stay in their encoding where that can be
     * @throws ThinningException if the group is of another graph, or the numbers are wrong
     */
    public static GraphModel remove(
            GraphModel model, ChannelGroup group, Collection<Integer> units) {
        return remove(model, Map.of(group, units));
    }

    /**
     * Removes units of several groups at once, which are all of the model as it is.
     *
     * @param model the model
     * @param units the numbers of units of each group, each once; not all of a group
     * @return the thinner model; weights stay in their encoding where that can be
     * @throws ThinningException if a group is of another graph, or numbers are wrong
     */
    public static GraphModel remove(
            GraphModel model, Map<ChannelGroup, ? extends Collection<Integer>> units) {
        Flow flow = Flow.of(model.graph());
        Kept kept = kept(flow, units);
        Map<String, EncodedWeight> weights = new LinkedHashMap<>();
        model.weights()
                .forEach(
                        (path, value) ->
                                weights.put(
                                        path,
                                        kept.isCut(path)
                                                ? WeightCut.of(value, kept.places(path))
                                                : value));
        return new GraphModel(cut(flow, kept), weights);
    }

    /**
     * Removes units from a graph, for those who need no values of weights.
     *
     * @param graph the graph
     * @param units the numbers of units of each group, each once; not all of a group
     * @return the thinner graph
     * @throws ThinningException if a group is of another graph, or numbers are wrong
     */
    public static Graph remove(
            Graph graph, Map<ChannelGroup, ? extends Collection<Integer>> units) {
        Flow flow = Flow.of(graph);
        return cut(flow, kept(flow, units));
    }

    /**
     * Removes all units that nothing uses: what is multiplied with their value is zero everywhere,
     * as pruning leaves it. The outputs stay what they were, but for the rounding of sums.
     *
     * @param model the model
     * @return the thinner model; the same one where all units are used. One unit of a group stays,
     *     and one of each part that a group is split into
     */
    public static GraphModel removeUnused(GraphModel model) {
        Map<ChannelGroup, List<Integer>> unused = UnusedUnits.of(model);
        return unused.isEmpty() ? model : remove(model, unused);
    }

    private static Kept kept(Flow flow, Map<ChannelGroup, ? extends Collection<Integer>> units) {
        ChannelGroups groups = ChannelGroups.of(flow);
        Set<Integer> gone = new HashSet<>();
        units.forEach(
                (group, numbers) -> {
                    check(groups, group, numbers);
                    numbers.forEach(
                            number ->
                                    gone.add(ChannelGroups.root(flow, group.units().get(number))));
                });
        Kept kept = new Kept(flow, gone);
        kept.firstEmpty()
                .ifPresent(
                        value -> {
                            throw new ThinningException(
                                    "Nothing would be left of the value " + value,
                                    "units that leave something of each part that is taken",
                                    "remove fewer units at once");
                        });
        return kept;
    }

    private static void check(
            ChannelGroups groups, ChannelGroup group, Collection<Integer> numbers) {
        if (!groups.groups().contains(group)) {
            throw new ThinningException(
                    "The model has no group of " + group,
                    "one of its " + groups.groups().size() + " groups",
                    "take a group of ChannelGroups.of(model.graph()), anew once units were removed");
        }
        Set<Integer> seen = new TreeSet<>();
        for (Integer number : numbers) {
            if (number == null || number < 0 || number >= group.size()) {
                throw new ThinningException(
                        "The group has no unit " + number,
                        "a number from 0 to " + (group.size() - 1),
                        "count the units of the group from 0");
            }
            if (!seen.add(number)) {
                throw new ThinningException(
                        "Unit " + number + " is named twice", "each number once", "leave one out");
            }
        }
        if (seen.size() == group.size()) {
            throw new ThinningException(
                    "All " + group.size() + " units of the group are to go",
                    "at most " + (group.size() - 1),
                    "keep one at least, or leave the layer out of the model by hand");
        }
    }

    private static Graph cut(Flow flow, Kept kept) {
        Graph graph = flow.graph();
        List<Graph.Weight> weights = new ArrayList<>();
        for (Graph.Weight weight : graph.weights()) {
            Shape shape =
                    new Shape(
                            kept.places(weight.path()).stream()
                                    .map(places -> Dim.of(places.length))
                                    .toList());
            weights.add(new Graph.Weight(weight.path(), weight.type(), shape));
        }
        NodeCut cut = new NodeCut(flow, kept);
        List<Node> nodes = graph.nodes().stream().map(cut::apply).toList();
        Set<String> used =
                nodes.stream()
                        .flatMap(node -> node.inputs().stream())
                        .collect(Collectors.toCollection(HashSet::new));
        used.addAll(graph.outputs());
        Map<String, EncodedWeight> constants = new LinkedHashMap<>(cut.constants());
        constants.keySet().removeIf(name -> !used.contains(name));
        return new Graph(graph.inputs(), weights, constants, nodes, graph.outputs());
    }
}
