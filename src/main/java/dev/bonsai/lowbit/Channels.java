package dev.bonsai.lowbit;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Levels;
import dev.bonsai.core.TargetWeight;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * How many channels of a weight are mapped; a channel is an index of the outermost dimension, and a
 * weight with fewer than two dimensions is one channel.
 *
 * @param mapped the channels that are mapped, the first ones, at least 1
 * @param total the channels of the weight
 * @param length the elements of a channel
 */
record Channels(int mapped, int total, int length) {

    /** Halving ends at a 32nd of all elements. */
    private static final double RESOLUTION = 1.0 / 32;

    static Channels allOf(Shape shape) {
        int total = shape.dimension() < 2 ? 1 : Math.toIntExact(shape.get(0));
        return new Channels(total, total, Math.toIntExact(shape.size()) / Math.max(1, total));
    }

    /** Returns some channels of a weight, as a state tells how many. */
    static Channels of(int mapped, Shape shape) {
        Channels all = allOf(shape);
        if (mapped < 1 || mapped > all.total) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "of the weight's %d channels 1 or more are mapped, but got %d: restore"
                                    + " it into the model that it was taken from",
                            all.total,
                            mapped));
        }
        return new Channels(mapped, all.total, all.length);
    }

    boolean isAll() {
        return mapped == total;
    }

    int elements() {
        return mapped * length;
    }

    /**
     * Shares out a level: weights are taken as a whole, the largest first (among equals the earlier
     * one), and at most one is taken in part.
     *
     * @param level the fraction of all elements to be mapped
     * @param weights the weights
     * @return the channels of each weight of which any are mapped, in the order of the weights
     */
    static Map<TargetWeight, Channels> at(double level, List<TargetWeight> weights) {
        double left = level * weights.stream().mapToLong(TargetWeight::size).sum();
        List<TargetWeight> largestFirst =
                weights.stream()
                        .sorted(Comparator.comparingInt(TargetWeight::size).reversed())
                        .toList();
        Map<TargetWeight, Channels> shares = new LinkedHashMap<>();
        weights.forEach(weight -> shares.put(weight, null)); // for the order
        for (TargetWeight weight : largestFirst) {
            Channels all = allOf(weight.shape());
            long wanted = level >= 1 ? all.total : Math.round(left / Math.max(1, all.length));
            int mapped = (int) Math.min(all.total, Math.max(0, wanted));
            left = mapped < all.total ? 0 : left - all.elements();
            shares.put(weight, mapped == 0 ? null : new Channels(mapped, all.total, all.length));
        }
        shares.values().removeIf(Objects::isNull);
        return shares;
    }

    /** Returns the values as a list. */
    static List<Float> list(float... values) {
        List<Float> list = new ArrayList<>();
        for (float value : values) {
            list.add(value);
        }
        return List.copyOf(list);
    }

    /** Checks the levels on the way to 1. */
    static List<Float> checkSteps(List<Float> steps) {
        float last = 0;
        for (float step : steps) {
            if (!(step > last && step <= 1)) {
                throw new IllegalArgumentException(
                        "Steps are fractions of the elements in (0, 1], each more than the one"
                                + " before, but got "
                                + steps
                                + ": use optSteps(0.5f, 0.75f), for example");
            }
            last = step;
        }
        return steps;
    }

    /** Returns levels from nothing through some fractions of all elements to all of them. */
    static Levels levels(String name, List<Float> steps) {
        double[] levels = new double[steps.size() + 1];
        for (int i = 0; i < steps.size(); ++i) {
            levels[i] = Double.parseDouble(Float.toString(steps.get(i))); // 0.7f means 0.7
        }
        levels[steps.size()] = 1; // dropped by the levels where it is there already
        return Levels.of(
                0,
                levels,
                RESOLUTION,
                level ->
                        level <= 0
                                ? "off"
                                : level >= 1
                                        ? name
                                        : String.format(Locale.ROOT, "%s %.4f", name, level));
    }
}
