package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightScales;
import dev.bonsai.kernel.RoundedPass.Known;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Begins passes of the trainer in which a plan is applied to the latent weights. */
final class Passes {

    private final ModelWeights weights;
    private final EffectiveWeights effective;
    private final NDManager manager;
    private final Workspaces workspaces;
    private final Optional<RoundedNetwork> network;
    private Optional<Map<String, Optional<WeightScales>>> baked = Optional.empty();

    /** Makes passes that round no activations. */
    Passes(ModelWeights weights, EffectiveWeights effective, NDManager manager) {
        this(weights, effective, manager, Optional.empty());
    }

    Passes(
            ModelWeights weights,
            EffectiveWeights effective,
            NDManager manager,
            Optional<RoundedNetwork> network) {
        this.network = network;
        this.weights = weights;
        this.effective = effective;
        this.manager = manager;
        workspaces = new Workspaces(manager);
    }

    /** Begins a pass that nobody else needs to know of. */
    Pass begin(Plan plan, ParameterStore store, NDList inputs, boolean training) {
        return begin(plan, store, inputs, training, false, asked -> {}, () -> {});
    }

    /**
     * Begins a training pass.
     *
     * @param settled whether no graph needs what the last pass has computed
     */
    Pass train(
            Plan plan,
            ParameterStore store,
            NDList inputs,
            boolean settled,
            Consumer<Set<String>> asked) {
        return view(plan, store, inputs, Mode.TRAINING, settled, asked, () -> {});
    }

    /**
     * Begins a pass.
     *
     * @param plan what is done to the weights
     * @param store the trainer's store
     * @param inputs the input, whose manager is to own the output
     * @param training whether a gradient will be asked for
     * @param settled whether no graph, and no other pass, needs what an earlier pass has computed
     * @param asked told the ids of the parameters that the block has asked for
     * @param release lets go of the plan's arrays
     */
    Pass begin(
            Plan plan,
            ParameterStore store,
            NDList inputs,
            boolean training,
            boolean settled,
            Consumer<Set<String>> asked,
            Runnable release) {
        Mode mode = training ? Mode.TRAINING : Mode.INFERENCE;
        if (training || !weights.hasImported()) {
            return view(plan, store, inputs, mode, settled, asked, release);
        }
        LatentSnapshot now = LatentSnapshot.of(weights, manager, weights::isImported);
        effective.bake(plan, weights::isImported);
        return view(
                plan,
                store,
                inputs,
                mode,
                settled,
                asked,
                () -> {
                    now.restore();
                    now.close();
                    release.run();
                });
    }

    private Pass view(
            Plan plan,
            ParameterStore store,
            NDList inputs,
            Mode mode,
            boolean settled,
            Consumer<Set<String>> asked,
            Runnable release) {
        return new ViewPass(
                inputs,
                store,
                owner ->
                        new EffectiveParameterStore(
                                store,
                                weights,
                                plan,
                                owner,
                                mode,
                                settled ? Optional.of(workspaces) : Optional.empty()),
                view -> rounded(plan, store, mode, view),
                asked,
                release);
    }

    private Optional<RoundedForward> rounded(
            Plan plan, ParameterStore store, Mode mode, ParameterStore view) {
        boolean training = mode == Mode.TRAINING;
        Known pass = new Known(mode, own -> store.getValue(own, weights.device(), training));
        return rounded(plan, pass, parameter -> scales(plan, parameter, pass), view);
    }

    private Optional<WeightScales> scales(Plan plan, Parameter parameter, ForwardPass pass) {
        String id = weights.weightId(parameter);
        return baked.isPresent()
                ? baked.get().get(id)
                : Transforms.scales(plan.of(id), pass.value(parameter), pass);
    }

    /** Keeps the scales of the grids that weights lie on: soon only their values are left. */
    void beforeBaking(Plan plan) {
        Map<String, Optional<WeightScales>> scales = new HashMap<>();
        if (!plan.activations().isEmpty()) {
            Known pass = new Known(Mode.INFERENCE, weights::value);
            for (TargetWeight weight : weights.parameters()) {
                scales.put(
                        weights.weightId(weight.parameter()),
                        scales(plan, weight.parameter(), pass));
            }
        }
        baked = Optional.of(scales);
    }

    private Optional<RoundedForward> rounded(
            Plan plan,
            ForwardPass pass,
            Function<Parameter, Optional<WeightScales>> scales,
            ParameterStore view) {
        return plan.activations().isEmpty()
                ? Optional.empty()
                : network.map(
                        n ->
                                new RoundedForward(
                                        n,
                                        new RoundedPass(plan.activations(), pass, scales, view)));
    }

    /** Begins a pass that shows an accepted state, held until it ends. */
    Pass predict(AcceptedState state, ParameterStore store, NDList inputs) {
        return new EffectivePass(
                inputs,
                store,
                state::store,
                view -> rounded(state.plan(), state.pass(), state::scales, view),
                state::release);
    }

    /** A pass through the view, which tells what was asked for. */
    private static final class ViewPass extends EffectivePass {

        private final Consumer<Set<String>> asked;

        ViewPass(
                NDList inputs,
                ParameterStore given,
                Function<NDManager, ParameterStore> view,
                Function<ParameterStore, Optional<RoundedForward>> rounding,
                Consumer<Set<String>> asked,
                Runnable release) {
            super(inputs, given, view, rounding, release);
            this.asked = asked;
        }

        @Override
        public NDList end(NDList outputs, PairList<String, Object> params) {
            asked.accept(((EffectiveParameterStore) store()).asked());
            return super.end(outputs, params);
        }
    }
}
