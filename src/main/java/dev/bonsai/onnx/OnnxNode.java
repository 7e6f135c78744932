package dev.bonsai.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import com.google.protobuf.ByteString;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.type.GraphException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A node of an ONNX file, with what is outside of it looked up.
 *
 * @param label what messages call it
 * @param operator the name of the operator, behind its domain if that is not ONNX's own
 * @param version the version of the operator set that it is meant in
 * @param inputs the names of the operands
 * @param outputs the names of the results
 * @param raw the attributes by name
 */
record OnnxNode(
        String label,
        String operator,
        long version,
        List<String> inputs,
        List<String> outputs,
        Map<String, AttributeProto> raw) {

    OnnxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        raw = Map.copyOf(raw);
    }

    /** The name of an operand, or {@link Node#ABSENT}. */
    String input(int i) {
        return i < inputs.size() ? inputs.get(i) : Node.ABSENT;
    }

    boolean hasInput(int i) {
        return !input(i).equals(Node.ABSENT);
    }

    boolean has(String attribute) {
        return raw.containsKey(attribute);
    }

    /** All attributes but some as plain values. */
    Attributes attributes(String... without) {
        Set<String> left = new HashSet<>(raw.keySet());
        List.of(without).forEach(left::remove);
        Map<String, Object> values = new TreeMap<>();
        left.forEach(name -> values.put(name, value(raw.get(name))));
        return Attributes.of(values);
    }

    private static Object value(AttributeProto attribute) {
        return switch (attribute.getType()) {
            case INT -> attribute.getI();
            case INTS -> List.copyOf(attribute.getIntsList());
            case FLOAT -> attribute.getF();
            case FLOATS -> List.copyOf(attribute.getFloatsList());
            case STRING -> attribute.getS().toStringUtf8();
            case STRINGS ->
                    attribute.getStringsList().stream().map(ByteString::toStringUtf8).toList();
            case UNDEFINED -> untyped(attribute);
            default ->
                    throw new GraphException(
                            "The attribute '"
                                    + attribute.getName()
                                    + "' has the type "
                                    + attribute.getType()
                                    + ", which no operator here takes there");
        };
    }

    /** The earliest files name no type. */
    private static Object untyped(AttributeProto attribute) {
        if (attribute.getIntsCount() > 0) {
            return List.copyOf(attribute.getIntsList());
        }
        if (attribute.getFloatsCount() > 0) {
            return List.copyOf(attribute.getFloatsList());
        }
        if (!attribute.getS().isEmpty()) {
            return attribute.getS().toStringUtf8();
        }
        return attribute.getF() != 0 ? (Object) attribute.getF() : (Object) attribute.getI();
    }

    Optional<Object> value(String attribute) {
        return Optional.ofNullable(raw.get(attribute)).map(OnnxNode::value);
    }

    long integer(String attribute, long standard) {
        return value(attribute).map(value -> as(attribute, value, Long.class)).orElse(standard);
    }

    float real(String attribute, float standard) {
        return value(attribute).map(value -> as(attribute, value, Float.class)).orElse(standard);
    }

    long[] integers(String attribute) {
        return value(attribute)
                .map(value -> as(attribute, value, List.class))
                .map(
                        list ->
                                ((List<?>) list)
                                        .stream()
                                                .mapToLong(i -> as(attribute, i, Long.class))
                                                .toArray())
                .orElse(new long[0]);
    }

    float[] reals(String attribute) {
        List<?> list =
                value(attribute)
                        .<List<?>>map(value -> as(attribute, value, List.class))
                        .orElse(List.of());
        float[] reals = new float[list.size()];
        for (int i = 0; i < reals.length; ++i) {
            reals[i] = as(attribute, list.get(i), Float.class);
        }
        return reals;
    }

    private static <T> T as(String attribute, Object value, Class<T> type) {
        if (!type.isInstance(value)) {
            throw new GraphException(
                    "The attribute '"
                            + attribute
                            + "' is a "
                            + type.getSimpleName()
                            + ", but got "
                            + value);
        }
        return type.cast(value);
    }

    /** Refuses an attribute that has another value than the one that changes nothing. */
    void need(String attribute, Object only) {
        Optional<Object> given = value(attribute);
        if (given.isPresent() && !given.get().equals(only)) {
            throw new GraphException(
                    "The attribute '"
                            + attribute
                            + "' can only be "
                            + only
                            + " here, but is "
                            + given.get());
        }
    }

    @Override
    public String toString() {
        return label;
    }
}
