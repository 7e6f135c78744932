package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.core.Effect;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.TracedNetwork;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.report.NetworkCost;
import dev.bonsai.thinning.ChannelGroups;
import dev.bonsai.thinning.Cost;
import dev.bonsai.thinning.Refusal;
import dev.bonsai.thinning.Thinner;
import dev.bonsai.thinning.ThinningException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A model without the channels that nothing uses any more.
 *
 * @param model the thinner model; the model as it was where nothing could be taken out
 * @param cost what that saves; empty where there is no graph
 * @param notes why nothing could be taken out
 */
record ThinnedModel(BonsaiModel model, Optional<NetworkCost> cost, List<String> notes) {

    /** The largest difference of outputs, as a part of the largest: sums have other orders. */
    private static final double TOLERANCE = 1e-4;

    /**
     * Makes the model that a run leaves: finds its graph, adds the ranges that were trained, and
     * takes unused channels out, if a technique of the run has left any.
     *
     * @param weights what its weights were before they were baked
     */
    static ThinnedModel of(RunEnd end, EncodedWeights weights) {
        FoundGraph found = FoundGraph.of(end, weights);
        TrainedGrids trained = TrainedGrids.of(end, found.model());
        boolean thins =
                end.settings().techniques().stream()
                        .anyMatch(technique -> technique.getEffect() == Effect.UNITS);
        ThinnedModel model =
                thins
                        ? of(trained.model(), end.parts().network().orElseThrow())
                        : new ThinnedModel(trained.model(), Optional.empty(), List.of());
        List<String> notes = new ArrayList<>(found.notes());
        notes.addAll(trained.notes());
        notes.addAll(model.notes());
        return new ThinnedModel(model.model(), model.cost(), notes);
    }

    private static ThinnedModel of(BonsaiModel model, TracedNetwork network) {
        if (model.graphModel().isEmpty()) {
            return new ThinnedModel(
                    model,
                    Optional.empty(),
                    List.of("no channels were taken out of the file, which has no graph"));
        }
        GraphModel whole = model.graphModel().get();
        try {
            GraphModel thin = Thinner.removeUnused(whole);
            Map<String, EncodedWeight> values = thin.weights();
            List<NamedWeight> weights =
                    model.weights().stream()
                            .map(
                                    w ->
                                            new NamedWeight(
                                                    w.path(),
                                                    w.role(),
                                                    values.getOrDefault(w.path(), w.value())))
                            .toList();
            BonsaiModel thinner =
                    new BonsaiModel(
                            weights,
                            model.inputShapes(),
                            Optional.of(thin.graph()),
                            model.extras());
            Cost before = Cost.of(whole.graph(), network.inputs());
            Cost after = Cost.of(thin.graph(), network.inputs());
            NetworkCost cost =
                    new NetworkCost(
                            before.parameters(),
                            after.parameters(),
                            before.multiplyAdds(),
                            after.multiplyAdds(),
                            ChannelGroups.of(whole.graph()).refusals().stream()
                                    .map(Refusal::toString)
                                    .toList());
            return new ThinnedModel(thinner, Optional.of(cost), List.of());
        } catch (ThinningException e) {
            return new ThinnedModel(
                    model,
                    Optional.empty(),
                    List.of("no channels were taken out of the file: " + e.getMessage()));
        }
    }

    /**
     * Compares what the thinner model computes with the user's block.
     *
     * @param inputs an input of the training
     * @return a note if an output differs by more than the rounding of sums
     */
    Optional<String> differing(Block root, ParameterStore store, NDList inputs, NDManager manager) {
        if (cost.isEmpty() || inputs.isEmpty()) {
            return Optional.empty();
        }
        try (NDManager scratch = manager.newSubManager()) {
            NDList samples = Tensors.aliases(inputs, scratch);
            NDList expected = root.forward(store, samples, false);
            GraphBlock block = GraphBlock.of(model.graphModel().orElseThrow());
            block.initialize(scratch);
            NDList actual = block.forward(new ParameterStore(scratch, false), samples, false);
            for (int i = 0; i < expected.size(); ++i) {
                double difference = Tensors.difference(expected.get(i), actual.get(i));
                if (!(difference <= TOLERANCE)) {
                    return Optional.of(
                            String.format(
                                    Locale.ROOT,
                                    "output %d of the thinner model differs from that of the block"
                                            + " by %.2g of the largest element: take the block's"
                                            + " weights, with model.save",
                                    i,
                                    difference));
                }
            }
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of("the thinner model could not be run: " + e.getMessage());
        }
    }
}
