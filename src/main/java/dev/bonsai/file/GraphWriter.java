package dev.bonsai.file;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Schema;
import dev.bonsai.graph.operator.Schema.Arity;
import dev.bonsai.graph.type.Dim;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the graph section. See {@link GraphReader}. */
final class GraphWriter {

    private final ByteSink sink = new ByteSink();
    private final NumberWriter constantNumbers;
    private final MemoryBudget budget;
    private final NameTable names;
    private final GraphAttributes attributes;
    private final Map<String, Integer> numbers = new HashMap<>();

    private GraphWriter(NumberWriter constants, MemoryBudget budget) {
        constantNumbers = constants;
        this.budget = budget;
        names = new NameTable(budget);
        attributes = new GraphAttributes(names, budget);
    }

    /**
     * Returns the bytes of the section.
     *
     * @param weights the weights of the model section
     * @param constants takes the numbers of the constants
     * @param budget counts the memory of what is written
     */
    static byte[] write(
            Graph graph, List<NamedWeight> weights, NumberWriter constants, MemoryBudget budget) {
        GraphWriter writer = new GraphWriter(constants, budget);
        writer.inputs(graph.inputs());
        writer.weights(graph.weights(), weights);
        writer.constants(graph);
        writer.sink.varint(graph.nodes().size());
        graph.nodes().forEach(writer::node);
        writer.outputs(graph);
        return writer.sink.toByteArray();
    }

    private void inputs(List<Graph.Input> inputs) {
        sink.varint(inputs.size());
        budget.values(inputs.size());
        for (Graph.Input input : inputs) {
            names.write(input.name(), sink);
            type(input.type());
            budget.references(input.shape().rank());
            sink.varint(input.shape().rank());
            input.shape().dims().forEach(this::dimension);
            define(input.name());
        }
    }

    private void type(ElementType type) {
        if (type == ElementType.FLOAT32) {
            sink.u8(GraphReader.FLOAT32);
        } else {
            WeightTag.writeType(type, sink);
        }
    }

    private void dimension(Dim dim) {
        if (dim.isFixed()) {
            sink.varint(dim.size() + 1);
        } else {
            sink.varint(0);
            names.write(dim.symbols().get(0), sink);
        }
    }

    private void weights(List<Graph.Weight> used, List<NamedWeight> all) {
        List<String> paths = all.stream().map(NamedWeight::path).toList();
        if (used.stream().map(Graph.Weight::path).toList().equals(paths)) {
            sink.varint(0);
        } else {
            Map<String, Integer> indices = new HashMap<>();
            paths.forEach(path -> indices.put(path, indices.size()));
            sink.varint(used.size() + 1L);
            used.forEach(weight -> sink.varint(indices.get(weight.path())));
        }
        budget.values(used.size());
        used.forEach(weight -> define(weight.path()));
    }

    private void constants(Graph graph) {
        sink.varint(graph.constants().size());
        budget.values(graph.constants().size());
        WeightWriter writer = new WeightWriter(sink, constantNumbers, budget);
        graph.constants()
                .forEach(
                        (name, value) -> {
                            writer.write(name, Role.OTHER, value);
                            define(name);
                        });
    }

    private void node(Node node) {
        Schema schema = node.operator().schema();
        budget.values(1L + node.outputs().size());
        budget.references(node.inputs().size());
        sink.varint(schema.number());
        beyondLeast(schema.operands(), node.inputs().size(), 1, 0);
        node.inputs().forEach(this::reference);
        results(schema.results(), node.outputs());
        attributes.write(schema, node.operator().attributes(), sink);
        node.outputs().stream().filter(name -> !name.equals(Node.ABSENT)).forEach(this::define);
    }

    private void results(Arity arity, List<String> results) {
        boolean gaps = results.contains(Node.ABSENT);
        beyondLeast(arity, results.size(), 2, gaps ? 1 : 0);
        if (gaps) {
            BitSet named = new BitSet();
            for (int i = 0; i < results.size(); ++i) {
                named.set(i, !results.get(i).equals(Node.ABSENT));
            }
            sink.bytes(named.toByteArray()); // the last one is named
        }
    }

    /** The number of operands or results where it is not always the same. */
    private void beyondLeast(Arity arity, int count, int factor, int more) {
        if (arity.least() < arity.most()) {
            sink.varint((long) factor * (count - arity.least()) + more);
        }
    }

    /** How far back a value was defined: 1 for the last one, 0 for none. */
    private void reference(String name) {
        sink.varint(name.equals(Node.ABSENT) ? 0 : numbers.size() - numbers.get(name));
    }

    private void outputs(Graph graph) {
        Set<String> named = new HashSet<>();
        graph.inputs().forEach(input -> named.add(input.name()));
        graph.weights().forEach(weight -> named.add(weight.path()));
        sink.varint(graph.outputs().size());
        budget.references(graph.outputs().size());
        for (String output : graph.outputs()) {
            reference(output);
            if (named.add(output)) {
                names.write(output, sink);
            }
        }
    }

    private void define(String name) {
        numbers.put(name, numbers.size());
    }
}
