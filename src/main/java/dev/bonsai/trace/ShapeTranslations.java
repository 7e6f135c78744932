package dev.bonsai.trace;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Transpose;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The same elements in another shape or order. */
final class ShapeTranslations {

    private ShapeTranslations() {}

    static Map<String, Translation> table() {
        Map<String, Translation> table = new HashMap<>();
        table.put("reshape", Translation.one(ShapeTranslations::reshape));
        table.put("flatten", Translation.one(ShapeTranslations::flatten));
        table.put(
                "expandDims",
                Translation.one(
                        call ->
                                call.node(
                                        Plain.UNSQUEEZE,
                                        call.self(),
                                        call.integers(call.integer(0)))));
        table.put("squeeze", Translation.one(ShapeTranslations::squeeze));
        table.put("transpose", Translation.one(ShapeTranslations::transpose));
        table.put(
                "swapAxes",
                Translation.one(
                        call ->
                                call.node(
                                        new Transpose(
                                                NormalizationTranslations.swapped(
                                                        call.rank(),
                                                        call.axis(call.integer(0)),
                                                        call.axis(call.integer(1)))),
                                        call.self())));
        table.put("broadcast", Translation.one(ShapeTranslations::broadcast));
        table.put("flip", Translation.one(ShapeTranslations::flip));
        table.put("pad", Translation.one(ShapeTranslations::pad));
        table.put("tile", Translation.one(ShapeTranslations::tile));
        table.put("repeat", Translation.one(ShapeTranslations::repeat));
        return table;
    }

    /** Returns the shape that is asked for, as it was written. */
    private static long[] wanted(Call call) {
        return call.argument(0) instanceof Shape shape
                ? shape.getShape()
                : call.argument(0, long[].class);
    }

    private static String reshape(Call call) {
        return call.node(new Reshape(false), call.self(), call.integers(wanted(call)));
    }

    private static String flatten(Call call) {
        if (call.count() == 0) {
            return call.node(new Reshape(false), call.self(), call.integers(-1));
        }
        int first = call.axis(call.integer(0));
        int last = call.axis(call.integer(1));
        long[] sizes = call.shape().getShape();
        long[] wanted =
                LongStream.concat(
                                LongStream.concat(
                                        Arrays.stream(sizes, 0, first), LongStream.of(-1)),
                                Arrays.stream(sizes, last + 1, sizes.length))
                        .toArray();
        return call.node(new Reshape(false), call.self(), call.integers(wanted));
    }

    /** The axes of size 1, or those of the named ones that have it. */
    private static String squeeze(Call call) {
        IntStream named = IntStream.range(0, call.rank());
        if (call.count() > 0) {
            named =
                    call.argument(0) instanceof int[] axes
                            ? Arrays.stream(axes)
                            : IntStream.of(call.integer(0));
        }
        List<Integer> gone =
                named.map(call::axis)
                        .filter(axis -> call.shape().get(axis) == 1)
                        .sorted()
                        .boxed()
                        .toList();
        return gone.isEmpty()
                ? call.self()
                : call.node(Plain.SQUEEZE, call.self(), call.integers(gone));
    }

    private static String transpose(Call call) {
        int rank = call.rank();
        IntStream order =
                call.count() == 0 || call.argument(0, int[].class).length == 0
                        ? IntStream.range(0, rank).map(i -> rank - 1 - i)
                        : Arrays.stream(call.argument(0, int[].class)).map(call::axis);
        return call.node(new Transpose(order.boxed().toList()), call.self());
    }

    private static String broadcast(Call call) {
        long[] sizes = call.result().getShape().getShape();
        return call.node(Plain.EXPAND, call.self(), call.integers(sizes));
    }

    private static String flip(Call call) {
        long[] axes = Arrays.stream(call.argument(0, int[].class)).mapToLong(call::axis).toArray();
        long[] last = new long[axes.length];
        Arrays.fill(last, -1);
        long[] beyond = new long[axes.length];
        Arrays.fill(beyond, -Integer.MAX_VALUE);
        return call.node(
                Plain.SLICE,
                call.self(),
                call.integers(last),
                call.integers(beyond),
                call.integers(axes),
                call.integers(last.clone()));
    }

    /** The engine names the last axis first, and what is before and behind it. */
    private static String pad(Call call) {
        long[] given = call.argument(0, Shape.class).getShape();
        int rank = call.rank();
        long[] pads = new long[2 * rank];
        for (int i = 0; i < given.length / 2; ++i) {
            pads[rank - 1 - i] = given[2 * i];
            pads[2 * rank - 1 - i] = given[2 * i + 1];
        }
        return call.node(
                new Pad(Pad.Mode.CONSTANT),
                call.self(),
                call.integers(pads),
                call.scalar(call.real(1), call.type()));
    }

    private static String tile(Call call) {
        long[] times =
                call.argument(0) instanceof long[] list
                        ? list
                        : LongStream.range(0, call.rank()).map(i -> call.integer(0)).toArray();
        if (times.length != call.rank()) {
            throw new Untranslatable("other than a number per axis");
        }
        return call.node(Plain.TILE, call.self(), call.integers(times));
    }

    /** Each element several times in a row: tiled along an axis of its own, which is joined. */
    private static String repeat(Call call) {
        if (call.count() != 2) {
            throw new Untranslatable("more than one axis");
        }
        int axis = call.axis(call.integer(0));
        long[] times = new long[call.rank() + 1];
        Arrays.fill(times, 1);
        times[axis + 1] = call.argument(1, Number.class).longValue();
        String apart = call.node(Plain.UNSQUEEZE, call.self(), call.integers(axis + 1));
        String tiled = call.node(Plain.TILE, apart, call.integers(times));
        long[] sizes = call.result().getShape().getShape();
        return call.node(new Reshape(false), tiled, call.integers(sizes));
    }
}
