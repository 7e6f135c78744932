package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
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
            weight = through(transforms, weight, pass).weight();
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
            NDArray weight = latent.reshape(latent.getShape());
            weight.attach(scratch);
            Reached before = through(transforms.subList(0, last), weight, pass);
            return transforms.get(last).scales(before.weight, before.pass);
        }
    }

    /**
     * A place in a chain.
     *
     * @param weight what the transforms before have made of the weight
     * @param pass the pass as the next transform sees it
     */
    private record Reached(NDArray weight, ForwardPass pass) {}

    private static Reached through(
            List<WeightTransform> transforms, NDArray weight, ForwardPass pass) {
        Reached reached = new Reached(weight, pass);
        for (WeightTransform transform : transforms) {
            NDArray next = transform.apply(reached.weight, reached.pass);
            reached = new Reached(next, new PassBehind(pass, transform, reached));
        }
        return reached;
    }

    /**
     * A pass as the transform behind another one sees it.
     *
     * @param pass what both are a part of
     * @param before the transform before
     * @param given what that one was given
     */
    private record PassBehind(ForwardPass pass, WeightTransform before, Reached given)
            implements ForwardPass {

        @Override
        public Mode mode() {
            return pass.mode();
        }

        @Override
        public NDArray value(Parameter own) {
            return pass.value(own);
        }

        @Override
        public Optional<NDArray> workspace(NDArray weight) {
            return pass.workspace(weight);
        }

        @Override
        public Optional<WeightScales> scales() {
            return before.scales(given.weight, given.pass);
        }
    }
}
