package dev.bonsai.trace;

import dev.bonsai.graph.operator.AutoPad;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.GlobalPool;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Resize;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.operator.WindowPool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Convolutions and pools: what is computed from the elements in a window. */
final class WindowTranslations {

    private static final int IMAGE_RANK = 4;

    /** The modes of {@code interpolation} that a graph has words for. */
    private static final int NEAREST = 0;

    private static final int LINEAR = 1;

    private WindowTranslations() {}

    static Map<String, Translation> table() {
        Map<String, Translation> table = new HashMap<>();
        table.put("convolution", Translation.one(WindowTranslations::convolution));
        table.put("maxPool", Translation.one(WindowTranslations::maxPool));
        table.put("avgPool", Translation.one(WindowTranslations::avgPool));
        table.put("lpPool", Translation.one(WindowTranslations::lpPool));
        table.put("globalMaxPool", global(GlobalPool.MAX));
        table.put("globalAvgPool", global(GlobalPool.AVERAGE));
        table.put("globalLpPool", Translation.one(WindowTranslations::globalLpPool));
        table.put("interpolation", Translation.one(WindowTranslations::interpolation));
        return table;
    }

    private static Window window(
            List<Integer> kernel,
            List<Integer> strides,
            List<Integer> padding,
            List<Integer> dilations) {
        List<Integer> pads = new ArrayList<>(padding);
        pads.addAll(padding); // as many behind as before
        return new Window(AutoPad.NOTSET, kernel, strides, pads, dilations);
    }

    private static String convolution(Call call) {
        // the size is that of the weight
        Window window = window(List.of(), call.sizes(3), call.sizes(4), call.sizes(5));
        Conv conv = new Conv(window, call.integer(6));
        String input = call.operand(0);
        return call.has(2)
                ? call.node(conv, input, call.operand(1), call.operand(2))
                : call.node(conv, input, call.operand(1));
    }

    private static String maxPool(Call call) {
        Window window = window(call.sizes(0), call.sizes(1), call.sizes(2), List.of());
        return call.node(
                new WindowPool(WindowPool.Kind.MAX, window, call.flag(3), false), call.self());
    }

    /** The engine counts pads, whatever it is told. */
    private static String avgPool(Call call) {
        Window window = window(call.sizes(0), call.sizes(1), call.sizes(2), List.of());
        return call.node(
                new WindowPool(WindowPool.Kind.AVERAGE, window, call.flag(3), true), call.self());
    }

    /** (the sum of x^p in the window)^(1 / p), by the mean times the number of elements. */
    private static String lpPool(Call call) {
        List<Integer> kernel = call.sizes(1);
        Window window = window(kernel, call.sizes(2), List.of(), List.of());
        String powers = power(call, call.self(), call.real(0));
        String mean =
                call.node(
                        new WindowPool(WindowPool.Kind.AVERAGE, window, call.flag(4), true),
                        powers);
        int count = kernel.stream().reduce(1, (a, b) -> a * b);
        String sum = call.node(Binary.MUL, mean, call.scalar(count, call.type()));
        return power(call, sum, 1 / call.real(0));
    }

    private static String globalLpPool(Call call) {
        List<Integer> axes = IntStream.range(2, call.rank()).boxed().toList();
        String powers = power(call, call.self(), call.real(0));
        Reduce sum = new Reduce(Reduce.Kind.SUM, List.of(), false, false);
        String total = call.node(sum, powers, call.integers(axes));
        return power(call, total, 1 / call.real(0));
    }

    private static String power(Call call, String value, double exponent) {
        return exponent == 2
                ? call.node(Binary.MUL, value, value)
                : exponent == 0.5
                        ? call.node(Unary.SQRT, value)
                        : call.node(Binary.POW, value, call.scalar(exponent, call.type()));
    }

    /** The engine never aligns corners, whatever it is told, and smooths what it makes smaller. */
    private static String interpolation(Call call) {
        if (call.rank() != IMAGE_RANK) {
            throw new Untranslatable("rank " + call.rank());
        }
        long[] sizes = call.argument(0, long[].class);
        boolean larger = sizes[0] >= call.shape().get(2) && sizes[1] >= call.shape().get(3);
        boolean nearest = call.integer(1) == NEAREST;
        if (!nearest && (call.integer(1) != LINEAR || !larger)) {
            throw new Untranslatable(
                    call.integer(1) == LINEAR ? "a smaller size" : "mode " + call.integer(1));
        }
        Resize resize =
                new Resize(
                        nearest ? Resize.Mode.NEAREST : Resize.Mode.LINEAR,
                        nearest ? Resize.Coordinates.ASYMMETRIC : Resize.Coordinates.HALF_PIXEL,
                        nearest ? Resize.Nearest.FLOOR : Resize.Nearest.ROUND_PREFER_FLOOR,
                        List.of(),
                        Resize.AspectRatio.STRETCH);
        long[] all = call.shape().getShape().clone(); // operator set 17 has no axes
        all[2] = sizes[0];
        all[3] = sizes[1];
        return call.node(resize, call.self(), "", "", call.integers(all));
    }

    private static Translation global(GlobalPool pool) {
        return Translation.one(call -> call.node(new Flatten(1), call.node(pool, call.self())));
    }
}
