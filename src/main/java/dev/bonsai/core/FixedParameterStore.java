package dev.bonsai.core;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Shows a block other values than those of its parameters, outside any graph and for the length of
 * one pass.
 */
public final class FixedParameterStore extends ParameterStore {

    private final Function<Parameter, NDArray> values;

    /**
     * Makes a store.
     *
     * @param pass the owner of what the block is shown
     * @param values gives the value of a parameter
     */
    public FixedParameterStore(NDManager pass, Function<Parameter, NDArray> values) {
        super(pass, false);
        this.values = values;
    }

    @Override
    public @Nullable NDArray getValue(
            @Nullable Parameter parameter, Device device, boolean training) {
        if (parameter == null) {
            return null;
        }
        NDArray alias = Tensors.alias(values.apply(parameter), getManager());
        return alias.toDevice(device, false);
    }
}
