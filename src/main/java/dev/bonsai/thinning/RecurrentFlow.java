package dev.bonsai.thinning;

import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.thinning.Axis.Lane;
import java.util.ArrayList;
import java.util.List;

/** LSTM and GRU: a hidden unit goes with its row of each gate, in both directions. */
final class RecurrentFlow {

    private static final int PEEPHOLES = 7;

    private RecurrentFlow() {}

    static void apply(Step step) {
        Recurrence recurrence = (Recurrence) step.node().operator();
        int gates = recurrence.kind().gates();
        Flow flow = step.flow();
        for (int i : new int[] {1, 2}) {
            if (flow.isComputed(step.name(i))) {
                step.unsupported(RefusalReason.CONTRACTED, "has computed weights");
                return;
            }
            flow.produces(step.name(i), 1);
            flow.consumes(step.name(i), 2);
        }
        step.tie(step.axis(0, 2), step.axis(1, 2));
        Axis hidden = step.axis(2, 2);
        tieBlocks(step, step.axis(1, 1), hidden, gates);
        tieBlocks(step, step.axis(2, 1), hidden, gates);
        if (step.has(3)) {
            tieBlocks(step, step.axis(3, 1), hidden, 2 * gates);
        }
        if (step.has(PEEPHOLES)) {
            tieBlocks(step, step.axis(PEEPHOLES, 1), hidden, 3);
        }
        for (int i = 5; i < PEEPHOLES; ++i) {
            if (step.has(i)) {
                step.tie(step.axis(i, 2), hidden);
            }
        }
        positionsStay(step);
        for (int i = 0; i < step.results(); ++i) {
            if (step.hasResult(i)) {
                List<Axis> axes =
                        new ArrayList<>(
                                Step.fixedAxes(step.resultShape(i).rank() - 1, step.position()));
                axes.add(hidden);
                step.result(i, axes);
            }
        }
    }

    private static void positionsStay(Step step) {
        for (int i = 0; i < 2; ++i) {
            step.refuse(step.axis(0, i), RefusalReason.POSITION, "takes it for steps or sequences");
        }
        for (int i = 1; i < step.count(); ++i) {
            if (step.has(i)) {
                step.refuse(step.axis(i, 0), RefusalReason.POSITION, "has a direction each");
            }
        }
    }

    private static void tieBlocks(Step step, Axis rows, Axis hidden, int blocks) {
        if (!(rows instanceof Lane all) || !(hidden instanceof Lane units)) {
            step.tie(rows, hidden);
            return;
        }
        for (int i = 0; i < blocks * units.size(); ++i) {
            step.flow().atoms().tie(all.atoms()[i], units.atoms()[i % units.size()]);
        }
    }
}
