package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.Trainer;
import dev.bonsai.core.Technique;
import dev.bonsai.core.TracedNetwork;
import dev.bonsai.distillation.Teacher;
import java.util.List;
import java.util.Optional;

/**
 * What a session works with once the weights are known, each with one thing to do.
 *
 * @param weights the latent weights
 * @param effective computes effective weights outside a pass
 * @param sound checks weights before any verdict
 * @param passes begins passes with effective weights
 * @param steps tells steps of the optimizer from batches
 * @param signals sums up what techniques want to know
 * @param proposals has techniques work out states
 * @param held keeps zeros that weights came with
 * @param proposed keeps what was worked out
 * @param projection has latent weights projected between the passes
 * @param hooks acts before and after the optimizer's step
 * @param refresher works states out anew while an epoch is trained
 * @param optimizer replaces the trainer's once the weights have been taken back
 * @param rewinder keeps the weights that techniques go back to
 * @param network what is computed with the weights, where a technique goes by that
 * @param trained the model as a teacher sees it
 * @param teacher says what the student should, where the loss asks for it
 */
record SessionParts(
        ModelWeights weights,
        EffectiveWeights effective,
        SoundWeights sound,
        Passes passes,
        StepDetector steps,
        SignalRecorder signals,
        Proposals proposals,
        HeldZeros held,
        ProposedStates proposed,
        LatentProjection projection,
        StepHooks hooks,
        StateRefresher refresher,
        FreshOptimizer optimizer,
        WeightRewinder rewinder,
        Optional<TracedNetwork> network,
        TrainedModel trained,
        Teacher teacher) {

    /**
     * Makes the parts.
     *
     * @param inputs the input of the first training pass
     * @param kept keeps an input of the training
     */
    static SessionParts of(
            JoinedSettings settings,
            ModelWeights weights,
            NDManager manager,
            Trainer trainer,
            NDList inputs,
            KeptArrays kept) {
        List<Technique> techniques = settings.techniques();
        FreshOptimizer optimizer =
                new FreshOptimizer(
                        trainer,
                        weights.store(),
                        settings.freshOptimizer(),
                        settings.checkpoint().flatMap(CheckpointSettings::optimizer));
        EffectiveWeights effective = new EffectiveWeights(weights, manager);
        SoundWeights sound = new SoundWeights(weights, effective, manager);
        Optional<TracedNetwork> network = FoundNetwork.of(techniques, weights.root(), inputs);
        Optional<RoundedNetwork> rounded =
                RoundedNetwork.of(techniques, network, weights, manager, inputs, kept);
        Passes passes = new Passes(weights, effective, manager, rounded);
        StepDetector steps = new StepDetector(weights, manager);
        InputMagnitudes magnitudes = new InputMagnitudes(weights, passes, manager);
        SignalRecorder signals = new SignalRecorder(weights, magnitudes, manager);
        Proposals proposals =
                new Proposals(
                        techniques,
                        weights,
                        WatchedOrder.of(techniques, weights, inputs, manager),
                        effective,
                        sound,
                        signals,
                        manager,
                        steps::steps,
                        network,
                        rounded);
        ProposedStates proposed = new ProposedStates(proposals);
        TrainedModel trained = new TrainedModel(weights, manager);
        return new SessionParts(
                weights,
                effective,
                sound,
                passes,
                steps,
                signals,
                proposals,
                new HeldZeros(weights, settings.zeroWishes(proposals), manager),
                proposed,
                new LatentProjection(weights, effective, manager),
                new StepHooks(weights, manager),
                new StateRefresher(techniques, proposed),
                optimizer,
                new WeightRewinder(
                        techniques, weights, manager, settings.warmup().leastEpochs(), optimizer),
                network,
                trained,
                Teacher.of(trainer.getLoss(), trained, manager));
    }
}
