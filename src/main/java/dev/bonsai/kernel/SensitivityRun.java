package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.Effect;
import dev.bonsai.core.ExecutionOrder;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.gate.Evaluation;
import dev.bonsai.report.SensitivityReport;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;

/** One sensitivity analysis of one model. */
public final class SensitivityRun implements AutoCloseable {

    /** A technique that is allowed to work on one weight alone. */
    private record Narrowed(Technique technique, TargetWeight weight) implements Technique {

        @Override
        public String getName() {
            return technique.getName();
        }

        @Override
        public WeightSelector getSelector() {
            return WeightSelector.builder().include(weight::equals).build();
        }

        @Override
        public Levels getLevels() {
            return technique.getLevels();
        }

        @Override
        public Effect getEffect() {
            return technique.getEffect();
        }

        @Override
        public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
            return technique.propose(level, proposal);
        }
    }

    private final Block root;
    private final Evaluation evaluation;
    private final NDManager manager;
    private final ParameterStore store;
    private final ModelWeights weights;
    private final EffectiveWeights effective;
    private final SoundWeights sound;
    private final Passes passes;
    private final List<SensitivityReport.Row> rows = new ArrayList<>();
    private Optional<ExecutionOrder> order = Optional.empty();
    private double baseline;

    /**
     * @param root the model's block, initialised
     * @param parent the model's manager
     * @param evaluation what the model is measured by
     */
    public SensitivityRun(Block root, NDManager parent, Evaluation evaluation) {
        this.root = root;
        this.evaluation = evaluation;
        manager = parent.newSubManager();
        store = new ParameterStore(manager, false);
        weights = new ModelWeights(root, store, manager.getDevice());
        effective = new EffectiveWeights(weights, manager);
        sound = new SoundWeights(weights, effective, manager);
        passes = new Passes(weights, effective, manager);
    }

    /**
     * Tries each technique at each of its levels on each of its weights.
     *
     * @param probes the techniques
     * @return the metrics
     */
    public SensitivityReport probe(List<Technique> probes) {
        AskedWeights asked = new AskedWeights();
        baseline = baseline(probes, asked);
        if (!Double.isFinite(baseline)) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "The %s of the model as it is is %s, so that nothing can be compared"
                                    + " with it. Check that the evaluation data set is not empty"
                                    + " and the model's output is finite",
                            evaluation.name(),
                            baseline));
        }
        List<Proposals> whole = probes.stream().map(this::proposals).toList();
        Set<TargetWeight> targets = new LinkedHashSet<>();
        whole.forEach(proposals -> targets.addAll(proposals.allTargets()));
        asked.check(targets, weights);
        NumberedNames names = new NumberedNames();
        for (int i = 0; i < probes.size(); ++i) {
            String title = names.next(probes.get(i).getName());
            for (TargetWeight weight : whole.get(i).targets(0)) {
                probe(title, new Narrowed(probes.get(i), weight));
            }
        }
        return new SensitivityReport(evaluation.name(), baseline, rows);
    }

    /** Measures the model as it is, and looks at its first pass. */
    private double baseline(List<Technique> probes, AskedWeights asked) {
        order = Optional.empty();
        return evaluation
                .measure(
                        manager,
                        manager.getDevice(),
                        inputs -> {
                            if (order.isEmpty()) {
                                order =
                                        Optional.of(
                                                WatchedOrder.of(probes, weights, inputs, manager));
                            }
                            return forward(new Plan(List.of()), inputs, asked::add);
                        })
                .value();
    }

    private Proposals proposals(Technique technique) {
        InputMagnitudes inputs = new InputMagnitudes(weights, passes, manager);
        SignalRecorder none = new SignalRecorder(weights, inputs, manager);
        return new Proposals(
                List.of(technique),
                weights,
                order.orElseThrow(),
                effective,
                sound,
                none,
                manager,
                () -> 0,
                Optional.empty(),
                Optional.empty());
    }

    private void probe(String title, Narrowed alone) {
        Proposals proposals = proposals(alone);
        Levels levels = alone.getLevels();
        Plan dense = new Plan(List.of(State.idle(levels.start())));
        OptionalDouble next = levels.next(levels.start());
        while (next.isPresent()) {
            double level = next.getAsDouble();
            State state = proposals.make(0, level, dense, false);
            try {
                double metric = measure(dense.with(0, state));
                double drop = evaluation.direction().drop(baseline, metric);
                String path = alone.weight.path();
                rows.add(
                        new SensitivityReport.Row(
                                title, path, levels.format(level), level, metric, drop));
            } finally {
                state.release();
            }
            next = levels.next(level);
        }
    }

    private double measure(Plan plan) {
        return evaluation
                .measure(manager, manager.getDevice(), inputs -> forward(plan, inputs, asked -> {}))
                .value();
    }

    private NDList forward(Plan plan, NDList inputs, Consumer<Set<String>> asked) {
        try (Pass pass = passes.begin(plan, store, inputs, false, false, asked, () -> {})) {
            return pass.end(root.forward(pass.store(), inputs, false), null);
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
