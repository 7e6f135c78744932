package dev.bonsai.thinning;

import dev.bonsai.graph.operator.ArgMax;
import dev.bonsai.graph.operator.LayerNormalization;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Softmax;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Operators that look at all places of a dimension, and pools, which look at positions. */
final class ReduceFlow {

    private static final String MEANS = "takes mean and variance over it";

    private ReduceFlow() {}

    static void batchNorm(Step step) {
        if (step.axes(0).size() < 2) {
            step.unsupported(RefusalReason.UNSUPPORTED, "has no axis of channels");
            return;
        }
        List<Axis> axes = new ArrayList<>(step.axes(0));
        for (int i = 1; i < step.count(); ++i) {
            axes.set(1, step.tie(axes.get(1), step.axis(i, 0)));
        }
        step.result(axes);
    }

    static void layerNorm(Step step) {
        int first = step.shape(0).axis(((LayerNormalization) step.node().operator()).axis());
        for (int i = 0; i < step.count(); ++i) {
            if (step.has(i)) {
                List<Axis> own = step.axes(i);
                int from = Math.max(0, first - step.axes(0).size() + own.size());
                own.subList(from, own.size())
                        .forEach(axis -> step.refuse(axis, RefusalReason.NORMALIZED, MEANS));
            }
        }
        if (step.results() > 1) {
            step.unsupported(RefusalReason.UNSUPPORTED, "hands out its statistics");
        } else {
            step.carry();
        }
    }

    static void softmax(Step step) {
        int axis = step.shape(0).axis(((Softmax) step.node().operator()).axis());
        step.refuse(step.axis(0, axis), RefusalReason.NORMALIZED, "sums over it");
        step.carry();
    }

    static void reduce(Step step) {
        Reduce reduce = (Reduce) step.node().operator();
        if (step.has(1) && step.integers(1).isEmpty()) {
            step.unsupported(RefusalReason.REDUCED, "reduces axes that are computed");
            return;
        }
        Shape shape = step.shape(0);
        List<Long> given =
                step.integers(1).orElse(reduce.axes().stream().map(Integer::longValue).toList());
        reduced(step, reduce.reducedAxes(shape, given), reduce.keepDims());
    }

    static void argMax(Step step) {
        ArgMax operator = (ArgMax) step.node().operator();
        int axis = step.shape(0).axis(operator.axis());
        reduced(step, Set.of(axis), step.resultShape(0).rank() == step.shape(0).rank());
    }

    private static void reduced(Step step, Set<Integer> gone, boolean keepDims) {
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < step.axes(0).size(); ++i) {
            if (!gone.contains(i)) {
                axes.add(step.axis(0, i));
                continue;
            }
            step.refuse(step.axis(0, i), RefusalReason.REDUCED, "reduces it");
            if (keepDims) {
                axes.add(new Axis.Fixed(Flow.lastUnit(step.node().output())));
            }
        }
        step.result(axes);
    }

    static void pool(Step step) {
        if (step.hasResult(1)) {
            step.unsupported(RefusalReason.INDEXED, "tells the places of the largest");
            return;
        }
        step.result(channels(step, step.axis(0, 1)));
    }

    /** The axes of an image with other channels: positions stay as they are. */
    static List<Axis> channels(Step step, Axis channels) {
        List<Axis> axes = new ArrayList<>(List.of(step.axis(0, 0), channels));
        for (Axis axis : step.axes(0).subList(2, step.axes(0).size())) {
            step.refuse(axis, RefusalReason.POSITION, "takes it for positions");
            axes.add(step.position());
        }
        return axes;
    }
}
