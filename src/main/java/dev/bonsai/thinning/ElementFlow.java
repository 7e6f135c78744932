package dev.bonsai.thinning;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Operators element by element: what is broadcast together is tied. */
final class ElementFlow {

    private ElementFlow() {}

    static void all(Step step) {
        List<Integer> operands =
                IntStream.range(0, step.count()).filter(step::has).boxed().toList();
        List<Axis> axes = broadcast(step, operands, step.resultShape(0));
        for (int i = 0; i < step.results(); ++i) {
            step.result(i, axes);
        }
    }

    /** The axes of a result of a shape that some operands are broadcast to. */
    static List<Axis> broadcast(Step step, List<Integer> operands, Shape result) {
        List<Axis> axes = new ArrayList<>();
        for (int r = 0; r < result.rank(); ++r) {
            Axis tied = null;
            for (int i : operands) {
                int own = r - result.rank() + step.axes(i).size();
                if (own >= 0) {
                    tied =
                            joined(
                                    step,
                                    tied,
                                    step.axis(i, own),
                                    step.shape(i).get(own),
                                    result.get(r));
                }
            }
            axes.add(tied == null ? step.fixed(RefusalReason.SIZE, "repeats what it has") : tied);
        }
        return axes;
    }

    private static Axis joined(Step step, Axis tied, Axis own, Dim dim, Dim wanted) {
        if (dim.is(1) && !wanted.is(1)) {
            step.flow().refuse(own, Flow.lastUnit(step.node().output()));
            return tied;
        }
        return tied == null ? own : step.tie(tied, own);
    }
}
