package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.graph.operator.Comparison;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Unary;
import java.util.HashMap;
import java.util.Map;

/** Comparisons, truth values, and the choice between two values. */
final class ComparisonTranslations {

    private ComparisonTranslations() {}

    static Map<String, Translation> table() {
        Map<String, Translation> table = new HashMap<>();
        table.put("eq", compared(Comparison.EQUAL));
        table.put("gt", compared(Comparison.GREATER));
        table.put("gte", compared(Comparison.GREATER_OR_EQUAL));
        table.put("lt", compared(Comparison.LESS));
        table.put("lte", compared(Comparison.LESS_OR_EQUAL));
        table.put(
                "neq",
                Translation.one(call -> call.node(Unary.NOT, compare(call, Comparison.EQUAL))));
        table.put("logicalAnd", joined(Comparison.AND));
        table.put("logicalOr", joined(Comparison.OR));
        table.put("logicalXor", joined(Comparison.XOR));
        table.put(
                "logicalNot",
                Translation.one(
                        call -> call.node(Unary.NOT, call.as(call.receiver(), DataType.BOOLEAN))));
        table.put(
                "isNaN",
                Translation.one(
                        call ->
                                call.node(
                                        Unary.NOT,
                                        call.node(Comparison.EQUAL, call.self(), call.self()))));
        table.put("where", Translation.one(ComparisonTranslations::where));
        return table;
    }

    private static Translation compared(Comparison comparison) {
        return Translation.one(call -> compare(call, comparison));
    }

    private static String compare(Call call, Comparison comparison) {
        DataType type = common(call);
        return call.node(
                comparison,
                call.as(call.receiver(), type),
                ArithmeticTranslations.other(call, type));
    }

    /** Returns the type in which two operands are compared: floats before integers. */
    private static DataType common(Call call) {
        DataType own = call.type();
        if (!(call.argument(0) instanceof NDArray other)) {
            boolean whole = call.real(0) == Math.rint(call.real(0));
            return own.isFloating() || whole ? own : DataType.FLOAT32;
        }
        DataType type = other.getDataType();
        boolean wider = type.isFloating() == own.isFloating() && bytes(type) > bytes(own);
        return wider || (type.isFloating() && !own.isFloating()) ? type : own;
    }

    private static int bytes(DataType type) {
        return type.isBoolean() ? 0 : type.getNumOfBytes();
    }

    private static Translation joined(Comparison comparison) {
        return Translation.one(
                call ->
                        call.node(
                                comparison,
                                call.as(call.receiver(), DataType.BOOLEAN),
                                call.as(call.array(0), DataType.BOOLEAN)));
    }

    private static String where(Call call) {
        DataType type = call.result().getDataType();
        return call.node(
                Plain.WHERE,
                call.as(call.array(0), DataType.BOOLEAN),
                call.as(call.receiver(), type),
                call.as(call.array(1), type));
    }
}
