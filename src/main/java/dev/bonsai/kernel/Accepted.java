package dev.bonsai.kernel;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * A state of the model that every gate has accepted.
 *
 * @param plan what is done to the weights
 * @param latents the parameters of the model and of the plan's transforms
 */
record Accepted(Plan plan, LatentSnapshot latents) {

    /** Saves this state with its effective weights, whatever the model is doing now. */
    void save(
            Block root,
            ModelWeights weights,
            EffectiveWeights baking,
            NDManager manager,
            DataOutputStream os)
            throws IOException {
        try (LatentSnapshot now = LatentSnapshot.of(weights, manager, plan.parameters())) {
            try {
                latents.restore();
                baking.bake(plan, weight -> true);
                root.saveParameters(os);
            } finally {
                now.restore();
            }
        }
    }
}
