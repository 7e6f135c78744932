package dev.bonsai.trace;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** A graph in the making, with names of its own for what has none. */
final class Draft {

    private final List<Graph.Input> inputs = new ArrayList<>();
    private final Map<String, Graph.Weight> weights = new LinkedHashMap<>();
    private final Map<String, EncodedWeight> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Set<String> taken;
    private final Map<String, Integer> counts = new HashMap<>();

    /**
     * @param taken names that are no names of the draft's own: the paths of all parameters
     */
    Draft(Set<String> taken) {
        this.taken = new HashSet<>(taken);
    }

    /** Returns a name that nothing has yet. */
    String fresh(String stem) {
        String name;
        do {
            name = stem + counts.merge(stem, 1, Integer::sum);
        } while (!taken.add(name));
        return name;
    }

    /** Returns a name as it is if nothing has it yet, else one like it. */
    String freshOr(String name) {
        return !name.isBlank() && taken.add(name) ? name : fresh(name.isBlank() ? "input" : name);
    }

    String input(String wanted, ElementType type, Shape shape) {
        String name = freshOr(wanted);
        inputs.add(new Graph.Input(name, type, shape));
        return name;
    }

    String weight(String path, ElementType type, Shape shape) {
        weights.putIfAbsent(path, new Graph.Weight(path, type, shape));
        return path;
    }

    String constant(EncodedWeight value) {
        String name = fresh("constant");
        constants.put(name, value);
        return name;
    }

    String node(Operator operator, String... operands) {
        return nodes(operator, 1, operands).get(0);
    }

    List<String> nodes(Operator operator, int results, String... operands) {
        String stem = operator.onnxName().toLowerCase(Locale.ROOT);
        List<String> outputs = IntStream.range(0, results).mapToObj(i -> fresh(stem)).toList();
        nodes.add(new Node(operator, List.of(operands), outputs));
        return outputs;
    }

    /** An output that stands there already gets a name of its own: ONNX has each name once. */
    Graph graph(List<String> wanted) {
        List<String> outputs = new ArrayList<>();
        for (String name : wanted) {
            outputs.add(outputs.contains(name) ? node(Unary.IDENTITY, name) : name);
        }
        return new Graph(inputs, List.copyOf(weights.values()), constants, nodes, outputs);
    }
}
