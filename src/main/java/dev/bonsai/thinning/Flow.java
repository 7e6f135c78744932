package dev.bonsai.thinning;

import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import dev.bonsai.thinning.Axis.Fixed;
import dev.bonsai.thinning.Axis.Lane;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How places of dimensions go through a graph: each place of each axis of each value has an atom,
 * and the rules of the operators tie those that can only be removed together.
 */
final class Flow {

    /** An axis of a weight or constant. */
    record Place(String leaf, int axis) {

        @Override
        public String toString() {
            return leaf + "[" + axis + "]";
        }
    }

    private final Graph graph;
    private final Map<String, ValueInfo> values;
    private final Atoms atoms = new Atoms();

    /** The axes of each value; empty where its rank is not known. */
    private final Map<String, Optional<List<Axis>>> axes = new LinkedHashMap<>();

    /**
     * The weights and constants that a value is made of, with zeros where theirs are; none of a
     * value that inputs go into, or that is another function of a weight.
     */
    private final Map<String, Set<String>> leaves = new HashMap<>();

    /**
     * Which of several dimensions a cut leaves removable, by the result; the first where nothing is
     * said.
     */
    private final Map<String, Integer> choices;

    private final Map<String, Lane> cuts = new LinkedHashMap<>();
    private final Set<Place> producing = new HashSet<>();
    private final Set<Place> consuming = new HashSet<>();

    private Flow(Graph graph, Map<String, ValueInfo> values, Map<String, Integer> choices) {
        this.graph = graph;
        this.values = values;
        this.choices = choices;
    }

    /**
     * Where a dimension is cut into several, the outermost goes, or else the first that is not
     * refused.
     */
    static Flow of(Graph graph) {
        Map<String, ValueInfo> values = graph.values();
        Map<String, Integer> choices = new HashMap<>();
        while (true) {
            Flow flow = of(graph, values, choices);
            Optional<String> refused = flow.refusedCut();
            if (refused.isEmpty()) {
                return flow;
            }
            choices.merge(refused.get(), 1, Integer::sum);
        }
    }

    private static Flow of(
            Graph graph, Map<String, ValueInfo> values, Map<String, Integer> choices) {
        Flow flow = new Flow(graph, values, choices);
        flow.inputs();
        graph.weights().forEach(weight -> flow.leaf(weight.path()));
        graph.constants().keySet().forEach(flow::leaf);
        graph.nodes().forEach(flow::node);
        flow.outputs();
        return flow;
    }

    /** A cut of which nothing can be removed, with a choice that was not tried. */
    private Optional<String> refusedCut() {
        return cuts.entrySet().stream()
                .filter(
                        cut ->
                                Arrays.stream(cut.getValue().atoms())
                                        .allMatch(atom -> atoms.cause(atom).isPresent()))
                .map(Map.Entry::getKey)
                .filter(value -> choices.getOrDefault(value, 0) < shape(value).orElseThrow().rank())
                .findFirst();
    }

    /** The dimension of a cut that is tried, of so many. */
    int choice(String value, int count) {
        int choice = choices.getOrDefault(value, 0);
        return choice < count ? choice : 0;
    }

    void cut(String value, Lane lane) {
        cuts.put(value, lane);
    }

    private void inputs() {
        for (Graph.Input input : graph.inputs()) {
            Cause cause = new Cause(RefusalReason.INPUT, "the input " + input.name());
            fixed(input.name(), cause);
        }
    }

    private void fixed(String value, Cause cause) {
        axes.put(
                value,
                values.get(value)
                        .shape()
                        .map(
                                shape ->
                                        shape.dims().stream()
                                                .map(dim -> (Axis) new Fixed(cause))
                                                .toList()));
        leaves.put(value, Set.of());
    }

    private void leaf(String name) {
        ValueInfo value = values.get(name);
        List<Axis> own = new ArrayList<>();
        boolean numbers = !Constants.isFloat(value.type());
        for (Dim dim : value.shape().orElseThrow().dims()) {
            if (numbers) {
                own.add(new Fixed(new Cause(RefusalReason.SIZE, "the integers of " + name)));
            } else if (dim.size() < 2) {
                own.add(new Fixed(lastUnit(name)));
            } else {
                own.add(atoms.fresh((int) dim.size()));
            }
        }
        axes.put(name, Optional.of(List.copyOf(own)));
        leaves.put(name, Set.of(name));
    }

