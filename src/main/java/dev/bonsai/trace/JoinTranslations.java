package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Several arrays made into one, and one into several. */
final class JoinTranslations {

    private JoinTranslations() {}

    static Map<String, Translation> table() {
        Map<String, Translation> table = new HashMap<>();
        table.put("concat", Translation.one(JoinTranslations::concat));
        table.put("stack", Translation.one(JoinTranslations::stack));
        table.put("split", JoinTranslations::split);
        return table;
    }

    /** Returns the receiver and the first argument, an array or a list of them, in one type. */
    private static List<String> parts(Call call) {
        DataType type = call.result().getDataType();
        List<String> parts = new ArrayList<>(List.of(call.as(call.receiver(), type)));
        for (NDArray array : Call.arrays(call.argument(0))) {
            parts.add(call.as(array, type));
        }
        return parts;
    }

    private static String concat(Call call) {
        int axis = call.count() > 1 ? call.axis(call.integer(1)) : 0;
        return call.node(new Concat(axis), parts(call));
    }

    private static String stack(Call call) {
        int axis = call.count() > 1 ? call.integer(1) : 0;
        int front = axis < 0 ? axis + call.rank() + 1 : axis;
        List<String> parts = new ArrayList<>();
        for (String part : parts(call)) {
            parts.add(call.node(Plain.UNSQUEEZE, part, call.integers(front)));
        }
        return call.node(new Concat(front), parts);
    }

    private static List<String> split(Call call) {
        int axis = call.count() > 1 ? call.axis(call.integer(1)) : 0;
        long[] sizes =
                call.results().stream().mapToLong(part -> part.getShape().get(axis)).toArray();
        if (sizes.length == 1) {
            return List.of(call.self());
        }
        boolean equal = call.argument(0) instanceof Number; // into so many parts
        return equal
                ? call.nodes(new Split(axis), sizes.length, call.self())
                : call.nodes(new Split(axis), sizes.length, call.self(), call.integers(sizes));
    }
}
