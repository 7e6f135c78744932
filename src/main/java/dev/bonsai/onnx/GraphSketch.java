package dev.bonsai.onnx;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Operands;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.GraphException;
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

/** A graph while it is made node by node; what is known of each value is there at once. */
final class GraphSketch {

    private final List<Input> inputs = new ArrayList<>();
    private final List<Weight> weights = new ArrayList<>();
    private final Map<String, EncodedWeight> weightValues = new LinkedHashMap<>();
    private final Map<String, EncodedWeight> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, ValueInfo> known = new HashMap<>();
    private final Set<String> absorbed = new HashSet<>();
    private final Set<String> taken;

    /**
     * @param taken all names of the file, which no new value may have
     */
    GraphSketch(Set<String> taken) {
        this.taken = taken;
    }

    void input(Input input) {
        define(input.name(), ValueInfo.of(input.type(), input.shape()));
        inputs.add(input);
    }

    void weight(String path, EncodedWeight value) {
        Weight weight = new Weight(path, Constants.type(value), Shape.of(value.shape()));
        define(path, ValueInfo.of(weight.type(), weight.shape()));
        weights.add(weight);
        weightValues.put(path, value);
    }

    void constant(String name, EncodedWeight value) {
        define(name, ValueInfo.constant(value));
        constants.put(name, value);
    }

    /** Adds a constant that the file does not have as such. */
    String newConstant(String base, EncodedWeight value) {
        String name = fresh(base);
        constant(name, value);
        return name;
    }

    /** Returns a name that no other value has. */
    String fresh(String base) {
        String name = base;
        for (int i = 2; !taken.add(name); ++i) {
            name = base + "_" + i;
        }
        return name;
    }

    /** Adds a node whose result the file does not have. */
    String newNode(Operator operator, String base, String... operands) {
        String name = fresh(base);
        node(operator, List.of(operands), List.of(name));
        return name;
    }

    void node(Operator operator, List<String> operands, List<String> results) {
        Node node = new Node(operator, operands, results);
        List<Optional<ValueInfo>> infos = new ArrayList<>();
        for (String operand : node.inputs()) {
            if (!operand.equals(Node.ABSENT) && !known.containsKey(operand)) {
                throw new GraphException(
                        "'"
                                + operand
                                + "' is not defined before it is used: put the nodes in order; a"
                                + " cycle can't be");
            }
            infos.add(Optional.ofNullable(known.get(operand)));
        }
        List<ValueInfo> found = operator.infer(new Operands(infos, node.outputs().size()));
        for (int i = 0; i < node.outputs().size(); ++i) {
            if (!node.outputs().get(i).equals(Node.ABSENT)) {
                define(node.outputs().get(i), found.get(i));
            }
        }
        nodes.add(node);
    }

    private void define(String name, ValueInfo value) {
        if (known.putIfAbsent(name, value) != null) {
            throw new GraphException("The name '" + name + "' is defined twice: rename one");
        }
    }

    Optional<Shape> shape(String name) {
        return Optional.ofNullable(known.get(name)).flatMap(ValueInfo::shape);
    }

    /** The rank of a value whose meaning depends on it. */
    int rank(String name) {
        return shape(name)
                .map(Shape::rank)
                .orElseThrow(
                        () ->
                                new GraphException(
                                        "The rank of '"
                                                + name
                                                + "' can't be told, but the meaning depends on it:"
                                                + " convert the file to operator set 13 or newer"));
    }

    Optional<ValueInfo> value(String name) {
        return Optional.ofNullable(known.get(name));
    }

    /** Says that the meaning of a constant is part of a node; it may be left out. */
    void absorb(String constant) {
        absorbed.add(constant);
    }

    GraphModel finish(List<String> outputs) {
        nodes.forEach(node -> absorbed.removeAll(node.inputs()));
        outputs.forEach(absorbed::remove);
        constants.keySet().removeAll(absorbed);
        return new GraphModel(new Graph(inputs, weights, constants, nodes, outputs), weightValues);
    }
}
