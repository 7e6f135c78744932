package dev.bonsai.trace;

import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Gelu;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.ParametricActivation;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Softmax;
import dev.bonsai.graph.operator.Unary;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Functions of each element of one operand, and the softmax. */
final class ElementTranslations {

    private ElementTranslations() {}

    static Map<String, Translation> table() {
        Map<String, Translation> table = new HashMap<>();
        activations(table);
        functions(table);
        table.put("softmax", of(call -> new Softmax(Softmax.Kind.SOFTMAX, call.integer(0))));
        table.put("logSoftmax", of(call -> new Softmax(Softmax.Kind.LOG_SOFTMAX, call.integer(0))));
        table.put("clip", Translation.one(ElementTranslations::clip));
        for (String same : new String[] {"stopGradient", "duplicate", "toDevice"}) {
            table.put(same, Translation.one(Call::self));
        }
        table.put(
                "toType",
                Translation.one(call -> call.as(call.receiver(), call.result().getDataType())));
        return table;
    }

    private static void activations(Map<String, Translation> table) {
        table.put("relu", plain(Unary.RELU));
        table.put("sigmoid", plain(Unary.SIGMOID));
        table.put("tanh", plain(Unary.TANH));
        table.put("softPlus", plain(Unary.SOFTPLUS));
        table.put("softSign", plain(Unary.SOFTSIGN));
        table.put("gelu", plain(new Gelu(Gelu.Approximation.NONE)));
        table.put("selu", plain(Operators.of("Selu", Attributes.NONE)));
        table.put(
                "leakyRelu",
                of(
                        call ->
                                new ParametricActivation(
                                        ParametricActivation.Kind.LEAKY_RELU,
                                        (float) call.real(0),
                                        0)));
        table.put(
                "elu",
                of(
                        call ->
                                new ParametricActivation(
                                        ParametricActivation.Kind.ELU, (float) call.real(0), 0)));
        table.put("swish", Translation.one(ElementTranslations::swish));
        table.put("mish", Translation.one(ElementTranslations::mish));
    }

    private static void functions(Map<String, Translation> table) {
        table.put("neg", plain(Unary.NEG));
        table.put("negi", plain(Unary.NEG));
        table.put("sign", plain(Unary.SIGN));
        table.put("signi", plain(Unary.SIGN));
        table.put("abs", plain(Unary.ABS));
        table.put("sqrt", plain(Unary.SQRT));
        table.put("exp", plain(Unary.EXP));
        table.put("log", plain(Unary.LOG));
        table.put("sin", plain(Unary.SIN));
        table.put("cos", plain(Unary.COS));
        table.put("floor", plain(Unary.FLOOR));
        table.put("ceil", plain(Unary.CEIL));
        table.put("round", plain(Unary.ROUND));
        table.put("erf", plain(Unary.ERF));
        table.put("log2", scaled(Unary.LOG, 1 / Math.log(2)));
        table.put("log10", scaled(Unary.LOG, 1 / Math.log(10)));
        table.put(
                "square", Translation.one(call -> call.node(Binary.MUL, call.self(), call.self())));
        table.put(
                "tan",
                Translation.one(
                        call ->
                                call.node(
                                        Binary.DIV,
                                        call.node(Unary.SIN, call.self()),
                                        call.node(Unary.COS, call.self()))));
        table.put("trunc", Translation.one(ElementTranslations::truncated));
    }

    private static Translation plain(Operator operator) {
        return of(call -> operator);
    }

    private static Translation of(Function<Call, Operator> operator) {
        return Translation.one(
                call ->
                        call.node(
                                operator.apply(call),
                                call.as(call.receiver(), call.result().getDataType())));
    }

    private static Translation scaled(Operator operator, double factor) {
        return Translation.one(
                call ->
                        call.node(
                                Binary.MUL,
                                call.node(
                                        operator,
                                        call.as(call.receiver(), call.result().getDataType())),
                                call.scalar(factor, call.result().getDataType())));
    }

    /** x * sigmoid(beta * x). */
    private static String swish(Call call) {
        String scaled =
                call.real(0) == 1
                        ? call.self()
                        : call.node(
                                Binary.MUL, call.self(), call.scalar(call.real(0), call.type()));
        return call.node(Binary.MUL, call.self(), call.node(Unary.SIGMOID, scaled));
    }

    /** x * tanh(log2(1 + exp(x))): DJL takes the logarithm to base 2. */
    private static String mish(Call call) {
        String soft = call.node(Unary.SOFTPLUS, call.self());
        String factor = call.scalar(1 / Math.log(2), call.type());
        String gate = call.node(Unary.TANH, call.node(Binary.MUL, soft, factor));
        return call.node(Binary.MUL, gate, call.self());
    }

    private static String truncated(Call call) {
        String whole = call.node(Unary.FLOOR, call.node(Unary.ABS, call.self()));
        return call.node(Binary.MUL, call.node(Unary.SIGN, call.self()), whole);
    }

    private static String clip(Call call) {
        return call.node(
                Plain.CLIP,
                call.self(),
                call.scalar(call.real(0), call.type()),
                call.scalar(call.real(1), call.type()));
    }
}
