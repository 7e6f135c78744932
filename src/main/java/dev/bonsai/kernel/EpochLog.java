package dev.bonsai.kernel;

import dev.bonsai.core.TargetWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.gate.GateMachine;
import dev.bonsai.report.EpochSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How far the compression had come at the end of each epoch. */
final class EpochLog {

    private final EffectiveWeights effective;
    private final Set<TargetWeight> targets;
    private final List<EpochSummary> summaries = new ArrayList<>();

    EpochLog(EffectiveWeights effective, Set<TargetWeight> targets) {
        this.effective = effective;
        this.targets = targets;
    }

    /** Sums up the accepted state, in place of what was said of the same epoch before. */
    void add(int epoch, GateMachine machine, ModelStates states) {
        List<EncodedWeight> encoded =
                effective.encoded(states.accepted().orElseThrow().plan(), targets);
        double size = encoded.stream().mapToDouble(EncodedWeight::size).sum();
        double zeros = encoded.stream().mapToDouble(EncodedWeight::zeros).sum();
        double bits = encoded.stream().mapToDouble(w -> (double) w.bits() * w.size()).sum();
        summaries.removeIf(earlier -> earlier.epoch() == epoch);
        summaries.add(new EpochSummary(epoch, machine.kept()[0], zeros / size, bits / size));
    }

    List<EpochSummary> summaries() {
        return summaries;
    }
}
