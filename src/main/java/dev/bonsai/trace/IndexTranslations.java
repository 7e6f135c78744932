package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.dim.NDIndexAll;
import ai.djl.ndarray.index.dim.NDIndexElement;
import ai.djl.ndarray.index.dim.NDIndexFixed;
import ai.djl.ndarray.index.dim.NDIndexNull;
import ai.djl.ndarray.index.dim.NDIndexSlice;
import ai.djl.ndarray.index.dim.NDIndexTake;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.type.Constants;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parts of an array. */
final class IndexTranslations {

    private IndexTranslations() {}

    static Map<String, Translation> table() {
        Map<String, Translation> table = new HashMap<>();
        table.put("get", Translation.one(IndexTranslations::get));
        table.put("getScalar", Translation.one(IndexTranslations::get));
        table.put("take", Translation.one(IndexTranslations::take));
        table.put("gatherNd", Translation.one(IndexTranslations::gatherNd));
        return table;
    }

    /** Returns the index that a call gives in one of several forms. */
    private static NDIndex index(Call call) {
        int first = call.argument(0) instanceof NDManager ? 1 : 0;
        Object argument = call.argument(first);
        if (argument instanceof NDIndex index) {
            return index;
        }
        if (argument instanceof NDArray array) {
            return new NDIndex("{}", array);
        }
        return argument instanceof long[] numbers
                ? new NDIndex(numbers)
                : new NDIndex((String) argument, call.argument(first + 1, Object[].class));
    }

    private static String get(Call call) {
        NDIndex index = index(call);
        List<NDIndexElement> elements = new ArrayList<>(index.getIndices());
        if (index.getEllipsisIndex() >= 0) {
            long named = elements.stream().filter(e -> !(e instanceof NDIndexNull)).count();
            for (long i = named; i < call.rank(); ++i) {
                elements.add(index.getEllipsisIndex(), new NDIndexAll());
            }
        }
        String sliced = slice(call, elements);
        return added(call, elements, picked(call, elements, sliced));
    }

    private static String slice(Call call, List<NDIndexElement> elements) {
        List<Long> starts = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        List<Long> steps = new ArrayList<>();
        List<Long> axes = new ArrayList<>();
        long axis = 0;
        for (NDIndexElement element : elements) {
            if (element instanceof NDIndexSlice slice) {
                starts.add(slice.getMin() == null ? 0L : slice.getMin());
                ends.add(slice.getMax() == null ? Integer.MAX_VALUE : slice.getMax());
                steps.add(slice.getStep() == null ? 1L : slice.getStep());
                axes.add(axis);
            }
            axis += element instanceof NDIndexNull ? 0 : 1;
        }
        if (starts.isEmpty()) {
            return call.self();
        }
        List<String> operands =
                new ArrayList<>(
                        List.of(
                                call.self(),
                                list(call, starts),
                                list(call, ends),
                                list(call, axes)));
        if (steps.stream().anyMatch(step -> step != 1)) {
            operands.add(list(call, steps));
        }
        return call.node(Plain.SLICE, operands);
    }

    private static String list(Call call, List<Long> numbers) {
        return call.integers(numbers.stream().mapToLong(Long::longValue).toArray());
    }

    /** Takes elements by a number or by an array of numbers, the last axis first. */
    private static String picked(Call call, List<NDIndexElement> elements, String value) {
        List<NDIndexElement> named =
                elements.stream().filter(element -> !(element instanceof NDIndexNull)).toList();
        if (named.stream().filter(element -> PlainIndex.arrayOf(element) != null).count() > 1) {
            throw new Untranslatable("several arrays as indices");
        }
        String picked = value;
        for (int axis = named.size() - 1; axis >= 0; --axis) {
            NDIndexElement element = named.get(axis);
            if (element instanceof NDIndexFixed fixed) {
                String number = call.constant(Constants.integer(fixed.getIndex()));
                picked = call.node(new Gather(axis), picked, number);
            } else if (element instanceof NDIndexTake take) {
                picked = call.node(new Gather(axis), picked, call.indices(take.getIndex()));
            } else if (PlainIndex.arrayOf(element) != null) {
                throw new Untranslatable("a " + element.getClass().getSimpleName());
            }
        }
        return picked;
    }

    /** Adds an axis of size 1 for each null. */
    private static String added(Call call, List<NDIndexElement> elements, String value) {
        List<Integer> axes = new ArrayList<>();
        int axis = 0;
        for (NDIndexElement element : elements) {
            if (element instanceof NDIndexNull) {
                axes.add(axis);
            }
            axis += rank(element);
        }
        return axes.isEmpty() ? value : call.node(Plain.UNSQUEEZE, value, call.integers(axes));
    }

    private static int rank(NDIndexElement element) {
        if (element instanceof NDIndexTake take) {
            return take.getIndex().getShape().dimension();
        }
        return element instanceof NDIndexFixed ? 0 : 1;
    }

    /** Elements by their row-major numbers. */
    private static String take(Call call) {
        NDArray index = call.array(call.count() - 1);
        String list = call.node(new Reshape(false), call.self(), call.integers(-1));
        return call.node(new Gather(0), list, call.indices(index));
    }

    /** Rows by their numbers; of more axes, the engine changes the index that it is given. */
    private static String gatherNd(Call call) {
        NDArray index = call.array(0);
        if (index.getShape().get(0) != 1) {
            throw new Untranslatable("more than one axis");
        }
        String number = call.constant(Constants.integer(0));
        String rows = call.node(new Gather(0), call.as(index, DataType.INT64), number);
        return call.node(new Gather(0), call.self(), rows);
    }
}
