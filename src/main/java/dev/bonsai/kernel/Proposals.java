package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.ActivationTransform;
import dev.bonsai.core.Effect;
import dev.bonsai.core.ExecutionOrder;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.TracedNetwork;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** Has techniques work out their next states. */
final class Proposals {

    private final List<Technique> techniques;
    private final List<List<TargetWeight>> targets = new ArrayList<>();
    private final ModelWeights weights;
    private final EffectiveWeights effective;
    private final SoundWeights sound;
    private final SignalRecorder signals;
    private final NDManager manager;
    private final LongSupplier steps;
    private final Optional<TracedNetwork> network;
    private final Optional<RoundedNetwork> rounded;

    /**
     * @param order which weights the model applies first and last
     * @param network what is computed with the weights, where a technique goes by that
     * @param rounded runs the network, where a technique rounds activations
     * @param steps tells the number of training steps so far
     */
    Proposals(
            List<Technique> techniques,
            ModelWeights weights,
            ExecutionOrder order,
            EffectiveWeights effective,
            SoundWeights sound,
            SignalRecorder signals,
            NDManager manager,
            LongSupplier steps,
            Optional<TracedNetwork> network,
            Optional<RoundedNetwork> rounded) {
        this.techniques = techniques;
        this.weights = weights;
        this.effective = effective;
        this.sound = sound;
        this.signals = signals;
        this.manager = manager;
        this.steps = steps;
        this.network = network;
        this.rounded = rounded;
        checkOneRounds();
        for (Technique technique : techniques) {
            List<TargetWeight> selected = select(technique, order);
            targets.add(selected);
            technique.checkTargets(selected);
            if (technique.getEffect() == Effect.ACTIVATIONS) {
                rounded.ifPresent(r -> r.select(selected));
            }
            if (technique.usesNetwork()) {
                technique.checkNetwork(network.orElseThrow(), selected);
            }
        }
        for (int i = 0; i < techniques.size(); ++i) {
            checkOrder(i);
        }
    }

    private void checkOneRounds() {
        List<String> names =
                techniques.stream()
                        .filter(technique -> technique.getEffect() == Effect.ACTIVATIONS)
                        .map(Technique::getName)
                        .toList();
        if (names.size() > 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "One technique rounds activations, but got %s: list one, and select with"
                                    + " its WeightSelector whose products are computed in integers",
                            names));
        }
    }

    /** Refuses a technique that makes no sense behind those before it. */
    private void checkOrder(int technique) {
        Technique late = techniques.get(technique);
        for (TargetWeight weight : targets.get(technique)) {
            List<Technique> earlier = new ArrayList<>();
            for (int i = 0; i < technique; ++i) {
                if (targets.get(i).contains(weight)) {
                    earlier.add(techniques.get(i));
                }
            }
            List<Effect> effects = earlier.stream().map(Technique::getEffect).toList();
            late.getEffect()
                    .refusalAfter(effects)
                    .ifPresent(
                            reason -> {
                                throw new IllegalArgumentException(
                                        String.format(
                                                Locale.ROOT,
                                                "%s can't follow %s on %s: %s",
                                                late.getName(),
                                                earlier.stream().map(Technique::getName).toList(),
                                                weight,
                                                reason));
                            });
        }
    }

    private List<TargetWeight> select(Technique technique, ExecutionOrder order) {
        List<TargetWeight> selected;
        try {
            selected = technique.getSelector().select(weights.distinct(), order);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(technique.getName() + ": " + e.getMessage(), e);
        }
        for (TargetWeight weight : selected) {
            DataType type = weights.latent(weight).getDataType();
            if (type != DataType.FLOAT32) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "%s: %s is of type %s, but compression works on FLOAT32: train in"
                                        + " FLOAT32, or exclude it with a WeightSelector",
                                technique.getName(),
                                weight,
                                type));
            }
        }
        List<TargetWeight> finite = sound.withoutInfinities(selected);
        if (finite.isEmpty()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "%s has nothing to work on: %s",
                            technique.getName(),
                            String.join(". ", sound.notes())));
        }
        signals.request(technique.getSignals(), finite);
        return finite;
    }

    /** Returns the weights that one technique works on. */
    List<TargetWeight> targets(int technique) {
        return targets.get(technique);
    }

    /** Tells whether the weights that one technique works on are finite as they are trained now. */
    boolean areFinite(int technique) {
        return targets.get(technique).stream()
                .allMatch(weight -> FiniteValues.areIn(weights.latent(weight), manager));
    }

    /** Returns the weights that any technique works on. */
    Set<TargetWeight> allTargets() {
        Set<TargetWeight> all = new LinkedHashSet<>();
        targets.forEach(all::addAll);
        return all;
    }

    /**
     * Works out a state.
     *
     * @param refresh whether the level is one that was decided on before
     */
    State make(int technique, double level, Plan plan, boolean refresh) {
        NDManager owner = manager.newSubManager();
        try (NDManager scratch = manager.newSubManager()) {
            Context context = new Context(technique, plan, refresh, owner, scratch);
            Map<TargetWeight, WeightTransform> transforms =
                    techniques.get(technique).propose(level, context);
            transforms.forEach(Proposals::holdIfFrozen);
            Map<String, ActivationTransform> activations =
                    techniques.get(technique).proposeActivations(level, context);
            return State.of(level, transforms, activations, owner);
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    /** What a transform has trained for itself would move a frozen weight's effective value. */
    static void holdIfFrozen(TargetWeight weight, WeightTransform transform) {
        if (weight.isFrozen()) {
            transform.getParameters().forEach(parameter -> parameter.freeze(true));
        }
    }

    private final class Context implements Proposal {

        private final int technique;
        private final Plan plan;
        private final boolean refresh;
        private final NDManager owner;
        private final NDManager scratch;

        Context(int technique, Plan plan, boolean refresh, NDManager owner, NDManager scratch) {
            this.technique = technique;
            this.plan = plan;
            this.refresh = refresh;
            this.owner = owner;
            this.scratch = scratch;
        }

        @Override
        public List<TargetWeight> weights() {
            return targets.get(technique);
        }

        @Override
        public NDArray value(TargetWeight weight) {
            return effective.effective(plan.before(technique).of(weight.id()), weight, scratch);
        }

        @Override
        public NDArray latent(TargetWeight weight) {
            return Tensors.alias(weights.latent(weight), scratch);
        }

        @Override
        public EncodedWeight encoded(TargetWeight weight) {
            return effective.encoded(plan.before(technique).of(weight.id()), weight, scratch);
        }

        @Override
        public NDArray signal(TargetWeight weight, Signal signal) {
            return signals.get(weight, signal, scratch);
        }

        @Override
        public Optional<WeightTransform> present(TargetWeight weight) {
            return plan.transform(technique, weight);
        }

        @Override
        public TracedNetwork network() {
            return techniques.get(technique).usesNetwork()
                    ? network.orElseThrow()
                    : Proposal.super.network();
        }

        @Override
        public void observe(Set<String> names, BiConsumer<String, NDArray> observer) {
            if (rounded.isPresent()) {
                rounded.get().observe(shown(), names, observer);
            } else {
                Proposal.super.observe(names, observer);
            }
        }

        private ParameterStore shown() {
            return new EffectiveParameterStore(
                    weights.store(), weights, plan, scratch, Mode.INFERENCE, Optional.empty());
        }

        @Override
        public boolean isRefresh() {
            return refresh;
        }

        @Override
        public long step() {
            return steps.getAsLong();
        }

        @Override
        public NDManager manager() {
            return owner;
        }
    }
}
