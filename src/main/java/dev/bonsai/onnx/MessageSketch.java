package dev.bonsai.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.type.ValueInfo;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A message of ONNX while it is made node by node. */
final class MessageSketch {

    private final GraphProto.Builder message = GraphProto.newBuilder().setName("graph");
    private final Map<String, ValueInfo> values;
    private final Map<String, String> aliases = new HashMap<>();
    private final Set<String> outputs;
    private final Set<String> used = new HashSet<>();
    private final Set<String> taken;

    MessageSketch(Graph graph) {
        values = graph.values();
        outputs = new HashSet<>(graph.outputs());
        used.addAll(outputs);
        graph.nodes().forEach(node -> used.addAll(node.inputs()));
        taken = new HashSet<>(values.keySet());
    }

    GraphProto.Builder message() {
        return message;
    }

    /** What is known of a value of the graph. */
    ValueInfo value(String name) {
        return values.get(name);
    }

    boolean isOutput(String name) {
        return outputs.contains(name);
    }

    boolean isUsed(String name) {
        return used.contains(name);
    }

    /** Lets a name stand for another value. */
    void alias(String name, String other) {
        aliases.put(name, aliases.getOrDefault(other, other));
    }

    String fresh(String base) {
        String name = base;
        for (int i = 2; !taken.add(name); ++i) {
            name = base + "_" + i;
        }
        return name;
    }

    void constant(String name, EncodedWeight value) {
        message.addNode(
                NodeProto.newBuilder()
                        .setName(name)
                        .setOpType("Constant")
                        .addOutput(name)
                        .addAttribute(
                                AttributeProto.newBuilder()
                                        .setName("value")
                                        .setType(AttributeProto.AttributeType.TENSOR)
                                        .setT(TensorWriter.write(name, value))));
    }

    /** Adds an initialiser that the graph does not have. */
    String newInitializer(String base, EncodedWeight value) {
        String name = fresh(base);
        message.addInitializer(TensorWriter.write(name, value));
        return name;
    }

    /** Adds an initialiser of a type that weights don't have, under its fresh name. */
    String newInitializer(TensorProto tensor) {
        message.addInitializer(tensor);
        return tensor.getName();
    }

    /** The sets of operators, other than ONNX's own, that the nodes are of. */
    Set<String> domains() {
        Set<String> domains = new LinkedHashSet<>();
        message.getNodeList().forEach(node -> domains.add(node.getDomain()));
        domains.remove("");
        return domains;
    }

    String newConstant(String base, EncodedWeight value) {
        String name = fresh(base);
        constant(name, value);
        return name;
    }

    String newNode(String operator, String base, String... inputs) {
        String name = fresh(base);
        node(operator, Attributes.NONE, List.of(inputs), List.of(name));
        return name;
    }

    void node(String operator, Attributes attributes, List<String> inputs, List<String> results) {
        node(operator, attributes, inputs, results, Map.of());
    }

    /** Adds a node, with attributes that are tensors. */
    void node(
            String operator,
            Attributes attributes,
            List<String> inputs,
            List<String> results,
            Map<String, EncodedWeight> tensors) {
        message.addNode(sketched(operator, attributes, inputs, results, tensors));
    }

    /** Adds a node of another set of operators. */
    void foreignNode(
            String domain,
            String operator,
            Attributes attributes,
            List<String> inputs,
            List<String> results) {
        message.addNode(
                sketched(operator, attributes, inputs, results, Map.of()).setDomain(domain));
    }

    private NodeProto.Builder sketched(
            String operator,
            Attributes attributes,
            List<String> inputs,
            List<String> results,
            Map<String, EncodedWeight> tensors) {
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator);
        node.setName(
                results.stream().filter(r -> !r.equals(Node.ABSENT)).findFirst().orElse(operator));
        inputs.forEach(input -> node.addInput(aliases.getOrDefault(input, input)));
        results.forEach(node::addOutput);
        for (String name : attributes.names()) {
            node.addAttribute(attribute(name, attributes.get(name).orElseThrow()));
        }
        tensors.forEach(
                (name, value) ->
                        node.addAttribute(
                                AttributeProto.newBuilder()
                                        .setName(name)
                                        .setType(AttributeProto.AttributeType.TENSOR)
                                        .setT(TensorWriter.write(name, value))));
        return node;
    }

    private static AttributeProto attribute(String name, Object value) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
        if (value instanceof Long number) {
            return attribute.setType(AttributeProto.AttributeType.INT).setI(number).build();
        }
        if (value instanceof Float number) {
            return attribute.setType(AttributeProto.AttributeType.FLOAT).setF(number).build();
        }
        if (value instanceof String text) {
            return attribute
                    .setType(AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(text))
                    .build();
        }
        List<?> list = (List<?>) value;
        if (!list.isEmpty() && list.get(0) instanceof Float) {
            attribute.setType(AttributeProto.AttributeType.FLOATS);
            list.forEach(number -> attribute.addFloats((Float) number));
        } else if (!list.isEmpty() && list.get(0) instanceof String) {
            attribute.setType(AttributeProto.AttributeType.STRINGS);
            list.forEach(text -> attribute.addStrings(ByteString.copyFromUtf8((String) text)));
        } else {
            attribute.setType(AttributeProto.AttributeType.INTS);
            list.forEach(number -> attribute.addInts((Long) number));
        }
        return attribute.build();
    }
}
