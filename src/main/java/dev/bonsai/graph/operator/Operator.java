package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * An operator of ONNX with its attributes, in the meaning of operator set 17.
 *
 * <p>Implementations are records or enums: equal operators do the same.
 */
public interface Operator {

    /**
     * Returns what is common to all operators of this type.
     *
     * @return the name, the number of operands and results, and the names of the attributes
     */
    Schema schema();

    /**
     * Returns the attributes that differ from ONNX's defaults.
     *
     * @return the attributes, by which {@link Operators#of} makes this operator again
     */
    default Attributes attributes() {
        return schema().given(attributeValues());
    }

    /**
     * Returns the values of the attributes, with those that are ONNX's defaults.
     *
     * @return the values in the order of the schema; the last ones may be left out
     */
    default List<?> attributeValues() {
        return List.of();
    }

    /**
     * Tells what is known of the results before anything is computed: the shape rule.
     *
     * @param operands what is known of the operands
     * @return one entry per result that the operator can have; where a node names fewer results,
     *     the others are left out
     * @throws dev.bonsai.graph.type.GraphException if the operands don't fit
     */
    List<ValueInfo> infer(Operands operands);

    /**
     * Returns ONNX's name of the operator.
     *
     * @return the name, such as {@code Conv}
     */
    default String onnxName() {
        return schema().name();
    }
}
