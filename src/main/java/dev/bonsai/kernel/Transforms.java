package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.WeightScales;
import dev.bonsai.core.WeightTransform;
import java.util.List;
import java.util.Optional;

/** Applies a chain of transforms so that nothing but its result is left behind. */
final class Transforms {

    private Transforms() {}

    /**
     * Computes an effective weight.
     *
     * <p>DJL attaches a result to the manager of its first operand. The chain therefore starts from
     * an alias of the latent array that belongs to a short-lived manager, and every intermediate
     * lands there.
     *
     * @param transforms the transforms in order
     * @param latent the latent weight, which is not touched
     * @param pass the pass that asks
     * @param manager the owner of the result
     * @return a new array that belongs to {@code manager}
     */
    static NDArray apply(
            List<WeightTransform> transforms, NDArray latent, ForwardPass pass, NDManager manager) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray weight = latent.reshape(latent.getShape());
            weight.attach(scratch);
            for (WeightTransform transform : transforms) {
                weight = transform.apply(weight, pass);
            }
            weight.attach(manager);
            return weight;
        }
    }

    /**
     * Finds the scales of the grid that the last of some transforms rounds a weight to.
     *
     * @param pass an inference pass
     * @return the scales; empty if it is none, or there is no transform
     */
    static Optional<WeightScales> scales(
            List<WeightTransform> transforms, NDArray latent, ForwardPass pass) {
        if (transforms.isEmpty()) {
            return Optional.empty();
        }
        int last = transforms.size() - 1;
        try (NDManager scratch = latent.getManager().newSubManager()) {
            NDArray before = apply(transforms.subList(0, last), latent, pass, scratch);
            return transforms.get(last).scales(before, pass);
        }
    }
}
