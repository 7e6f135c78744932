package dev.bonsai.trace;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.ShapeOf;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The nodes of a graph with free dimensions, those that compute numbers from sizes among them. */
final class SizeNodes {

    private final Graph model;
    private final List<FreeAxis> free;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, EncodedWeight> constants = new LinkedHashMap<>();
    private final Map<EncodedWeight, String> shared = new HashMap<>();
    private final Map<Sizes.Expression, String> known = new HashMap<>();
    private final Set<String> taken;
    private int count;

    /**
     * @param model a graph of which the names are taken
     * @param free the free axes
     */
    SizeNodes(Graph model, List<FreeAxis> free) {
        this.model = model;
        this.free = free;
        taken = new HashSet<>(model.values().keySet());
    }

    void add(Node node) {
        nodes.add(node);
    }

    private String fresh(String stem) {
        String name;
        do {
            name = stem + ++count;
        } while (!taken.add(name));
        return name;
    }

    String node(Operator operator, String... operands) {
        String name = fresh("size");
        nodes.add(Node.of(operator, name, operands));
        return name;
    }

    /** Returns the name of a constant; equal ones have one name. */
    String constant(EncodedWeight value) {
        return shared.computeIfAbsent(
                value,
                key -> {
                    String name = "c" + (constants.size() + 1);
                    name = taken.add(name) ? name : fresh("constant");
                    constants.put(name, value);
                    return name;
                });
    }

    String integers(long... numbers) {
        return constant(Constants.integers(numbers));
    }

    /** Returns a number as a scalar. */
    String number(Sizes.Expression expression) {
        return expression.terms().isEmpty()
                ? constant(Constants.integer(expression.offset()))
                : node(Plain.SQUEEZE, list(expression));
    }

    /** Returns numbers as a list: those that are fixed stand together in constants. */
    String numbers(List<Sizes.Expression> expressions) {
        List<String> parts = new ArrayList<>();
        List<Long> fixed = new ArrayList<>();
        for (Sizes.Expression expression : expressions) {
            if (expression.terms().isEmpty()) {
                fixed.add(expression.offset());
            } else {
                flush(fixed, parts);
                parts.add(list(expression));
            }
        }
        flush(fixed, parts);
        return parts.size() == 1 ? parts.get(0) : node(new Concat(0), parts.toArray(String[]::new));
    }

    private void flush(List<Long> fixed, List<String> parts) {
        if (!fixed.isEmpty()) {
            parts.add(integers(fixed.stream().mapToLong(Long::longValue).toArray()));
            fixed.clear();
        }
    }

    /** Returns a number as a list of one. */
    private String list(Sizes.Expression expression) {
        String done = known.get(expression);
        if (done != null) {
            return done;
        }
        String sum = expression.offset() == 0 ? "" : integers(expression.offset());
        for (Dim term : expression.terms()) {
            String product = term.factor() == 1 ? "" : integers(term.factor());
            for (String symbol : term.symbols()) {
                product = joined(Binary.MUL, product, size(symbol));
            }
            sum = joined(Binary.ADD, sum, product);
        }
        known.put(expression, sum);
        return sum;
    }

    private String joined(Operator operator, String one, String other) {
        return one.isEmpty() ? other : node(operator, one, other);
    }

    private String size(String symbol) {
        Sizes.Expression alone = new Sizes.Expression(List.of(new Dim(1, List.of(symbol))), 0);
        String done = known.get(alone);
        if (done != null) {
            return done;
        }
        FreeAxis axis =
                free.stream().filter(a -> a.name().equals(symbol)).findFirst().orElseThrow();
        String input = model.inputs().get(axis.input()).name();
        String size = node(new ShapeOf(axis.axis(), Optional.of(axis.axis() + 1)), input);
        known.put(alone, size);
        return size;
    }

    Graph graph(List<Graph.Input> inputs, List<Graph.Weight> weights, List<String> outputs) {
        return new Graph(inputs, weights, constants, nodes, outputs);
    }
}
