package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.ExecutionOrder;
import dev.bonsai.core.FixedParameterStore;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.Tensors;
import dev.bonsai.trace.WeightOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which weights a model that is about to be compressed applies first and which last. */
final class WatchedOrder {

    private static final Logger LOGGER = LoggerFactory.getLogger(WatchedOrder.class);

    private WatchedOrder() {}

    /**
     * Watches one inference pass, if a technique's selector goes by the order.
     *
     * @param inputs the input of the first training pass
     * @return the order, which is that of registration where none can be seen
     */
    static ExecutionOrder of(
            List<Technique> techniques, ModelWeights weights, NDList inputs, NDManager manager) {
        if (techniques.stream().noneMatch(t -> t.getSelector().usesExecutionOrder())) {
            return ExecutionOrder.ofRegistration(weights.distinct());
        }
        return watched(weights, inputs, manager)
                .orElseGet(
                        () -> {
                            ExecutionOrder registered =
                                    ExecutionOrder.ofRegistration(weights.distinct());
                            LOGGER.warn(
                                    "the order in which the model applies its weights can't be"
                                            + " seen: excludeFirstAndLast leaves out those that it"
                                            + " registers first and last, {} and {}. Use exclude"
                                            + " with the paths of others if that is wrong",
                                    registered.first(),
                                    registered.last());
                            return registered;
                        });
    }

    private static Optional<ExecutionOrder> watched(
            ModelWeights weights, NDList inputs, NDManager manager) {
        try (NDManager pass = manager.newSubManager()) {
            ParameterStore store = new FixedParameterStore(pass, weights::value);
            return WeightOrder.of(weights.root(), store, Tensors.aliases(inputs, pass))
                    .map(
                            order ->
                                    new ExecutionOrder(
                                            distinct(order.first(), weights),
                                            distinct(order.last(), weights)));
        }
    }

    /** Puts the first parameter of an array in the place of all that share it. */
    private static Set<TargetWeight> distinct(Set<TargetWeight> applied, ModelWeights weights) {
        Set<String> ids =
                applied.stream()
                        .map(weight -> weights.weightId(weight.parameter()))
                        .collect(Collectors.toSet());
        return weights.distinct().stream()
                .filter(weight -> ids.contains(weight.id()))
                .collect(Collectors.toSet());
    }
}
