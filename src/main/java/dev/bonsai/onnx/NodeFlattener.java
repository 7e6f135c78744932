package dev.bonsai.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.bonsai.graph.Node;
import dev.bonsai.onnx.OnnxFormatException.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes one list of nodes of a model: local functions and the branches of an {@code If} with a
 * constant condition are put in the place where they are used.
 */
final class NodeFlattener {

    /** More nodes come only from functions that call one another many times. */
    private static final int MOST_NODES = 1 << 18;

    private static final int DEEPEST = 32;

    /** Longer names of functions, and of what is in them, are cut. */
    private static final int LONGEST_NAME = 64;

    /** What the names of all that is put in place of calls may have together. */
    private static final long MOST_LETTERS = 1L << 25;

    private final Map<String, FunctionProto> functions = new HashMap<>();
    private final Map<String, TensorProto> tensors = new LinkedHashMap<>();
    private final Map<String, String> identities = new HashMap<>();
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();
    private int calls;
    private long letters;
    private int cut;

    /**
     * What a model computes.
     *
     * @param nodes the nodes in order
     * @param tensors the initialisers by name, those of branches included
     * @param names all names that are in use
     */
    record Flat(List<OnnxNode> nodes, Map<String, TensorProto> tensors, Set<String> names) {}

    /** Where names and attributes of a body are looked up. */
    private record Scope(
            Map<String, String> names,
            boolean open,
            String prefix,
            Map<String, Long> versions,
            Map<String, AttributeProto> attributes,
            int depth) {}

    private NodeFlattener() {}

    static Flat flatten(ModelProto model) throws OnnxFormatException {
        NodeFlattener flattener = new NodeFlattener();
        for (FunctionProto function : model.getFunctionsList()) {
            flattener.functions.put(key(function.getDomain(), function.getName()), function);
        }
        GraphProto graph = model.getGraph();
        graph.getInputList().forEach(input -> flattener.taken.add(input.getName()));
        graph.getOutputList().forEach(output -> flattener.taken.add(output.getName()));
        for (NodeProto node : graph.getNodeList()) {
            flattener.taken.addAll(node.getInputList());
            flattener.taken.addAll(node.getOutputList());
        }
        Scope top =
                new Scope(
                        new HashMap<>(),
                        true,
                        "",
                        versions(model.getOpsetImportList()),
                        Map.of(),
                        0);
        flattener.initializers(graph, top);
        flattener.body(graph.getNodeList(), top);
        return new Flat(flattener.nodes, flattener.tensors, flattener.taken);
    }

    private static Map<String, Long> versions(List<OperatorSetIdProto> imports) {
        Map<String, Long> versions = new HashMap<>();
        imports.forEach(set -> versions.put(domain(set.getDomain()), set.getVersion()));
        return versions;
    }

    private static String domain(String given) {
        return given.equals("ai.onnx") ? "" : given;
    }

    private static String key(String domain, String operator) {
        String own = domain(domain);
        return own.isEmpty() ? operator : own + "." + operator;
    }

    private void initializers(GraphProto graph, Scope scope) throws OnnxFormatException {
        if (graph.getSparseInitializerCount() > 0) {
            throw new OnnxFormatException(
                    Problem.UNSUPPORTED,
                    "The file has sparse initialisers: write the weights as dense ones");
        }
        for (TensorProto tensor : graph.getInitializerList()) {
            String name = scope.depth() == 0 ? tensor.getName() : define(tensor.getName(), scope);
            taken.add(name);
            if (tensors.put(name, tensor) != null) {
                throw new OnnxFormatException(
                        Problem.INVALID, "The initialiser '" + name + "' stands twice: rename one");
            }
        }
    }

    private void body(List<NodeProto> body, Scope scope) throws OnnxFormatException {
        for (NodeProto node : body) {
            node(node, scope);
        }
    }

    private void node(NodeProto node, Scope scope) throws OnnxFormatException {
        if (++calls > MOST_NODES || scope.depth() > DEEPEST || letters > MOST_LETTERS) {
            throw new OnnxFormatException(
                    Problem.INVALID,
                    "The functions of the model call one another too often: at most "
                            + MOST_NODES
                            + " nodes, "
                            + DEEPEST
                            + " deep, with "
                            + MOST_LETTERS
                            + " letters in their names");
        }
        List<String> inputs = new ArrayList<>();
        for (String input : node.getInputList()) {
            inputs.add(use(input, scope));
        }
        String operator = key(node.getDomain(), node.getOpType());
        Map<String, AttributeProto> attributes = attributes(node, scope);
        FunctionProto function = functions.get(operator);
        if (function != null) {
            call(function, inputs, outputs(node, scope), attributes, scope);
            return;
        }
        Optional<GraphProto> branch =
                operator.equals("If") ? branch(inputs, attributes) : Optional.empty();
        if (branch.isPresent()) {
            inline(branch.get(), outputs(node, scope), scope);
            return;
        }
        add(node, operator, inputs, outputs(node, scope), attributes, scope);
    }

