package dev.bonsai.kernel;

import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import dev.bonsai.checkpoint.ResumableOptimizer;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Has a trainer go on with a new optimizer once its weights have been taken back, where the user
 * wants that: the old one has the momentum of weights that are no more.
 */
final class FreshOptimizer {

    private final Trainer trainer;
    private final ParameterStore store;
    private final Optional<IntFunction<Optimizer>> supplier;
    private boolean stale;

    /** Whether the present optimizer may know anything of weights. */
    private boolean used;

    private long stepsAtStart;
    private boolean replaced;
    private Optional<ResumableOptimizer> known;

    /**
     * What is known of the optimizer.
     *
     * @param stale whether the weights have been taken back since the last pass
     * @param used whether it may know anything of weights
     * @param stepsAtStart the steps when it began
     * @param replaced whether it is not the trainer's first one
     */
    record Use(boolean stale, boolean used, long stepsAtStart, boolean replaced) {}

    /**
     * @param store the trainer's store
     * @param supplier makes an optimizer, given the training steps so far
     * @param first the trainer's optimizer, if its state can be written down
     */
    FreshOptimizer(
            Trainer trainer,
            ParameterStore store,
            Optional<IntFunction<Optimizer>> supplier,
            Optional<ResumableOptimizer> first) {
        known = first;
        this.trainer = trainer;
        this.store = store;
        this.supplier = supplier;
    }

    /** Called when the weights have been taken back to what they were some steps ago. */
    void weightsWentBack() {
        stale = true;
    }

    /** Called before a training pass. */
    void beforePass(long steps) {
        if (stale && hasMomentum(steps)) {
            supplier.ifPresent(make -> replace(make.apply(Math.toIntExact(steps))));
            stepsAtStart = steps;
        }
        stale = false;
        used = true;
    }

    /** An optimizer that has taken no step is as good as new; without any steps none is known. */
    private boolean hasMomentum(long steps) {
        return used && (steps == 0 || steps > stepsAtStart);
    }

    /** Returns the present optimizer, if its state can be written down. */
    Optional<ResumableOptimizer> known() {
        return known;
    }

    Use use() {
        return new Use(stale, used, stepsAtStart, replaced);
    }

    /** Goes on with such an optimizer as there was. */
    void resume(Use use) {
        if (use.replaced) {
            supplier.ifPresent(make -> replace(make.apply(Math.toIntExact(use.stepsAtStart))));
        }
        stale = use.stale;
        used = use.used;
        stepsAtStart = use.stepsAtStart;
    }

    private void replace(Optimizer optimizer) {
        Objects.requireNonNull(
                optimizer,
                "The function given to optFreshOptimizer returned null: have it return a new"
                        + " optimizer, such as Optimizer.adam().build()");
        replaced = true;
        known =
                Optional.of(optimizer)
                        .filter(ResumableOptimizer.class::isInstance)
                        .map(ResumableOptimizer.class::cast);
        store.setParameterServer(
                trainer.getManager().getEngine().newParameterServer(optimizer),
                trainer.getDevices());
    }
}
