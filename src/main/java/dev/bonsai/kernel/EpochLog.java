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
    private volatile List<EpochSummary> summaries = List.of(); // other threads look at it

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
        List<EpochSummary> all = new ArrayList<>(summaries);
        all.removeIf(earlier -> earlier.epoch() == epoch);
        all.add(new EpochSummary(epoch, machine.kept()[0], zeros / size, bits / size));
        summaries = List.copyOf(all);
    }

    /** Goes on behind what was summed up before. */
    void resume(List<EpochSummary> earlier) {
        summaries = List.copyOf(earlier);
    }

    List<EpochSummary> summaries() {
        return summaries;
    }
}
