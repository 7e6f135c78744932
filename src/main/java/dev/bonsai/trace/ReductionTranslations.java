package dev.bonsai.trace;

import ai.djl.ndarray.types.DataType;
import dev.bonsai.graph.operator.ArgMax;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Unary;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One number for all elements along some axes. */
final class ReductionTranslations {

    private ReductionTranslations() {}

    static Map<String, Translation> table() {
        Map<String, Translation> table = new HashMap<>();
        table.put("sum", reduced(Reduce.Kind.SUM));
        table.put("mean", reduced(Reduce.Kind.MEAN));
        table.put("max", reduced(Reduce.Kind.MAX));
        table.put("min", reduced(Reduce.Kind.MIN));
        table.put("prod", reduced(Reduce.Kind.PROD));
        table.put("norm", Translation.one(ReductionTranslations::norm));
        table.put("argMax", Translation.one(call -> place(call, call.self())));
        table.put(
                "argMin", Translation.one(call -> place(call, call.node(Unary.NEG, call.self()))));
        return table;
    }

    /** Of all elements, along some axes, or along some axes that may stay with size 1. */
    private static Translation reduced(Reduce.Kind kind) {
        return Translation.one(
                call -> {
                    List<Integer> axes =
                            call.count() == 0 ? List.of() : axes(call, call.argument(0));
                    boolean keep = call.count() > 1 && call.flag(1);
                    String x = call.as(call.receiver(), call.result().getDataType());
                    return reduce(call, kind, x, axes, keep);
                });
    }

    private static List<Integer> axes(Call call, Object axes) {
        return Arrays.stream((int[]) axes).map(call::axis).sorted().boxed().toList();
    }

    /** The axes of a sum are an operand, those of all others an attribute. */
    private static String reduce(
            Call call, Reduce.Kind kind, String x, List<Integer> axes, boolean keep) {
        if (kind == Reduce.Kind.SUM && !axes.isEmpty()) {
            return call.node(new Reduce(kind, List.of(), keep, false), x, call.integers(axes));
        }
        return call.node(new Reduce(kind, axes, keep, false), x);
    }

    private static String norm(Call call) {
        int order = 2;
        List<Integer> axes = List.of();
        boolean keep = false;
        for (int i = 0; i < call.count(); ++i) {
            Object argument = call.argument(i);
            if (argument instanceof Integer number) {
                order = number;
            } else if (argument instanceof Boolean flag) {
                keep = flag;
            } else {
                axes = axes(call, argument);
            }
        }
        if (order != 1 && order != 2) {
            throw new Untranslatable("order " + order);
        }
        Reduce.Kind kind = order == 1 ? Reduce.Kind.L1 : Reduce.Kind.L2;
        return reduce(call, kind, call.self(), axes, keep);
    }

    private static String place(Call call, String x) {
        DataType type = call.result().getDataType();
        if (call.count() == 0) {
            String list = call.node(new Reshape(false), x, call.integers(-1));
            return call.cast(call.node(new ArgMax(0, false), list), DataType.INT64, type);
        }
        int axis = call.axis(call.integer(0));
        return call.cast(call.node(new ArgMax(axis, false), x), DataType.INT64, type);
    }
}
