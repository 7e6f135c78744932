package dev.bonsai.core;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which weights of a model come first and which last, in the order in which a forward pass applies
 * them: the two ends that low bit widths hurt most. A model of several inputs has several first
 * weights, and one of several heads several last ones.
 *
 * @param first the weights that are applied to an input before any other weight is
 * @param last the weights after which no other weight is applied before an output
 */
public record ExecutionOrder(Set<TargetWeight> first, Set<TargetWeight> last) {

    /** Copies the sets. */
    public ExecutionOrder {
        first = Collections.unmodifiableSet(new LinkedHashSet<>(first));
        last = Collections.unmodifiableSet(new LinkedHashSet<>(last));
    }

    /**
     * Takes the order in which a model's parameters are registered for the one in which it applies
     * them: for models in which no pass can be watched.
     *
     * @param parameters all parameters of the model, in its order
     * @return the first and the last of its weights; none if it has no weight
     */
    public static ExecutionOrder ofRegistration(List<TargetWeight> parameters) {
        List<TargetWeight> weights = parameters.stream().filter(TargetWeight::isWeight).toList();
        return weights.isEmpty()
                ? new ExecutionOrder(Set.of(), Set.of())
                : new ExecutionOrder(
                        Set.of(weights.get(0)), Set.of(weights.get(weights.size() - 1)));
    }
}