    private void add(
            NodeProto node,
            String operator,
            List<String> inputs,
            List<String> outputs,
            Map<String, AttributeProto> attributes,
            Scope scope) {
        String own = node.getName().isEmpty() ? String.join(", ", outputs) : node.getName();
        String label =
                operator
                        + " '"
                        + (scope.depth() == 0 ? own : scope.prefix() + shortened(own))
                        + "'";
        letters += scope.depth() == 0 ? 0 : label.length();
        long version = scope.versions().getOrDefault(domain(node.getDomain()), 0L);
        nodes.add(new OnnxNode(label, operator, version, inputs, outputs, attributes));
        if (operator.equals("Constant") && attributes.containsKey("value")) {
            outputs.forEach(output -> tensors.put(output, attributes.get("value").getT()));
        } else if (operator.equals("Identity") && inputs.size() == 1 && outputs.size() == 1) {
            identities.put(outputs.get(0), inputs.get(0));
        }
    }

    private static Map<String, AttributeProto> attributes(NodeProto node, Scope scope) {
        Map<String, AttributeProto> attributes = new HashMap<>();
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.getRefAttrName().isEmpty()) {
                attributes.put(attribute.getName(), attribute);
            } else if (scope.attributes().containsKey(attribute.getRefAttrName())) {
                attributes.put(
                        attribute.getName(), scope.attributes().get(attribute.getRefAttrName()));
            }
        }
        return attributes;
    }

    private List<String> outputs(NodeProto node, Scope scope) {
        List<String> outputs = new ArrayList<>();
        for (String output : node.getOutputList()) {
            outputs.add(define(output, scope));
        }
        return outputs;
    }

    /** The name in the list of what a body calls by another. */
    private String use(String name, Scope scope) {
        String known = scope.names().get(name);
        if (known != null || scope.open() || name.isEmpty()) {
            return known == null ? name : known;
        }
        String outer = scope.prefix() + shortened(name); // of nothing: the list is refused
        letters += outer.length();
        return outer;
    }

    private String define(String name, Scope scope) {
        if (name.equals(Node.ABSENT) || scope.depth() == 0) {
            return name;
        }
        return scope.names()
                .computeIfAbsent(
                        name,
                        inner -> {
                            String start = scope.prefix() + shortened(inner);
                            String outer = start;
                            for (int i = 2; !taken.add(outer); ++i) {
                                outer = start + "_" + i;
                            }
                            letters += outer.length();
                            return outer;
                        });
    }

    /** Cuts a name that is long, and numbers it, so that others with its beginning stay others. */
    private String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "~" + ++cut;
    }

    private void call(
            FunctionProto function,
            List<String> inputs,
            List<String> outputs,
            Map<String, AttributeProto> given,
            Scope caller)
            throws OnnxFormatException {
        Map<String, AttributeProto> attributes = new HashMap<>();
        function.getAttributeProtoList().forEach(a -> attributes.put(a.getName(), a));
        attributes.putAll(given);
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < function.getInputCount(); ++i) {
            names.put(function.getInput(i), i < inputs.size() ? inputs.get(i) : Node.ABSENT);
        }
        for (int i = 0; i < Math.min(outputs.size(), function.getOutputCount()); ++i) {
            String name = function.getOutput(i);
            if (outputs.get(i).equals(Node.ABSENT)) {
                continue;
            }
            if (names.containsKey(name)) { // an input, or an output that is named twice
                identity(names.get(name), outputs.get(i), caller);
            } else {
                names.put(name, outputs.get(i));
            }
        }
        Map<String, Long> versions = new HashMap<>(caller.versions());
        versions.putAll(versions(function.getOpsetImportList()));
        String prefix = caller.prefix() + shortened(function.getName()) + "_" + calls + "/";
        body(
                function.getNodeList(),
                new Scope(names, false, prefix, versions, attributes, caller.depth() + 1));
    }

    private void identity(String from, String to, Scope scope) {
        NodeProto node = NodeProto.newBuilder().setOpType("Identity").build();
        add(node, "Identity", List.of(from), List.of(to), Map.of(), scope);
    }

    /** The branch that a constant condition chooses. */
    private Optional<GraphProto> branch(List<String> inputs, Map<String, AttributeProto> attributes)
            throws OnnxFormatException {
        String condition = inputs.isEmpty() ? Node.ABSENT : inputs.get(0);
        for (int i = 0; i < DEEPEST && identities.containsKey(condition); ++i) {
            condition = identities.get(condition);
        }
        TensorProto tensor = tensors.get(condition);
        if (tensor == null) {
            return Optional.empty();
        }
        float[] values = TensorReader.read(tensor).decode();
        String name = values.length == 1 && values[0] != 0 ? "then_branch" : "else_branch";
        return Optional.ofNullable(attributes.get(name)).map(AttributeProto::getG);
    }

    private void inline(GraphProto branch, List<String> outputs, Scope outer)
            throws OnnxFormatException {
        Scope scope =
                new Scope(
                        new HashMap<>(outer.names()),
                        outer.open(),
                        outer.prefix() + "branch_" + calls + "/",
                        outer.versions(),
                        outer.attributes(),
                        outer.depth() + 1);
        initializers(branch, scope);
        body(branch.getNodeList(), scope);
        for (int i = 0; i < Math.min(outputs.size(), branch.getOutputCount()); ++i) {
            if (!outputs.get(i).equals(Node.ABSENT)) {
                identity(use(branch.getOutput(i).getName(), scope), outputs.get(i), outer);
            }
        }
    }
}
