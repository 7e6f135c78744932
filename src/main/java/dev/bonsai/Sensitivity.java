package dev.bonsai;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Evaluator;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Evaluation;
import dev.bonsai.kernel.CompressionSession;
import dev.bonsai.kernel.SensitivityRun;
import dev.bonsai.report.SensitivityReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds out which weights of a trained model bear compression and which don't, by evaluation only:
 * each technique works at each of its levels on one weight alone, and everything else is dense.
 *
 * <pre>{@code
 * SensitivityReport report = Sensitivity.builder()
 *         .setEvaluation(validation, new Accuracy())
 *         .addProbe(Pruning.builder().setTargetSparsity(0.95f).build())
 *         .addProbe(Quantization.builder().setBits(2).optSteps(8, 6, 4, 3, 2).build())
 *         .build()
 *         .analyse(model);
 * System.out.println(report);
 * }</pre>
 *
 * <p>What the report shows is a reason to exclude a weight with a {@link
 * dev.bonsai.core.WeightSelector}, or to allow it more bits. Weights that are harmless one by one
 * may do harm together, which the gate of a {@link CompressionListener} judges; and training mends
 * a part of it.
 *
 * <p>The model is evaluated once for each technique, weight and level, and once as it is. It is the
 * same bit for bit afterwards.
 */
public final class Sensitivity {

    private final Evaluation evaluation;
    private final List<Technique> probes;

    private Sensitivity(Evaluation evaluation, List<Technique> probes) {
        this.evaluation = evaluation;
        this.probes = List.copyOf(probes);
    }

    /**
     * Starts an analysis.
     *
     * @return a builder that needs data to evaluate on and a probe
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Analyses a model.
     *
     * @param model a trained model, whose block is initialised
     * @return the metric at each level of each technique on each weight
     * @throws IllegalArgumentException if a selector matches nothing, or a weight is not of 32-bit
     *     floats
     * @throws IllegalStateException if the model has no trained block or is being compressed just
     *     now, if it does not read a weight through the store, or if its metric is not finite as it
     *     is
     */
    public SensitivityReport analyse(Model model) {
        Block root = model.getBlock();
        if (root == null || !root.isInitialized()) {
            throw new IllegalStateException(
                    "The model has no block with parameters: set one with model.setBlock(...) and"
                            + " train or load it first");
        }
        if (CompressionSession.of(root).isPresent()) {
            throw new IllegalStateException(
                    "The model is being compressed: analyse it before, or close the trainer first");
        }
        try (SensitivityRun run = new SensitivityRun(root, model.getNDManager(), evaluation)) {
            return run.probe(probes);
        }
    }

    /** Collects the settings of a {@link Sensitivity}. */
    public static final class Builder {

        private final List<Technique> probes = new ArrayList<>();
        private Dataset dataset;
        private Evaluator evaluator;
        private Optional<Direction> direction = Optional.empty();
        private OptionalInt batchSize = OptionalInt.empty();

        private Builder() {}

        /**
         * Sets what the model is evaluated by. Use a validation set, never the test set.
         *
         * @param dataset the data to evaluate on; it is read in order and whole
         * @param evaluator the metric
         * @return this builder
         */
        public Builder setEvaluation(Dataset dataset, Evaluator evaluator) {
            this.dataset = Objects.requireNonNull(dataset, "dataset");
            this.evaluator = Objects.requireNonNull(evaluator, "evaluator");
            return this;
        }

        /**
         * Says which way the metric improves, for an evaluator that is not one of DJL's.
         *
         * @param direction the direction
         * @return this builder
         */
        public Builder optDirection(Direction direction) {
            this.direction = Optional.of(direction);
            return this;
        }

        /**
         * Sets how many samples are evaluated at a time (default 32). More are faster on small
         * models and need more memory.
         *
         * @param batchSize the number of samples per batch, at least 1
         * @return this builder
         */
        public Builder optBatchSize(int batchSize) {
            if (batchSize < 1) {
                throw new IllegalArgumentException(
                        "A batch has 1 or more samples, but got a batchSize of " + batchSize);
            }
            this.batchSize = OptionalInt.of(batchSize);
            return this;
        }

        /**
         * Appends a technique. The weights and the levels that are tried are its own.
         *
         * @param technique a technique that shows in an evaluation without any training
         * @return this builder
         * @throws IllegalArgumentException if it needs to have watched a training, or works only
         *     while the model is trained, or has no level to try
         */
        public Builder addProbe(Technique technique) {
            if (!technique.getSignals().isEmpty()) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "%s goes by %s, which is gathered while a model trains, and here"
                                        + " it is only evaluated: use a criterion that needs the"
                                        + " weights alone, such as Criterion.magnitude()",
                                technique.getName(),
                                technique.getSignals()));
            }
            if (technique.getEffect() == Effect.PENALTY) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "%s works on a model while it trains, and here it is only"
                                        + " evaluated: leave it out",
                                technique.getName()));
            }
            if (technique.usesNetwork()) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "%s works on the network as a whole, and here each weight is tried"
                                        + " alone: leave it out",
                                technique.getName()));
            }
            Levels levels = technique.getLevels();
            if (levels.next(levels.start()).isEmpty()) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "%s changes nothing, as its target is its start, %s: set another",
                                technique.getName(),
                                levels.format(levels.start())));
            }
            probes.add(technique);
            return this;
        }

        /**
         * Builds the analysis.
         *
         * @return the analysis
         * @throws IllegalArgumentException if there is no evaluation or no probe, or the metric's
         *     direction is not known
         */
        public Sensitivity build() {
            if (dataset == null || probes.isEmpty()) {
                throw new IllegalArgumentException(
                        "A sensitivity analysis needs data and something to try: call"
                                + " setEvaluation(validation, new Accuracy()) and"
                                + " addProbe(Pruning.builder()...build()), for example");
            }
            return new Sensitivity(
                    new Evaluation(dataset, evaluator, direction, batchSize), probes);
        }
    }
}
