package dev.bonsai.kernel;

import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.gate.EarlierRun;
import java.util.List;
import java.util.Locale;

/**
 * What a training goes on from.
 *
 * @param weights the weights that an earlier training has left
 * @param run how far it had come
 */
public record Continuation(List<NamedWeight> weights, EarlierRun run) {

    /**
     * Checks that a model has the weights.
     *
     * @throws IllegalStateException if one of them is another
     */
    void check(ModelWeights model) {
        List<String> differing = BakedModel.differing(model, weights);
        if (!differing.isEmpty()) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "optContinue was given a compressed model whose weights this one doesn't"
                                    + " have (%s, and %d in all): put them into the block with"
                                    + " CompressedModel.applyTo(block, manager) before the"
                                    + " training begins",
                            differing.get(0),
                            differing.size()));
        }
    }
}
