package dev.bonsai.kernel;

import ai.djl.ndarray.NDManager;
import ai.djl.training.Trainer;
import dev.bonsai.core.Technique;
import dev.bonsai.distillation.Teacher;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a session works with once the weights are known, each with one thing to do.
 *
 * @param baking computes effective weights outside a pass
 * @param passes runs passes with effective weights
 * @param signals sums up what techniques want to know
 * @param proposals has techniques work out states
 * @param candidates keeps what was worked out
 * @param projection has latent weights projected between the passes
 * @param hooks acts before and after the optimizer's step
 * @param ramp works states out anew while an epoch is trained
 * @param optimizer replaces the trainer's once the weights have been taken back
 * @param rewinds keeps the weights that techniques go back to
 * @param teacher says what the student should, where the loss asks for it
 */
record SessionParts(
        EffectiveWeights baking,
        PlannedForward passes,
        SignalRecorder signals,
        Proposals proposals,
        ProposedStates candidates,
        LatentProjection projection,
        StepHooks hooks,
        StateRefresher ramp,
        FreshOptimizer optimizer,
        WeightRewinder rewinds,
        Teacher teacher) {

    static SessionParts of(
            JoinedSettings members,
            ModelWeights weights,
            NDManager manager,
            LongSupplier steps,
            Trainer trainer) {
        List<Technique> techniques = members.techniques();
        FreshOptimizer optimizer =
                new FreshOptimizer(trainer, weights.store(), members.freshOptimizer());
        EffectiveWeights baking = new EffectiveWeights(weights, manager);
        PlannedForward passes = new PlannedForward(weights, baking, manager);
        InputMagnitudes inputs = new InputMagnitudes(weights, passes, manager);
        SignalRecorder signals = new SignalRecorder(weights, inputs, manager);
        Proposals proposals = new Proposals(techniques, weights, baking, signals, manager, steps);
        ProposedStates candidates = new ProposedStates(proposals);
        return new SessionParts(
                baking,
                passes,
                signals,
                proposals,
                candidates,
                new LatentProjection(weights, baking, manager),
                new StepHooks(weights, manager),
                new StateRefresher(techniques, candidates),
                optimizer,
                new WeightRewinder(
                        techniques, weights, manager, members.warmup().leastEpochs(), optimizer),
                Teacher.of(trainer.getLoss(), new TrainedModel(weights, manager), manager));
    }
}
