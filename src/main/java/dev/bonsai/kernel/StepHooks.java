package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.StepHook;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import java.util.List;
import java.util.Optional;

/** Has the transforms of a plan do what they do before and after a step of the optimizer. */
final class StepHooks {

    private final ModelWeights weights;
    private final NDManager manager;

    /** The plan of the last training pass, whose hooks have seen its gradients. */
    private Optional<Plan> last = Optional.empty();

    StepHooks(ModelWeights weights, NDManager manager) {
        this.weights = weights;
        this.manager = manager;
    }

    /** Called after the backward pass, right before the optimizer's step. */
    void beforeStep(Plan plan) {
        for (TargetWeight weight : plan.hooked()) {
            boolean frozen = !weight.parameter().requiresGradient();
            if (frozen || !weights.latent(weight).hasGradient()) {
                continue;
            }
            try (NDManager scratch = manager.newSubManager()) {
                NDArray gradient = weights.latent(weight).getGradient();
                gradient.attach(scratch);
                NDArray latent = alias(weight, scratch);
                for (WeightTransform transform : plan.of(weight.id())) {
                    if (transform instanceof StepHook hook) {
                        hook.beforeStep(latent, gradient, new StepPass());
                    }
                }
            }
        }
    }

    /**
     * Called before each training pass.
     *
     * @param stepped whether the optimizer has used the gradients of the passes before
     */
    void beforePass(Plan plan, boolean stepped) {
        if (!stepped) {
            last.ifPresent(earlier -> change(earlier, plan));
        }
        last = Optional.of(plan);
    }

    /** One plan takes the place of another between two batches of one step. */
    private void change(Plan from, Plan to) {
        for (TargetWeight weight : from.hooked()) {
            if (!weights.latent(weight).hasGradient()) {
                continue;
            }
            List<WeightTransform> staying = to.of(weight.id());
            try (NDManager scratch = manager.newSubManager()) {
                NDArray gradient = weights.latent(weight).getGradient();
                gradient.attach(scratch);
                for (WeightTransform transform : from.of(weight.id())) {
                    if (transform instanceof StepHook hook && !staying.contains(transform)) {
                        hook.leave(gradient);
                    }
                }
            }
        }
    }

    /** Called as soon as possible after the optimizer's step was taken. */
    void afterStep(Plan plan) {
        for (TargetWeight weight : plan.hooked()) {
            if (weight.isFrozen()) {
                continue; // nothing moves it
            }
            try (NDManager scratch = manager.newSubManager()) {
                NDArray latent = alias(weight, scratch);
                for (WeightTransform transform : plan.of(weight.id())) {
                    if (transform instanceof StepHook hook) {
                        hook.afterStep(latent);
                    }
                }
            }
        }
    }

    private NDArray alias(TargetWeight weight, NDManager scratch) {
        NDArray alias = weights.latent(weight).stopGradient();
        alias.attach(scratch);
        return alias;
    }

    private final class StepPass implements ForwardPass {

        @Override
        public Mode mode() {
            return Mode.TRAINING;
        }

        @Override
        public NDArray value(Parameter own) {
            return weights.value(own);
        }
    }
}
