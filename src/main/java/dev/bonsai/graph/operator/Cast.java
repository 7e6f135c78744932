package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The operand in another type.
 *
 * @param to the type
 */
public record Cast(ElementType to) implements Operator {

    /** The numbers of the types in ONNX (TensorProto.DataType). */
    private static final Map<Integer, ElementType> TYPES =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry(1, ElementType.FLOAT32),
                            Map.entry(2, ElementType.UINT8),
                            Map.entry(3, ElementType.INT8),
                            Map.entry(4, ElementType.UINT16),
                            Map.entry(5, ElementType.INT16),
                            Map.entry(6, ElementType.INT32),
                            Map.entry(7, ElementType.INT64),
                            Map.entry(9, ElementType.BOOLEAN),
                            Map.entry(10, ElementType.FLOAT16),
                            Map.entry(11, ElementType.FLOAT64),
                            Map.entry(12, ElementType.UINT32),
                            Map.entry(13, ElementType.UINT64),
                            Map.entry(16, ElementType.BFLOAT16)));

    static final Schema SCHEMA =
            new Schema(
                    111,
                    "Cast",
                    Schema.Arity.of(1),
                    Schema.Arity.of(1),
                    List.of(Schema.integer("to")),
                    attributes -> new Cast(type(attributes.integer("to"))));

    /**
     * Returns the type of a number in ONNX.
     *
     * @param number the number of the type in TensorProto.DataType
     * @return the type
     * @throws GraphException if it is not one of numbers or booleans
     */
    public static ElementType type(int number) {
        ElementType type = TYPES.get(number);
        if (type == null) {
            throw new GraphException(
                    "ONNX's type %s is not supported; there are %s", number, TYPES);
        }
        return type;
    }

    /**
     * Returns the number of a type in ONNX.
     *
     * @param type the type
     * @return the number of the type in TensorProto.DataType
     */
    public static int number(ElementType type) {
        return TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == type)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(Cast.number(to));
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        ValueInfo operand = operands.get(0);
        if (operand.type() == to) {
            return List.of(operand);
        }
        Optional<List<Dim>> numbers =
                operand.numbers().filter(list -> list.stream().allMatch(this::keeps));
        return List.of(ValueInfo.of(to, operand.shape(), numbers));
    }

    /** Whether a number certainly stays as it is; sizes of dimensions have 31 bits. */
    private boolean keeps(Dim number) {
        return switch (to) {
            case INT64 -> true;
            case INT32 -> !number.isFixed() || number.size() == (int) number.size();
            case BOOLEAN -> number.is(0) || number.is(1);
            default -> false;
        };
    }
}
