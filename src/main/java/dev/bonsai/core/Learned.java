package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;

/** Makes the parameters that a transform has trained along with the model's. */
public final class Learned {

    /** The last place in a table of 4,096, and in all smaller ones. */
    private static final int LAST = 0xFFF;

    private Learned() {}

    /**
     * Makes a parameter that the user's optimizer will train, weight decay included.
     *
     * <p>Optimizers such as Adam move every parameter by about the learning rate at a step,
     * whatever its size: let the parameter be of the size 1, such as the logarithm of a scale.
     *
     * <p>The optimizer takes its updates after some of the model's, so that the count of updates,
     * which DJL's Adam corrects its moments by, is the same in every run.
     *
     * @param name the name, for people
     * @param value the first value, which belongs to the technique's state and is trained in place
     * @return the parameter, to be named in {@link WeightTransform#getParameters()} and read with
     *     {@link ForwardPass#value}
     */
    public static Parameter parameter(String name, NDArray value) {
        Parameter parameter = last(name);
        parameter.setArray(value);
        value.setRequiresGradient(true);
        return parameter;
    }

    /**
     * Makes a parameter that no optimizer moves, and that a transform itself changes in training
     * passes, in the array that {@link ForwardPass#value} shows: a running range.
     *
     * @param name the name, for people
     * @param value the first value, which belongs to the technique's state
     * @return the parameter, to be named in {@link ActivationTransform#getParameters()}
     */
    public static Parameter kept(String name, NDArray value) {
        Parameter parameter =
                Parameter.builder()
                        .setName(name)
                        .setType(Parameter.Type.OTHER)
                        .optRequiresGrad(false)
                        .build();
        parameter.setArray(value);
        return parameter;
    }

    /**
     * Returns what a parameter has learned, for a {@link TransformState}.
     *
     * @param parameter a parameter made by this class
     * @return a view of its values, of which {@link StateArray#toFloats} makes an array again
     */
    public static StateArray values(Parameter parameter) {
        return StateArray.of(parameter.getArray());
    }

    /**
     * Draws a parameter whose id comes last in a {@code ParameterStore}.
     *
     * <p>DJL's optimizers count updates over all parameters together: one that joins late has the
     * count of the step before if it is updated first of all, and of the present one if not. The
     * store goes through a {@code ConcurrentHashMap} of ids that are new in each run; that is
     * ordered by the last bits of a hash, as many as its table needs.
     */
    private static Parameter last(String name) {
        while (true) {
            Parameter parameter =
                    Parameter.builder().setName(name).setType(Parameter.Type.OTHER).build();
            int hash = parameter.getId().hashCode();
            if (((hash ^ hash >>> 16) & LAST) == LAST) {
                return parameter;
            }
        }
    }
}
