package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;

/** Makes the parameters that a transform has trained along with the model's. */
public final class Learned {

    private Learned() {}

    /**
     * Makes a parameter that the user's optimizer will train, weight decay included.
     *
     * <p>Optimizers such as Adam move every parameter by about the learning rate at a step,
     * whatever its size: let the parameter be of the size 1, such as the logarithm of a scale.
     *
     * <p>DJL's optimizers count updates over all parameters together. For one that joins while the
     * training is under way, Adam's bias correction is that of the others, give or take one update
     * by the order of the parameters' random ids: two runs of one seed differ by as little as that.
     *
     * @param name the name, for people
     * @param value the first value, which belongs to the technique's state and is trained in place
     * @return the parameter, to be named in {@link WeightTransform#getParameters()} and read with
     *     {@link ForwardPass#value}
     */
    public static Parameter parameter(String name, NDArray value) {
        Parameter parameter =
                Parameter.builder().setName(name).setType(Parameter.Type.OTHER).build();
        parameter.setArray(value);
        value.setRequiresGradient(true);
        return parameter;
    }
}
