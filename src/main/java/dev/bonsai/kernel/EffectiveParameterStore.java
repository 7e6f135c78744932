package dev.bonsai.kernel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterServer;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.WeightTransform;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The view of the parameter store through which a block sees effective weights for the length of
 * one forward pass.
 *
 * <p>A weight that is asked for twice (tied, or in a loop) is computed once. Whatever is not
 * changed is the store's own instance, so that batch normalisation updates its statistics in place.
 */
final class EffectiveParameterStore extends ParameterStore {

    private final ParameterStore delegate;
    private final ModelWeights weights;
    private final Plan plan;
    private final NDManager manager;
    private final ForwardPass.Mode mode;
    private final Optional<Workspaces> workspaces;
    private final Map<String, NDArray> effective = new HashMap<>();
    private final Set<String> asked = new HashSet<>();

    /**
     * @param delegate the trainer's or predictor's store
     * @param weights tells which parameters are one weight
     * @param plan what is done to the weights
     * @param manager the owner of the effective weights
     * @param mode what the pass is for
     * @param workspaces memory for effective weights, where no graph needs what is in it
     */
    EffectiveParameterStore(
            ParameterStore delegate,
            ModelWeights weights,
            Plan plan,
            NDManager manager,
            ForwardPass.Mode mode,
            Optional<Workspaces> workspaces) {
        super(delegate.getManager(), false);
        this.delegate = delegate;
        this.weights = weights;
        this.plan = plan;
        this.manager = manager;
        this.mode = mode;
        this.workspaces = workspaces;
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
        NDArray latent = delegate.getValue(parameter, device, training);
        if (parameter == null) {
            return latent;
        }
        String weight = weights.weightId(parameter);
        asked.add(weight);
        List<WeightTransform> transforms = plan.of(weight);
        if (transforms.isEmpty()) {
            return latent;
        }
        return effective.computeIfAbsent(
                weight, id -> apply(transforms, latent, new Pass(id, device, training)));
    }

    private NDArray apply(List<WeightTransform> transforms, NDArray latent, ForwardPass pass) {
        return Transforms.apply(transforms, latent, pass, manager);
    }

    /** Returns the ids of the parameters that the block has asked for. */
    Set<String> asked() {
        return asked;
    }

    @Override
    public void setParameterServer(ParameterServer parameterServer, Device[] devices) {
        delegate.setParameterServer(parameterServer, devices);
    }

    @Override
    public void updateAllParameters() {
        delegate.updateAllParameters();
    }

    @Override
    public NDManager getManager() {
        return delegate.getManager();
    }

    @Override
    public void sync() {
        delegate.sync();
    }

    private final class Pass implements ForwardPass {

        private final String id;
        private final Device device;
        private final boolean training;

        Pass(String id, Device device, boolean training) {
            this.id = id;
            this.device = device;
            this.training = training;
        }

        @Override
        public Mode mode() {
            return mode;
        }

        @Override
        public Optional<NDArray> workspace(NDArray weight) {
            return workspaces.flatMap(memory -> memory.of(id, weight, weight.getManager()));
        }

        @Override
        public NDArray value(Parameter own) {
            return delegate.getValue(own, device, training);
        }
    }
}
