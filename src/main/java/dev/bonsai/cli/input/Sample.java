package dev.bonsai.cli.input;

import dev.bonsai.runtime.Tensor;
import java.util.List;

/**
 * What a model is given in one run.
 *
 * @param name what people know it by, such as {@code digits.npy[3]}
 * @param inputs a value per input of the graph, in its order
 */
public record Sample(String name, List<Tensor> inputs) {

    /**
     * Returns the values to run a model with.
     *
     * @return a new array
     */
    public Tensor[] tensors() {
        return inputs.toArray(Tensor[]::new);
    }
}
