package dev.bonsai.kernel;

import dev.bonsai.core.TargetWeight;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which weights the blocks have asked the store for. A block may skip a branch in one pass and take
 * it in another, so that a whole epoch counts.
 */
final class AskedWeights {

    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private volatile boolean checked;

    /** Leaves the check out: a checkpoint does not tell which branches were taken before it. */
    void settle() {
        checked = true;
    }

    /** Adds what one pass has asked for. */
    void add(Set<String> ids) {
        if (!checked) {
            asked.addAll(ids);
        }
    }

    /**
     * Checks that the blocks have asked for every weight that is to be compressed; only the first
     * time counts. Before any pass has ended there is nothing to say.
     *
     * @throws UnaskedWeightException if not
     */
    void check(Collection<TargetWeight> targets, ModelWeights weights) {
        if (checked || asked.isEmpty()) {
            return;
        }
        List<TargetWeight> missed =
                targets.stream()
                        .filter(w -> !asked.contains(w.id()) && !weights.isImported(w))
                        .toList();
        if (!missed.isEmpty()) {
            throw new UnaskedWeightException(
                    String.format(
                            Locale.ROOT,
                            "The model's forward passes did not ask the ParameterStore for %s, so"
                                    + " that compressing it would have no effect. Have the block"
                                    + " read it with parameterStore.getValue(...), or exclude it"
                                    + " with a WeightSelector",
                            missed));
        }
        checked = true;
    }
}
