package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@link Proposal} whose weights, signals and accepted state a test writes down. */
public final class FakeProposal implements Proposal {

    private final NDManager manager;
    private final Map<TargetWeight, NDArray> values = new LinkedHashMap<>();
    private final Map<TargetWeight, NDArray> latents = new HashMap<>();
    private final Map<TargetWeight, EncodedWeight> encoded = new HashMap<>();
    private final Map<TargetWeight, Map<Signal, NDArray>> signals = new HashMap<>();
    private Map<TargetWeight, WeightTransform> accepted = Map.of();
    private Optional<TracedNetwork> network = Optional.empty();
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
        latents.remove(weight);
        encoded.remove(weight);
    }

    /** Puts a weight behind a transform of an earlier technique. */
    public void setBehind(TargetWeight weight, WeightTransform before) {
        NDArray latent = latent(weight);
        latents.put(weight, latent);
        encoded.put(weight, before.encode(dense(weight, latent), manager));
        values.put(weight, Tensors.decoded(manager, encoded.get(weight)));
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

    /** Sets what is computed with the weights. */
    public void see(TracedNetwork seen) {
        network = Optional.of(seen);
    }

    /** Takes a weight away, as if it were not selected. */
    public void remove(TargetWeight weight) {
        values.remove(weight);
    }

    @Override
    public TracedNetwork network() {
        return network.orElseGet(this::ofConstants);
    }

    /** A network in which each matrix uses the units of a layer of constants. */
    private TracedNetwork ofConstants() {
        List<Graph.Weight> weights = new ArrayList<>();
        Map<String, EncodedWeight> constants = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        for (TargetWeight weight : weights()) {
            if (weight.shape().dimension() == 2) {
                String path = weight.path();
                Dim units = Dim.of(weight.shape().get(1));
                weights.add(
                        new Graph.Weight(
                                path,
                                ElementType.FLOAT32,
                                dev.bonsai.graph.type.Shape.of(
                                        Dim.of(weight.shape().get(0)), units)));
                constants.put("body " + path, units(units.size()));
                nodes.add(Node.of(new Gemm(1, 1, false, true), "h " + path, "x", "body " + path));
                nodes.add(Node.of(new Gemm(1, 1, false, true), "y " + path, "h " + path, path));
                outputs.add("y " + path);
            }
        }
        if (outputs.isEmpty()) {
            nodes.add(Node.of(Unary.RELU, "y", "x"));
            outputs.add("y");
        }
        dev.bonsai.graph.type.Shape one = dev.bonsai.graph.type.Shape.of(1, 1);
        Graph.Input input = new Graph.Input("x", ElementType.FLOAT32, one);
        Graph graph = new Graph(List.of(input), weights, constants, nodes, outputs);
        return new TracedNetwork(graph, List.of(one));
    }

    private static EncodedWeight units(long count) {
        float[] ones = new float[(int) count];
        Arrays.fill(ones, 1);
        return new DenseWeight(new int[] {ones.length, 1}, ones);
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
    public NDArray latent(TargetWeight weight) {
        return latents.getOrDefault(weight, values.get(weight));
    }

    @Override
    public EncodedWeight encoded(TargetWeight weight) {
        return encoded.getOrDefault(weight, dense(weight, values.get(weight)));
    }

    private static EncodedWeight dense(TargetWeight weight, NDArray value) {
        return new DenseWeight(Tensors.dimensions(weight.shape()), value.toFloatArray());
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
