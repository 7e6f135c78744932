package dev.bonsai.distillation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import dev.bonsai.core.TargetWeight;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The model that is trained, as its {@link Teacher} sees it. */
public interface Student {

    /**
     * Returns the parameters.
     *
     * @return all of them, in the order of the model
     */
    List<TargetWeight> parameters();

    /**
     * Tells whether every block reads its weights through the store, which an imported one does
     * not.
     *
     * @return whether a pass can be run with other values
     */
    boolean readsStore();

    /**
     * Returns where the model is trained.
     *
     * @return the device
     */
    Device device();

    /**
     * Copies the values of now.
     *
     * @return gives the value that a parameter had; null if it has no such parameter
     */
    Function<Parameter, @Nullable NDArray> remember();
}
