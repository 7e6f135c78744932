package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Variadic;
import java.util.HashMap;
import java.util.Map;

/** Arithmetic on two operands, of which the second may be a number. */
final class ArithmeticTranslations {

    private ArithmeticTranslations() {}

    static Map<String, Translation> table() {
        Map<String, Translation> table = new HashMap<>();
        both(table, "add", binary(Binary.ADD));
        both(table, "sub", binary(Binary.SUB));
        both(table, "mul", binary(Binary.MUL));
        both(table, "div", binary(Binary.DIV));
        both(table, "pow", binary(Binary.POW));
        both(table, "mod", Translation.one(ArithmeticTranslations::remainder));
        both(table, "rsub", reversed(Binary.SUB));
        table.put("rdiv", Translation.one(ArithmeticTranslations::quotient));
        table.put("rpow", reversed(Binary.POW));
        table.put("maximum", binary(Variadic.MAX));
        table.put("minimum", binary(Variadic.MIN));
        return table;
    }

    /** An operator and the form of it that changes its receiver. */
    private static void both(Map<String, Translation> table, String name, Translation translation) {
        table.put(name, translation);
        table.put(name + "i", translation);
    }

    private static Translation binary(Operator operator) {
        return Translation.one(
                call -> {
                    DataType type = call.result().getDataType();
                    return call.node(operator, call.as(call.receiver(), type), other(call, type));
                });
    }

    private static Translation reversed(Operator operator) {
        return Translation.one(call -> reversed(call, operator));
    }

    private static String reversed(Call call, Operator operator) {
        DataType type = call.result().getDataType();
        return call.node(operator, other(call, type), call.as(call.receiver(), type));
    }

    private static String quotient(Call call) {
        DataType type = call.result().getDataType();
        boolean one = call.argument(0) instanceof Number number && number.doubleValue() == 1;
        return one && type.isFloating()
                ? call.node(Unary.RECIPROCAL, call.as(call.receiver(), type))
                : reversed(call, Binary.DIV);
    }

    /** Returns the first argument, a number or an array, in a type. */
    static String other(Call call, DataType type) {
        return call.argument(0) instanceof NDArray array
                ? call.as(array, type)
                : call.scalar(call.real(0), type);
    }

    /** a - floor(a / b) * b, which has the sign of b. */
    private static String remainder(Call call) {
        DataType type = call.result().getDataType();
        if (!type.isFloating()) {
            throw new Untranslatable("integers");
        }
        String a = call.as(call.receiver(), type);
        String b = other(call, type);
        String whole = call.node(Unary.FLOOR, call.node(Binary.DIV, a, b));
        return call.node(Binary.SUB, a, call.node(Binary.MUL, whole, b));
    }
}