    static Cause lastUnit(String name) {
        return new Cause(RefusalReason.LAST_UNIT, "a dimension of " + name + " has one place only");
    }

    private void node(Node node) {
        Set<String> made = new LinkedHashSet<>();
        boolean computed = false;
        for (String input : node.inputs()) {
            Set<String> own = leaves.getOrDefault(input, Set.of());
            computed |= own.isEmpty() && !input.equals(Node.ABSENT);
            made.addAll(own);
        }
        node.outputs().forEach(output -> leaves.put(output, Set.of()));
        if (!computed && ZeroKeeping.holds(node, this)) {
            node.outputs().forEach(output -> leaves.put(output, made));
        }
        Rules.apply(new Step(this, node));
    }

    private void outputs() {
        for (String output : graph.outputs()) {
            Cause cause = new Cause(RefusalReason.OUTPUT, "the output " + output);
            axes.get(output).orElse(List.of()).forEach(axis -> refuse(axis, cause));
        }
    }

    Graph graph() {
        return graph;
    }

    Atoms atoms() {
        return atoms;
    }

    boolean isDefined(String name) {
        return values.containsKey(name);
    }

    ValueInfo value(String name) {
        return values.get(name);
    }

    Set<String> names() {
        return axes.keySet();
    }

    Optional<Shape> shape(String name) {
        return values.get(name).shape();
    }

    Optional<List<Axis>> axes(String name) {
        return axes.get(name);
    }

    void define(String name, Optional<List<Axis>> own) {
        axes.put(name, own);
    }

    Role role(Place place) {
        boolean consumes = consuming.contains(place);
        return !consumes ? Role.PRODUCES : producing.contains(place) ? Role.BOTH : Role.CONSUMES;
    }

    boolean isComputed(String name) {
        return leaves.get(name).isEmpty();
    }

    void consumes(String value, int axis) {
        mark(value, axis, consuming);
    }

    void produces(String value, int axis) {
        mark(value, axis, producing);
    }

    /** Finds the axes of weights that an axis of a value made of them consists of. */
    private void mark(String value, int axis, Set<Place> places) {
        if (!(axes.get(value).orElseThrow().get(axis) instanceof Lane lane)) {
            return;
        }
        Set<Integer> wanted = new HashSet<>();
        for (int atom : lane.atoms()) {
            wanted.add(atoms.find(atom));
        }
        for (String leaf : leaves.get(value)) {
            List<Axis> own = axes.get(leaf).orElseThrow();
            for (int i = 0; i < own.size(); ++i) {
                if (own.get(i) instanceof Lane part && touches(part, wanted)) {
                    places.add(new Place(leaf, i));
                }
            }
        }
    }

    private boolean touches(Lane lane, Set<Integer> wanted) {
        for (int atom : lane.atoms()) {
            if (wanted.contains(atoms.find(atom))) {
                return true;
            }
        }
        return false;
    }

    void refuse(Axis axis, Cause cause) {
        if (axis instanceof Lane lane) {
            for (int atom : lane.atoms()) {
                atoms.refuse(atom, cause);
            }
        }
    }

    /** Ties two dimensions of one size, place by place; one that stays keeps the other. */
    Axis tie(Axis a, Axis b, Cause unequal) {
        if (a instanceof Fixed fixed) {
            refuse(b, fixed.cause());
            return b instanceof Lane ? b : a;
        }
        if (b instanceof Fixed fixed) {
            refuse(a, fixed.cause());
            return a;
        }
        Lane left = (Lane) a;
        Lane right = (Lane) b;
        if (left.size() != right.size()) {
            refuse(left, unequal);
            refuse(right, unequal);
            return new Fixed(unequal);
        }
        for (int i = 0; i < left.size(); ++i) {
            atoms.tie(left.atoms()[i], right.atoms()[i]);
        }
        return left;
    }

    /** Weights, then constants, each in the order of their first use. */
    List<String> leafNames() {
        Set<String> used = new LinkedHashSet<>();
        graph.nodes().forEach(node -> used.addAll(node.inputs()));
        graph.weights().forEach(weight -> used.add(weight.path()));
        Set<String> weights =
                graph.weights().stream().map(Graph.Weight::path).collect(Collectors.toSet());
        List<String> names = new ArrayList<>(used.stream().filter(weights::contains).toList());
        used.stream().filter(graph.constants()::containsKey).forEach(names::add);
        return names;
    }
}
