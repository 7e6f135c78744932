package dev.bonsai.rewrite;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Operands;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Goes through the nodes of a graph once, in order, and applies rules to each. */
final class Pass implements Draft {

    private record Task(Operator operator, List<String> inputs) {}

    private final Graph graph;
    private final Map<String, EncodedWeight> weights;
    private final Map<String, EncodedWeight> constants;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, ValueInfo> infos = new HashMap<>();
    private final Map<String, Integer> producers = new HashMap<>();
    private final Map<Task, Node> tasks = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<String, String> renamed = new HashMap<>();
    private final Set<String> outputs;
    private final Set<String> names = new HashSet<>();
    private boolean changed;

    Pass(GraphModel from) {
        graph = from.graph();
        weights = new LinkedHashMap<>(from.weights());
        constants = new LinkedHashMap<>(graph.constants());
        outputs = new HashSet<>(graph.outputs());
        graph.inputs().forEach(i -> infos.put(i.name(), ValueInfo.of(i.type(), i.shape())));
        graph.weights().forEach(w -> infos.put(w.path(), ValueInfo.of(w.type(), w.shape())));
        constants.forEach((name, value) -> infos.put(name, ValueInfo.constant(value)));
        names.addAll(infos.keySet());
        graph.nodes().forEach(node -> names.addAll(node.outputs()));
        graph.outputs().forEach(output -> uses.merge(output, 1, Integer::sum));
        graph.nodes().forEach(node -> count(node, 1));
    }

    private void count(Node node, int change) {
        node.inputs().forEach(input -> uses.merge(input, change, Integer::sum));
    }

    /** Applies the first rule that fits to each node; tells whether one did. */
    boolean run(List<Rule> rules) {
        mergeConstants();
        for (Node original : graph.nodes()) {
            Node node = current(original);
            Optional<Replacement> replacement =
                    rules.stream()
                            .flatMap(rule -> rule.apply(node, this).stream())
                            .filter(found -> fits(node, found))
                            .findFirst();
            replacement.ifPresentOrElse(found -> replace(node, found), () -> emit(node));
        }
        return changed;
    }

    GraphModel result() {
        return new GraphModel(
                new Graph(graph.inputs(), graph.weights(), constants, nodes, graph.outputs()),
                weights);
    }

    /** Equal constants become one; one that is an output stays. */
    private void mergeConstants() {
        Map<EncodedWeight, String> first = new HashMap<>();
        constants.forEach(
                (name, value) -> {
                    String same = first.putIfAbsent(value, name);
                    if (same != null && !outputs.contains(name)) {
                        rename(name, same);
                    }
                });
    }

    private void rename(String from, String to) {
        renamed.put(from, to);
        uses.merge(to, uses.getOrDefault(from, 0), Integer::sum);
        changed = true;
    }

    private String current(String name) {
        String now = name;
        while (renamed.containsKey(now)) {
            now = renamed.get(now);
        }
        return now;
    }

    private Node current(Node node) {
        return new Node(
                node.operator(),
                node.inputs().stream().map(this::current).toList(),
                node.outputs());
    }

    private void emit(Node node) {
        List<ValueInfo> results = results(node);
        for (int i = 0; i < node.outputs().size(); ++i) {
            String output = node.outputs().get(i);
            infos.put(output, named(output, results.get(i)));
            producers.put(output, nodes.size());
        }
        nodes.add(node);
        tasks.putIfAbsent(new Task(node.operator(), node.inputs()), node);
    }

    private List<ValueInfo> results(Node node) {
        List<Optional<ValueInfo>> operands =
                node.inputs().stream().map(name -> Optional.ofNullable(infos.get(name))).toList();
        return node.operator().infer(new Operands(operands, node.outputs().size()));
    }

