package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.ActivationTransform;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.WeightScales;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What one pass with rounded activations goes by.
 *
 * @param transforms what is done to values
 * @param known what the transforms may know
 * @param scales finds the scales of the grid that a weight lies on
 * @param store what is asked for the weights
 */
record RoundedPass(
        Map<String, ActivationTransform> transforms,
        ForwardPass known,
        Function<Parameter, Optional<WeightScales>> scales,
        ParameterStore store) {

    /**
     * What a transform may know.
     *
     * @param mode what the pass is for
     * @param values tells the value of a parameter of the transform's own
     */
    record Known(Mode mode, Function<Parameter, NDArray> values) implements ForwardPass {

        @Override
        public NDArray value(Parameter own) {
            return values.apply(own);
        }
    }
}
