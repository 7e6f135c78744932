package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@link Proposal} whose weights, signals and accepted state a test writes down. */
public final class FakeProposal implements Proposal {

    private final NDManager manager;
    private final Map<TargetWeight, NDArray> values = new LinkedHashMap<>();
    private final Map<TargetWeight, Map<Signal, NDArray>> signals = new HashMap<>();
    private Map<TargetWeight, WeightTransform> accepted = Map.of();
    private boolean refresh;
    private long step;

    /**
     * Starts without weights.
     *
     * @param manager the owner of the values and of the proposed state
     */
    public FakeProposal(NDManager manager) {
        this.manager = manager;
    }

    /** Adds a weight of a linear layer with a value. */
    public TargetWeight add(String path, Shape shape, float... value) {
        Parameter parameter =
                Parameter.builder()
                        .setName(path)
                        .setType(Parameter.Type.WEIGHT)
                        .optShape(shape)
                        .build();
        TargetWeight weight = new TargetWeight(path, parameter, "Linear");
        set(weight, value);
        return weight;
    }

    /** Replaces the value of a weight, as training would. */
    public void set(TargetWeight weight, float... value) {
        values.put(weight, manager.create(value, weight.shape()));
    }

    /** Sets what was gathered about a weight. */
    public void setSignal(TargetWeight weight, Signal signal, float... value) {
        signals.computeIfAbsent(weight, key -> new HashMap<>())
                .put(signal, manager.create(value, weight.shape()));
    }

    /** Says that the next proposals are refreshes after so many training steps. */
    public void refreshAt(long steps) {
        refresh = true;
        step = steps;
    }

    /** Sets the accepted state, such as a result of {@link Technique#propose}. */
    public void accept(Map<TargetWeight, WeightTransform> state) {
        accepted = Map.copyOf(state);
    }

    @Override
    public List<TargetWeight> weights() {
        return new ArrayList<>(values.keySet());
    }

    @Override
    public NDArray value(TargetWeight weight) {
        return values.get(weight);
    }

    @Override
    public NDArray signal(TargetWeight weight, Signal signal) {
        NDArray value = signals.getOrDefault(weight, Map.of()).get(signal);
        if (value == null) {
            throw new IllegalStateException("The test sets no " + signal + " for " + weight);
        }
        return value;
    }

    @Override
    public Optional<WeightTransform> present(TargetWeight weight) {
        return Optional.ofNullable(accepted.get(weight));
    }

    @Override
    public boolean isRefresh() {
        return refresh;
    }

    @Override
    public long step() {
        return step;
    }

    @Override
    public NDManager manager() {
        return manager;
    }
}
