package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.bonsai.core.FixedParameterStore;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightScales;
import dev.bonsai.core.WeightTransform;
import java.util.List;
import java.util.Optional;

/**
 * A state of the model that every gate has accepted, in copies of its own: what is saved and what
 * other threads predict with while the model trains. Whoever uses it holds it, and the last who
 * leaves frees it.
 */
final class AcceptedState {

    private final Plan plan;
    private final LatentSnapshot latents;
    private final SharedArrays arrays;
    private final ForwardPass pass = new CopiedPass();

    /**
     * @param plan what is done to the weights; its states are held until this one is freed
     * @param latents the parameters of the model and of the plan's transforms
     */
    AcceptedState(Plan plan, LatentSnapshot latents) {
        this.plan = plan;
        this.latents = latents;
        arrays = new SharedArrays(this::free);
        plan.hold();
    }

    Plan plan() {
        return plan;
    }

    /** Returns what the transforms may know of a pass that shows this state. */
    ForwardPass pass() {
        return pass;
    }

    /** Returns the latent value of a parameter; null if it was not copied. */
    NDArray value(Parameter parameter) {
        return latents.value(parameter);
    }

    /** Copies the latent values back into the model. */
    void restore() {
        latents.restore();
    }

    /** Takes hold of this state; returns false if it is freed already. */
    boolean hold() {
        return arrays.hold();
    }

    void release() {
        arrays.release();
    }

    private void free() {
        plan.release();
        latents.close();
    }

    /**
     * Returns a store that shows the effective weights of this state.
     *
     * @param owner the owner of what the blocks are shown, for the length of one pass
     */
    FixedParameterStore store(NDManager owner) {
        return new FixedParameterStore(owner, parameter -> effective(parameter, owner));
    }

    /**
     * Returns the effective value of a parameter of the model.
     *
     * @param owner the owner of the value
     */
    NDArray effective(Parameter parameter, NDManager owner) {
        NDArray latent = latents.value(parameter);
        if (latent == null) {
            return parameter.getArray(); // the block has come by it since
        }
        List<WeightTransform> transforms = plan.of(latents.weightId(parameter));
        return transforms.isEmpty() ? latent : Transforms.apply(transforms, latent, pass, owner);
    }

    /** Finds the scales of the grid that a weight of the model lies on. */
    Optional<WeightScales> scales(Parameter parameter) {
        NDArray latent = latents.value(parameter);
        return latent == null
                ? Optional.empty()
                : Transforms.scales(plan.of(latents.weightId(parameter)), latent, pass);
    }

    /**
     * Counts the elements of an effective weight that are exactly zero, without a copy of Java's.
     */
    long zeros(TargetWeight weight, NDManager manager) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray value = Tensors.alias(effective(weight.parameter(), scratch), scratch);
            return weight.size() - value.countNonzero().getLong();
        }
    }

    private final class CopiedPass implements ForwardPass {

        @Override
        public Mode mode() {
            return Mode.INFERENCE;
        }

        @Override
        public NDArray value(Parameter own) {
            return latents.value(own);
        }
    }
}