    /** Gives a name to each unknown dimension: within this pass it is one number, after all. */
    private static ValueInfo named(String output, ValueInfo info) {
        if (info.shape().isEmpty() || info.shape().get().dims().stream().allMatch(Dim::isKnown)) {
            return info;
        }
        List<Dim> dims = new ArrayList<>();
        for (Dim dim : info.shape().get().dims()) {
            dims.add(dim.isKnown() ? dim : Dim.free(output + "[" + dims.size() + "]"));
        }
        return new ValueInfo(
                info.type(), Optional.of(new Shape(dims)), info.numbers(), info.constant());
    }

    private boolean fits(Node node, Replacement found) {
        if (found.nodes().size() != 1 || !found.names().isEmpty()) {
            return true;
        }
        ValueInfo before = infer(node);
        Node after = found.nodes().get(0);
        found.constants().forEach((name, value) -> infos.put(name, ValueInfo.constant(value)));
        ValueInfo then = infer(after);
        return before.type() == then.type()
                && before.shape().map(Shape::rank).equals(then.shape().map(Shape::rank))
                && !differ(before.shape(), then.shape());
    }

    private static boolean differ(Optional<Shape> a, Optional<Shape> b) {
        for (int i = 0; a.isPresent() && i < a.get().rank(); ++i) {
            if (a.get().get(i).differs(b.orElseThrow().get(i))) {
                return true;
            }
        }
        return false;
    }

    private void replace(Node node, Replacement found) {
        count(node, -1);
        weights.putAll(found.weights());
        found.constants().forEach(this::define);
        for (Node next : found.nodes()) {
            changed |= !next.equals(node);
            count(next, 1);
            emit(next);
        }
        found.names().forEach((result, value) -> name(node, result, value));
    }

    private void define(String name, EncodedWeight value) {
        constants.put(name, value);
        infos.put(name, ValueInfo.constant(value));
        names.add(name);
        changed = true;
    }

    /** A result becomes another value; an output keeps its name. */
    private void name(Node node, String result, String value) {
        if (!outputs.contains(result)) {
            rename(result, value);
        } else if (producers.containsKey(value) && !outputs.contains(value)) {
            renameProduced(value, result);
        } else {
            Node identity = Node.of(Unary.IDENTITY, result, value);
            changed |= !identity.equals(node);
            uses.merge(value, 1, Integer::sum);
            emit(identity);
        }
    }

    private void renameProduced(String from, String to) {
        rename(from, to);
        infos.put(to, infos.get(from));
        producers.put(to, producers.get(from));
        for (int i = producers.get(from); i < nodes.size(); ++i) {
            Node node = nodes.get(i);
            nodes.set(
                    i,
                    new Node(
                            node.operator(),
                            node.inputs().stream().map(this::current).toList(),
                            node.outputs().stream().map(this::current).toList()));
        }
        tasks.clear();
        nodes.forEach(node -> tasks.putIfAbsent(new Task(node.operator(), node.inputs()), node));
    }

    @Override
    public List<Input> inputs() {
        return graph.inputs();
    }

    @Override
    public ValueInfo info(String name) {
        return infos.get(name);
    }

    @Override
    public ValueInfo infer(Node node) {
        return results(node).get(0);
    }

    @Override
    public Optional<Node> producer(String name) {
        return Optional.ofNullable(producers.get(name)).map(nodes::get);
    }

    @Override
    public int uses(String name) {
        return uses.getOrDefault(name, 0);
    }

    @Override
    public boolean isOutput(String name) {
        return outputs.contains(name);
    }

    @Override
    public Optional<EncodedWeight> weight(String path) {
        return Optional.ofNullable(weights.get(path));
    }

    @Override
    public Optional<Node> equal(Node node) {
        return Optional.ofNullable(tasks.get(new Task(node.operator(), node.inputs())));
    }

    @Override
    public String fresh(String stem) {
        String name = stem;
        for (int i = 2; !names.add(name); ++i) {
            name = stem + "." + i;
        }
        return name;
    }
}
