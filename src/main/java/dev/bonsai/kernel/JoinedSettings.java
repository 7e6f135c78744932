package dev.bonsai.kernel;

import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.GateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** What the listeners of one trainer bring together, in the order in which they joined. */
final class JoinedSettings {

    private final List<Technique> techniques = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private final List<GateMachine.Runner> runners = new ArrayList<>();
    private int warmup;
    private Optional<IntFunction<Optimizer>> freshOptimizer = Optional.empty();

    /** Adds a listener's techniques behind those that are there, judged by its own gate too. */
    void add(Settings settings) {
        gates.add(settings.gate());
        for (Technique technique : settings.techniques()) {
            techniques.add(technique);
            runners.add(
                    new GateMachine.Runner(
                            technique.getName(), technique.getLevels(), gates.size() - 1));
        }
        warmup = Math.max(warmup, settings.warmup());
        freshOptimizer = settings.freshOptimizer().or(() -> freshOptimizer);
    }

    List<Technique> techniques() {
        return techniques;
    }

    List<Gate> gates() {
        return gates;
    }

    /** Returns the techniques as the gate's machine knows them. */
    List<GateMachine.Runner> runners() {
        return runners;
    }

    /** Returns the epochs before anything is tried, the most that any listener asks for. */
    int warmup() {
        return warmup;
    }

    /** Returns the optimizers that the last listener with a wish has asked for. */
    Optional<IntFunction<Optimizer>> freshOptimizer() {
        return freshOptimizer;
    }

    /** Has the gates let go of the trainer. */
    void detach() {
        gates.forEach(gate -> gate.getMetric().detach());
    }

    /** Measures the metrics of all gates. */
    double[] measure(Trainer trainer) {
        return gates.stream().mapToDouble(gate -> gate.getMetric().measure(trainer)).toArray();
    }

    /** Tells whether all metrics can be measured at any time. */
    boolean canMeasureNow() {
        return gates.stream().allMatch(gate -> gate.getMetric().isAtWill());
    }

    /** Returns the plan in which no technique does anything. */
    Plan idle() {
        return new Plan(techniques.stream().map(t -> State.idle(t.getLevels().start())).toList());
    }
}
