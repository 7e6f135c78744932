package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import dev.bonsai.core.HoldZeros;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.JudgedTechnique;
import dev.bonsai.gate.Measurement;
import dev.bonsai.gate.Metrics;
import dev.bonsai.gate.MonitoredMetric;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Warmup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What the listeners of one trainer bring together, in the order in which they joined. */
final class JoinedSettings {

    private final List<Technique> techniques = new ArrayList<>();
    private final List<HoldZeros> holding = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private final List<JudgedTechnique> judged = new ArrayList<>();
    private final NumberedNames names = new NumberedNames();
    private final List<Consumer<Trial>> watchers = new ArrayList<>();
    private final List<Warmup> warmups = new ArrayList<>();
    private Optional<IntFunction<Optimizer>> freshOptimizer = Optional.empty();
    private Optional<Continuation> continuation = Optional.empty();
    private Optional<CheckpointSettings> checkpoint = Optional.empty();
    private boolean graph;

    /** Adds a listener's techniques behind those that are there, judged by its own gate too. */
    void add(Settings settings) {
        gates.add(settings.gate());
        for (Technique technique : settings.techniques()) {
            techniques.add(technique);
            holding.add(settings.holdZeros());
            judged.add(
                    new JudgedTechnique(
                            names.next(technique.getName()),
                            technique.getLevels(),
                            gates.size() - 1));
        }
        settings.onTrial().ifPresent(watchers::add);
        warmups.add(settings.warmup());
        freshOptimizer = settings.freshOptimizer().or(() -> freshOptimizer);
        continuation = continuation.or(settings::continuation);
        checkpoint = checkpoint.or(settings::checkpoint);
        graph |= settings.graph();
    }

    List<Technique> techniques() {
        return techniques;
    }

    List<Gate> gates() {
        return gates;
    }

    /**
     * Returns the techniques as the gate's machine knows them: a second one of a name has a number
     * behind it.
     */
    List<JudgedTechnique> judged() {
        return judged;
    }

    /** Returns the warm-up that is at least as long as that of each listener. */
    Warmup warmup() {
        return Warmup.longest(warmups);
    }

    /**
     * Tells all who want to know of a row of the gate's record. The first error goes on when the
     * last of them has heard, with the later ones suppressed.
     */
    void onTrial(Trial trial) {
        List<Throwable> failures = new ArrayList<>();
        for (Consumer<Trial> watcher : watchers) {
            try {
                watcher.accept(trial);
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            Throwable first = failures.get(0);
            failures.stream().filter(e -> e != first).forEach(first::addSuppressed);
            if (first instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) first;
        }
    }

    /** Tells the gates how many samples a batch of the training has, by DJL's first axis. */
    void trainedOn(NDList inputs) {
        Shape shape = inputs.head().getShape();
        if (shape.dimension() > 0 && shape.get(0) > 0) {
            int size = Math.toIntExact(shape.get(0));
            gates.forEach(gate -> gate.getMetric().trainedInBatchesOf(size));
        }
    }

    /** Returns the optimizers that the last listener with a wish has asked for. */
    Optional<IntFunction<Optimizer>> freshOptimizer() {
        return freshOptimizer;
    }

    /** Returns what the first listener that says so goes on from. */
    Optional<Continuation> continuation() {
        return continuation;
    }

    /** Returns where the first listener that says so has the run written down. */
    Optional<CheckpointSettings> checkpoint() {
        return checkpoint;
    }

    /** Tells whether any listener wishes for the graph of the block. */
    boolean graph() {
        return graph;
    }

    /** Has the gates let go of the trainer. */
    void detach() {
        gates.forEach(gate -> gate.getMetric().detach());
    }

    /** Measures the metrics of all gates. */
    Metrics measure(Trainer trainer) {
        return new Metrics(gates.stream().map(gate -> gate.getMetric().measure(trainer)).toList());
    }

    /** Measures the metrics of all gates on their further data too. */
    Metrics measureMore(Trainer trainer, Metrics measured) {
        List<Measurement> all = new ArrayList<>();
        for (int i = 0; i < gates.size(); ++i) {
            MonitoredMetric metric = gates.get(i).getMetric();
            all.add(metric.measureMore(trainer, measured.byGate().get(i)));
        }
        return new Metrics(all);
    }

    /** Tells whether the gates may accept the metrics of a state. */
    boolean mayAccept(Metrics reference, Metrics metrics) {
        return IntStream.range(0, gates.size())
                .allMatch(i -> mayAccept(gates.get(i), reference.value(i), metrics.value(i)));
    }

    private static boolean mayAccept(Gate gate, double reference, double metric) {
        return gate.getConfidence().isPresent()
                || gate.getTolerance().accepts(gate.getMetric().direction(), reference, metric);
    }

    /** Returns what stands for metrics that are not measured: NaN, which no gate accepts. */
    Metrics unmeasured() {
        return Metrics.none(gates.size());
    }

    /** Tells whether all metrics can be measured at any time. */
    boolean canMeasureNow() {
        return gates.stream().allMatch(gate -> gate.getMetric().isAtWill());
    }

    /** Returns for each target the techniques that work on it, with what their listeners wish. */
    Map<TargetWeight, List<HeldZeros.Wish>> zeroWishes(Proposals proposals) {
        Map<TargetWeight, List<HeldZeros.Wish>> wishes = new LinkedHashMap<>();
        for (int i = 0; i < techniques.size(); ++i) {
            HeldZeros.Wish wish = new HeldZeros.Wish(techniques.get(i), holding.get(i));
            for (TargetWeight weight : proposals.targets(i)) {
                wishes.computeIfAbsent(weight, key -> new ArrayList<>()).add(wish);
            }
        }
        return wishes;
    }

    /** Returns the plan in which no technique does anything. */
    Plan idle(State held) {
        return new Plan(
                held, techniques.stream().map(t -> State.idle(t.getLevels().start())).toList());
    }
}
