package dev.bonsai.kernel;

import ai.djl.ndarray.NDManager;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.gate.GateMachine;
import dev.bonsai.report.EpochSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How far the compression had come at the end of each epoch. */
final class EpochLog {

    private final NDManager manager;
    private final Set<TargetWeight> targets;
    private final List<EpochSummary> summaries = new ArrayList<>();

    EpochLog(NDManager manager, Set<TargetWeight> targets) {
        this.manager = manager;
        this.targets = targets;
    }

    /** Sums up the accepted state, in place of what was said of the same epoch before. */
    void add(int epoch, GateMachine machine, ModelStates states) {
        AcceptedState accepted = states.accepted().orElseThrow();
        double size = 0;
        double zeros = 0;
        double bits = 0;
        for (TargetWeight weight : targets) {
            size += weight.size();
            zeros += accepted.zeros(weight, manager);
            bits += (double) accepted.plan().bits(weight) * weight.size();
        }
        summaries.removeIf(earlier -> earlier.epoch() == epoch);
        summaries.add(new EpochSummary(epoch, machine.kept()[0], zeros / size, bits / size));
    }

    /** Goes on behind what was summed up before. */
    void resume(List<EpochSummary> earlier) {
        summaries.clear();
        summaries.addAll(earlier);
    }

    List<EpochSummary> summaries() {
        return summaries;
    }
}
