package dev.bonsai.thinning;

import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.thinning.Axis.Fixed;
import dev.bonsai.thinning.Axis.Lane;
import java.util.List;

/**
 * Convolutions. Of a depthwise one a group goes as a whole, its channel and its filters; of another
 * one with groups one channel of each group goes.
 */
final class ConvFlow {

    private ConvFlow() {}

    static void conv(Step step) {
        apply(step, ((Conv) step.node().operator()).group(), 1, 0);
    }

    static void transposed(Step step) {
        apply(step, ((ConvTranspose) step.node().operator()).group(), 0, 1);
    }

    /** Tells whether a convolution has groups of one channel, which go as a whole. */
    static boolean isDepthwise(int group, long channels) {
        return group > 1 && channels == group;
    }

    private static void apply(Step step, int group, int in, int out) {
        List<Axis> weight = step.axes(1);
        weight.subList(2, weight.size())
                .forEach(axis -> step.refuse(axis, RefusalReason.KERNEL, "has a kernel there"));
        Flow flow = step.flow();
        Axis taken = step.axis(0, 1);
        Axis made = weight.get(out);
        boolean depthwise =
                isDepthwise(group, step.shape(1).get(in).size() * (in == 1 ? group : 1));
        if (!flow.isComputed(step.name(1))) {
            flow.produces(step.name(1), out);
            if (!depthwise) {
                flow.consumes(step.name(1), in);
            }
        } else {
            List.of(taken, weight.get(0), weight.get(1))
                    .forEach(a -> step.refuse(a, RefusalReason.CONTRACTED, "has computed filters"));
        }
        if (group == 1) {
            step.tie(taken, weight.get(in));
        } else if (depthwise) {
            made = depthwise(step, group, in, out);
        } else {
            made = grouped(step, group, in, out);
        }
        Axis bias = step.has(2) ? step.axis(2, 0) : made;
        step.result(ReduceFlow.channels(step, step.tie(made, bias)));
    }

    private static Axis depthwise(Step step, int group, int in, int out) {
        Axis taken = step.axis(0, 1);
        if (in == 1) { // each filter belongs to the channel of its group
            step.tie(taken, first(step, step.axis(1, 0), group));
            return step.axis(1, 0);
        }
        step.tie(taken, step.axis(1, 0));
        step.refuse(step.axis(1, out), RefusalReason.WITHIN_UNIT, "makes several channels of each");
        return eachRepeated(step.axis(1, 0), (int) step.shape(1).get(out).size());
    }

    private static Axis eachRepeated(Axis axis, int times) {
        if (!(axis instanceof Lane lane)) {
            return axis;
        }
        int[] atoms = new int[lane.size() * times];
        for (int i = 0; i < atoms.length; ++i) {
            atoms[i] = lane.atoms()[i / times];
        }
        return new Lane(atoms);
    }

    /** The group of each of the filters, which are tied within it. */
    private static Axis first(Step step, Axis filters, int group) {
        if (!(filters instanceof Lane lane)) {
            return filters;
        }
        int count = lane.size();
        int each = count / group;
        int[] atoms = new int[group];
        for (int i = 0; i < count; ++i) {
            atoms[i / each] = i % each == 0 ? lane.atoms()[i] : atoms[i / each];
            step.flow().atoms().tie(atoms[i / each], lane.atoms()[i]);
        }
        return new Lane(atoms);
    }

    /** One channel of each group goes, so that the groups stay equal. */
    private static Axis grouped(Step step, int group, int in, int out) {
        Axis taken = step.axis(0, 1);
        boolean plain = in == 1;
        Axis within = within(step, taken, group);
        Axis inner = plain ? step.axis(1, 1) : within(step, step.axis(1, 0), group);
        step.tie(within, inner);
        if (!plain) {
            step.tie(taken, step.axis(1, 0));
        }
        if (plain) {
            within(step, step.axis(1, 0), group);
            return step.axis(1, 0);
        }
        return repeated(step.axis(1, out), group);
    }

    /** Ties the places of equal number in each group, and returns those of the first. */
    private static Axis within(Step step, Axis axis, int group) {
        if (!(axis instanceof Lane lane)) {
            return axis;
        }
        int[] atoms = java.util.Arrays.copyOf(lane.atoms(), lane.size() / group);
        for (int i = 0; i < lane.size(); ++i) {
            step.flow().atoms().tie(lane.atoms()[i], atoms[i % atoms.length]);
        }
        if (atoms.length == 1) {
            Fixed last = new Fixed(Flow.lastUnit(step.node().output()));
            step.flow().refuse(axis, last.cause());
            return last;
        }
        return new Lane(atoms);
    }

    private static Axis repeated(Axis axis, int group) {
        if (!(axis instanceof Lane lane)) {
            return axis;
        }
        int[] atoms = new int[lane.size() * group];
        for (int i = 0; i < atoms.length; ++i) {
            atoms[i] = lane.atoms()[i % lane.size()];
        }
        return new Lane(atoms);
    }
}
