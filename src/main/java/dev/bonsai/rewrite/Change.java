package dev.bonsai.rewrite;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers new values of weights, under their paths, and of constants, under new names. */
final class Change {

    private final Draft draft;
    private final Map<String, EncodedWeight> constants = new LinkedHashMap<>();
    private final Map<String, EncodedWeight> weights = new LinkedHashMap<>();

    Change(Draft draft) {
        this.draft = draft;
    }

    /** Gives a weight or a constant other values; returns the name to use from now on. */
    String set(String name, int[] shape, float[] values) {
        DenseWeight value = new DenseWeight(shape, values);
        if (draft.constant(name).isEmpty()) {
            weights.put(name, value);
            return name;
        }
        String fresh = draft.fresh(name);
        constants.put(fresh, value);
        return fresh;
    }

    Replacement by(Node node) {
        return new Replacement(List.of(node), Map.of(), constants, weights);
    }
}
