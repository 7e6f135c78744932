package dev.bonsai.kernel;

import dev.bonsai.core.Levels;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.GateMachine;
import dev.bonsai.gate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a report says about how the run ended: goals that were missed, and why. */
final class ResultNotes {

    private ResultNotes() {}

    /** Says what the user should know. */
    static List<String> of(RunEnd end) {
        List<String> notes = new ArrayList<>();
        GateMachine machine = end.machine();
        end.failure()
                .ifPresent(
                        failure ->
                                notes.add(
                                        "the last state could not be judged, and the one accepted"
                                                + " before it was kept: "
                                                + failure));
        ConvolutionCheck.note(end.parts().weights().device()).ifPresent(notes::add);
        notes.addAll(end.parts().sound().notes());
        notes.addAll(end.parts().held().notes());
        notes.addAll(machine.notes());
        end.settings().gates().forEach(gate -> notes.addAll(gate.getMetric().notes()));
        if (!machine.hasBegun() && end.failure().isEmpty()) {
            notes.add(end.heard().nothingCompressed());
        }
        long done = machine.trials().stream().filter(t -> t.verdict() == Verdict.DONE).count();
        for (int i = 0; i < end.settings().techniques().size(); ++i) {
            Levels levels = end.settings().techniques().get(i).getLevels();
            double got = machine.accepted(i);
            if (machine.hasBegun() && got != levels.target()) {
                notes.add(
                        String.format(
                                Locale.ROOT,
                                "%s stopped at %s of the %s asked: %s",
                                end.settings().judged().get(i).name(),
                                levels.format(got),
                                levels.format(levels.target()),
                                i < done
                                        ? stoppedByGate(end.settings())
                                        : end.heard().stoppedEarly()));
            }
        }
        if (end.parts().proposals().allTargets().stream()
                .anyMatch(end.parts().weights()::isImported)) {
            notes.add(
                    "an imported block does not read its weights through the ParameterStore: it was"
                            + " compressed in place, and trained with its masks but not with"
                            + " quantized weights");
        }
        return notes;
    }

    private static String stoppedByGate(JoinedSettings settings) {
        return String.format(
                Locale.ROOT,
                "going on would break the gate's %s. Train for more epochs, allow more recovery, or"
                        + " a larger drop",
                settings.gates().stream().map(Gate::getTolerance).toList());
    }
}
