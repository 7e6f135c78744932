package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.Tensors;
import java.util.Locale;
import java.util.Optional;

/**
 * Looks, once the weights are baked, whether the block keeps an array of an earlier pass: such a
 * block can't be used, and would say so later, with an error that nobody understands.
 */
final class KeptArrays {

    private final NDManager manager;
    private Optional<NDList> inputs = Optional.empty();

    KeptArrays(NDManager manager) {
        this.manager = manager;
    }

    /** Keeps a copy of an input, whole: a layer may need a batch of one size. */
    void remember(NDList given) {
        NDList copies = new NDList();
        for (NDArray array : given) {
            NDArray copy = Tensors.copy(array, manager);
            copy.setName(array.getName());
            copies.add(copy);
        }
        inputs = Optional.of(copies);
    }

    /** Returns the copy; it stays with this class. */
    NDList inputs() {
        return inputs.orElseGet(NDList::new);
    }

    /**
     * Makes one inference pass of the plain block.
     *
     * @param store the trainer's store
     * @return a note if the block uses an array that is freed
     */
    Optional<String> check(Block root, ParameterStore store) {
        if (inputs.isEmpty()) {
            return Optional.empty();
        }
        try (NDManager scratch = manager.newSubManager()) {
            root.forward(store, Tensors.aliases(inputs.get(), scratch), false);
        } catch (IllegalStateException e) {
            return ReleasedArray.isMeant(e) ? Optional.of(note(root)) : Optional.empty();
        } catch (RuntimeException e) {
            return Optional.empty(); // not every block can be asked for an inference like this
        }
        return Optional.empty();
    }

    private static String note(Block root) {
        return String.format(
                Locale.ROOT,
                "%s keeps an array that it computed from a weight while the model was compressed,"
                        + " and which is freed now: a forward pass fails until the block computes it"
                        + " anew. Have it compute the array in every pass, or forget it, or leave"
                        + " the weight out with a WeightSelector",
                root.getClass().getSimpleName());
    }
}
