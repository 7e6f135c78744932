package dev.bonsai.gate;

import java.util.List;

/** Machines without a warm-up that goes by the metric, on models that nobody has compressed. */
final class Machines {

    private Machines() {}

    static GateMachine of(List<Gate> gates, List<JudgedTechnique> techniques, Stage stage) {
        return new GateMachine(
                gates, techniques, Warmup.epochs(0), EarlierRun.NONE, stage, trial -> {});
    }
}
