package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.Tensors;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Memory for large effective weights that is used again in the next training pass. The C library
 * takes a block above 32 MiB from the system page by page each time, which costs more than all that
 * is computed in it.
 *
 * <p>A graph keeps what it was given until its backward pass: nothing is offered before that.
 */
final class Workspaces {

    /** The elements from which on it is worth while: 16 MB. */
    private static final long LARGE = 1 << 22;

    /** The elements of all that is kept, at most: 256 MB, so that huge models fit too. */
    private static final long MOST = 1 << 26;

    private final NDManager manager;
    private final Map<String, NDArray> arrays = new HashMap<>();
    private long elements;

    /**
     * @param manager the owner of the memory
     */
    Workspaces(NDManager manager) {
        this.manager = manager;
    }

    /**
     * Returns the memory for an effective weight.
     *
     * @param id the id of the parameter
     * @param weight the latent weight
     * @param owner the owner of the alias that is returned
     */
    Optional<NDArray> of(String id, NDArray weight, NDManager owner) {
        if (weight.size() < LARGE || weight.getDataType() != DataType.FLOAT32) {
            return Optional.empty();
        }
        if (!arrays.containsKey(id)) {
            if (elements + weight.size() > MOST) {
                return Optional.empty();
            }
            elements += weight.size();
            arrays.put(id, manager.zeros(weight.getShape()));
        }
        return Optional.of(Tensors.alias(arrays.get(id), owner));
    }
}
