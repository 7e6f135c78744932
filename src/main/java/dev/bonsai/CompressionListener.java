package dev.bonsai;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.optimizer.Optimizer;
import dev.bonsai.core.HoldZeros;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Warmup;
import dev.bonsai.kernel.CheckpointSettings;
import dev.bonsai.kernel.CompressionSession;
import dev.bonsai.kernel.Continuation;
import dev.bonsai.kernel.SessionResult;
import dev.bonsai.kernel.Settings;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.EpochSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Makes a model small while it trains: the one thing to add to a DJL training.
 *
 * <pre>{@code
 * config.addTrainingListeners(TrainingListener.Defaults.logging())
 *       .addTrainingListeners(CompressionListener.builder()
 *               .addTechnique(Pruning.builder().setTargetSparsity(0.95f).build())
 *               .addTechnique(Quantization.builder().setBits(4).build())
 *               .optWarmup(Warmup.untilPlateau(3, 50))
 *               .optGate(Gate.builder()
 *                       .optEvaluation(validation, new Accuracy())
 *                       .optMaxDrop(0.005f)
 *                       .build())
 *               .build());
 * EasyTrain.fit(trainer, epochs, training, validation);
 * }</pre>
 *
 * <p>At the end of each epoch the gate judges the epoch and tries the next step of the technique
 * whose turn it is; a technique's turn ends when it has reached its target or no further step is
 * worth a trial. When the trainer is closed, techniques that have not reached their target are
 * taken as far as the gate allows without further training, the effective weights are written into
 * the user's own block, and {@link #getReport()} and {@link #getCompressedModel()} tell what came
 * of it. The training never ends on a state that the gate has not accepted.
 *
 * <p>While the training goes on, {@code model.getBlock()} is a wrapper of the user's block, and
 * {@code model.save} writes the last accepted state with its effective weights. The state of the
 * optimizer is out of reach in DJL: when a step is rolled back, momentum is not, unless {@link
 * Builder#optFreshOptimizer} makes the trainer a new one.
 *
 * <p>Other threads may predict with the model and save it meanwhile. They are given the last
 * accepted state, from copies: never a mixture, and never a state on trial. Before the first
 * acceptance they are given the weights that are being trained, as in plain DJL; so they always are
 * of a model with an imported block, which reads its own arrays. The thread that trains sees the
 * weights as they are.
 *
 * <p>Several batches may be told of per {@code trainer.step()}, to accumulate gradients: whatever
 * counts steps, or looks at gradients, does so once per step. A step is known by the gradients that
 * it zeroes or the weights that it moves; where neither can be seen, each batch counts as one.
 *
 * <p>Several listeners may be added to one trainer: their techniques work one after the other, and
 * a state is accepted only if all gates accept it. A listener serves one trainer at a time.
 */
public final class CompressionListener extends TrainingListenerAdapter implements AutoCloseable {

    final Settings settings;
    private volatile Optional<CompressionSession> session = Optional.empty();
    private Optional<SessionResult> result = Optional.empty();

    private CompressionListener(Settings settings) {
        this.settings = settings;
    }

    /**
     * Starts a listener.
     *
     * @return a builder without techniques
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void onTrainingBegin(Trainer trainer) {
        session.ifPresent(earlier -> earlier.endFor(trainer));
        session = Optional.empty();
        result = Optional.empty();
        session = Optional.of(CompressionSession.join(trainer, settings, this));
    }

    @Override
    public void onTrainingBatch(Trainer trainer, TrainingListener.BatchData batchData) {
        driven(trainer).ifPresent(s -> s.onTrainingBatch(batchData));
    }

    @Override
    public void onEpoch(Trainer trainer) {
        driven(trainer).ifPresent(CompressionSession::onEpoch);
    }

    @Override
    public void onTrainingEnd(Trainer trainer) {
        if (driven(trainer).isPresent()) {
            close();
        }
    }

    /**
     * Ends the compression where the end of the training did not reach this listener, as when
     * another listener throws before it: the last state is judged or undone, and the model holds
     * the accepted weights in the user's own block. Does nothing where the training has ended.
     *
     * <p>Closing the trainer does this, too, and is all that is needed as a rule.
     */
    @Override
    public void close() {
        Optional<CompressionSession> ended = session;
        try {
            ended.ifPresent(CompressionSession::close);
        } finally {
            // nothing of the trainer is kept
            ended.flatMap(CompressionSession::result).ifPresent(r -> result = Optional.of(r));
            session = session.filter(s -> !s.isClosed());
        }
    }

    /** Of several listeners one passes events on; an abandoned trainer may still send some. */
    private Optional<CompressionSession> driven(Trainer trainer) {
        return session.filter(s -> s.isDrivenBy(this, trainer));
    }

    /**
     * Returns what the compression did.
     *
     * @return the report
     * @throws IllegalStateException if the training has not ended: close the trainer first
     */
    public CompressionReport getReport() {
        return result().report();
    }

    /**
     * Returns the compressed weights, ready to be saved.
     *
     * @return the model in the last accepted state
     * @throws IllegalStateException if the training has not ended: close the trainer first
     */
    public CompressedModel getCompressedModel() {
        SessionResult ended = result();
        return new CompressedModel(ended.model(), Optional.of(ended.run()));
    }

    /**
     * Returns the gate's verdicts so far, for progress: also while the training goes on.
     *
     * @return one row per verdict, oldest first; empty before the first
     */
    public List<Trial> getTrials() {
        return session.map(CompressionSession::trials)
                .or(() -> result.map(r -> r.report().trials()))
                .orElse(List.of());
    }

    /**
     * Returns how far the compression has come so far, for progress: also while the training goes
     * on.
     *
     * @return the accepted state at the end of each epoch that was judged
     */
    public List<EpochSummary> getEpochs() {
        return session.map(CompressionSession::epochs)
                .or(() -> result.map(r -> r.report().epochs()))
                .orElse(List.of());
    }

    private SessionResult result() {
        // a listener of several hears of the end from the last one's session
        return session.flatMap(CompressionSession::result)
                .or(() -> result)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "There is no result: train for at least one batch, and close"
                                                + " the trainer, while the model is open, first"));
    }

    /** Collects the settings of a {@link CompressionListener}. */
    public static final class Builder {

        private final List<Technique> techniques = new ArrayList<>();
        private Gate gate;
        private Warmup warmup = Warmup.epochs(1);
        private HoldZeros holdZeros = HoldZeros.AUTO;
        private Optional<IntFunction<Optimizer>> freshOptimizer = Optional.empty();
        private Optional<Continuation> continuation = Optional.empty();
        private Optional<CheckpointSettings> checkpoint = Optional.empty();
        private Optional<Consumer<Trial>> onTrial = Optional.empty();
        private boolean graph = true;

        private Builder() {}

        /**
         * Appends a technique. Techniques are applied to a weight, and take their turns, in the
         * order in which they are added.
         *
         * @param technique the technique
         * @return this builder
         */
        public Builder addTechnique(Technique technique) {
            techniques.add(Objects.requireNonNull(technique, "technique"));
            return this;
        }

        /**
         * Appends several techniques, see {@link #addTechnique}.
         *
         * @param added the techniques in order
         * @return this builder
         */
        public Builder addTechniques(List<? extends Technique> added) {
            added.forEach(this::addTechnique);
            return this;
        }

        /**
         * Sets how steps are judged (default: by the validation result of the trainer's first
         * evaluator; an accuracy may be 0.01 worse than the reference, any other metric 2 % of it).
         *
         * @param gate the gate
         * @return this builder
         */
        public Builder optGate(Gate gate) {
            this.gate = Objects.requireNonNull(gate, "gate");
            return this;
        }

        /**
         * Sets how many epochs are trained before the baseline is measured and the first step is
         * tried (default 1). A model that is new needs many more, or {@link #optWarmup(Warmup)}.
         * Use 0 for a model that is trained already: its baseline is measured at once, and the
         * first step is tried at once too unless a technique needs a {@link dev.bonsai.core.Signal}
         * of the training, and then after one epoch.
         *
         * @param epochs the number of epochs, at least 0
         * @return this builder
         */
        public Builder optWarmup(int epochs) {
            return optWarmup(Warmup.epochs(epochs));
        }

        /**
         * Sets how long the model is trained before the baseline is measured and the first step is
         * tried, such as until the metric stops improving:
         *
         * <pre>{@code
         * CompressionListener.builder().optWarmup(Warmup.untilPlateau(3, 50));
         * }</pre>
         *
         * @param warmup the warm-up
         * @return this builder
         */
        public Builder optWarmup(Warmup warmup) {
            this.warmup = Objects.requireNonNull(warmup, "warmup");
            return this;
        }

        /**
         * Sets whether elements that are zero when the training begins stay zero (default {@link
         * HoldZeros#AUTO}: where a weight comes with many). A model that was pruned before, and is
         * only quantized now, keeps its sparsity thereby. The report says what was held.
         *
         * <p>Of several listeners on one trainer that work on the same weight, one that never holds
         * zeros is heard first, and then one that always does.
         *
         * @param choice which zeros are held
         * @return this builder
         */
        public Builder optHoldZeros(HoldZeros choice) {
            holdZeros = Objects.requireNonNull(choice, "choice");
            return this;
        }

        /**
         * Has the trainer go on with a new optimizer whenever its weights have been taken back, by
         * a roll back of the gate or a rewind. By default it goes on with its own, whose momentum
         * is that of the weights that were given up. Of several listeners on one trainer the last
         * one that asks for this is heard.
         *
         * <p>Such as {@code optFreshOptimizer(steps -> Optimizer.adam().build())}.
         *
         * <p>Each new optimizer costs native memory that is not given back before the process ends,
         * because DJL offers no way to free what an optimizer keeps: with Adam about two times the
         * size of the parameters that are trained, with momentum about once, without either none.
         * Measured with 477,000 parameters, that is 5.7 MB and 2.1 MB. An optimizer that has taken
         * no step yet is kept in use.
         *
         * <p>A new optimizer counts its updates from 0, and so does the learning-rate tracker that
         * it is built with: begin that at the number of steps where the rate decays.
         *
         * @param supplier makes an optimizer, given the number of training steps so far; called
         *     before the first training pass after the weights went back
         * @return this builder
         */
        public Builder optFreshOptimizer(IntFunction<Optimizer> supplier) {
            freshOptimizer = Optional.of(Objects.requireNonNull(supplier, "supplier"));
            return this;
        }

        /**
         * Goes on from an earlier training: what is judged is compared with the best metric that
         * the model had there too, and a technique of the same name is tried first at the level
         * that it had reached. Gates are compared by the name of their metric.
         *
         * <pre>{@code
         * CompressedModel earlier = CompressedModel.load(Path.of("model.bonsai"));
         * earlier.applyTo(model.getBlock(), model.getNDManager());
         * CompressionListener.builder().optContinue(earlier).optWarmup(0);
         * }</pre>
         *
         * @param earlier the model that the earlier training has left, of which the one to be
         *     trained has the weights, or the training fails when it begins
         * @return this builder
         * @throws IllegalStateException if it was read from a file that {@link
         *     CompressedModel#saveForTraining} has not written
         */
        public Builder optContinue(CompressedModel earlier) {
            continuation = Optional.of(earlier.continuation());
            return this;
        }

        /**
         * Has the run written down as it goes, so that it survives the end of its process.
         *
         * @param checkpoint where
         * @return this builder
         */
        public Builder optCheckpoint(Checkpoint checkpoint) {
            this.checkpoint = Optional.of(checkpoint.settings());
            return this;
        }

        /**
         * Tells each row of the gate's record when it is made, on the thread that trains. What it
         * throws is noted in the report, and the training goes on.
         *
         * @param onTrial told each trial
         * @return this builder
         */
        public Builder optOnTrial(Consumer<Trial> onTrial) {
            this.onTrial = Optional.of(onTrial);
            return this;
        }

        /**
         * Sets whether the graph of the network is found when the training has ended, and travels
         * in the file (default true). It takes about five inference passes of the block, on batches
         * of the size of the training's. Trials of a search can do without: their networks are all
         * the same, and {@link CompressedModel#withGraph} takes the graph of one for all.
         *
         * <p>Of several listeners on one trainer, one that asks for the graph is heard.
         *
         * @param wanted false for a file that needs the Java code of the network, unless {@link
         *     CompressedModel#withGraph} gives it the graph
         * @return this builder
         */
        public Builder optGraph(boolean wanted) {
            graph = wanted;
            return this;
        }

        /**
         * Builds the listener.
         *
         * @return the listener
         * @throws IllegalArgumentException if there is no technique
         */
        public CompressionListener build() {
            if (techniques.isEmpty()) {
                throw new IllegalArgumentException(
                        "A CompressionListener needs at least one technique: call"
                                + " addTechnique(Pruning.builder()...build()), for example");
            }
            return new CompressionListener(
                    new Settings(
                            techniques,
                            gate == null ? Gate.builder().build() : gate,
                            warmup,
                            holdZeros,
                            freshOptimizer,
                            continuation,
                            checkpoint,
                            onTrial,
                            graph));
        }
    }
}
