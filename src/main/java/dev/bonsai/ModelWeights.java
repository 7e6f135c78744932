package dev.bonsai;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import dev.bonsai.core.TargetWeight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The latent arrays of a model: its parameters and, where the trainer keeps copies of them on
 * another device, the copies too.
 */
final class ModelWeights {

    private final Block root;
    private final List<TargetWeight> parameters;
    private final Set<String> opaque;
    private final ParameterStore store;
    private final Device device;

    /**
     * @param root the initialised root block
     * @param store the trainer's store
     * @param device the device that the model is trained on
     */
    ModelWeights(Block root, ParameterStore store, Device device) {
        this.root = root;
        this.store = store;
        this.device = device;
        parameters = new ArrayList<>();
        opaque = new HashSet<>();
        collect(root, "", parameters, opaque);
    }

    /** Returns the parameters of a block in its order; a tied one once, under its first path. */
    static List<TargetWeight> parametersOf(Block root) {
        List<TargetWeight> parameters = new ArrayList<>();
        collect(root, "", parameters, new HashSet<>());
        return parameters;
    }

    /** Walks as {@code Block.getParameters} does. */
    private static void collect(
            Block block, String prefix, List<TargetWeight> parameters, Set<String> opaque) {
        String type = block.getClass().getSimpleName();
        for (Pair<String, Parameter> pair : block.getDirectParameters()) {
            TargetWeight found = new TargetWeight(prefix + pair.getKey(), pair.getValue(), type);
            if (!parameters.contains(found)) {
                parameters.add(found);
                if (block instanceof SymbolBlock) {
                    opaque.add(found.id());
                }
            }
        }
        for (Pair<String, Block> child : block.getChildren()) {
            collect(child.getValue(), prefix + child.getKey() + "_", parameters, opaque);
        }
    }

    Block root() {
        return root;
    }

    /** Returns the trainer's store. */
    ParameterStore store() {
        return store;
    }

    /** Returns all parameters, in the order of the model. */
    List<TargetWeight> parameters() {
        return parameters;
    }

    /** Returns the device that the model is trained on. */
    Device device() {
        return device;
    }

    /** Tells whether any weight belongs to an imported block. */
    boolean hasOpaque() {
        return !opaque.isEmpty();
    }

    /** Tells whether a weight belongs to an imported block, which never asks the store for it. */
    boolean isOpaque(TargetWeight weight) {
        return opaque.contains(weight.id());
    }

    /** Returns the array that the optimizer moves. */
    NDArray latent(TargetWeight weight) {
        return value(weight.parameter());
    }

    /** Returns the array of a parameter, of the model or of a transform, on the training device. */
    NDArray value(Parameter parameter) {
        return store.getValue(parameter, device, false);
    }

    /**
     * Copies values into the latent array and all its copies, also while gradients are recorded.
     */
    void write(Parameter parameter, NDArray values) {
        NDArray latent = value(parameter);
        NDArray array = parameter.getArray();
        copy(values, latent);
        if (array != latent) {
            copy(values, array);
        }
    }

    /**
     * Copies values into the storage of an array, also while gradients are recorded.
     *
     * <p>{@code NDArray.copyTo} and {@code set(Buffer)} won't do: they give the array new storage,
     * which aliases and the optimizer don't see.
     */
    static void copy(NDArray values, NDArray target) {
        try (NDArray alias = target.stopGradient()) {
            if (alias.getShape().isScalar()) {
                try (NDArray one = alias.reshape(1);
                        NDArray value = values.reshape(1)) {
                    one.set(new NDIndex(":"), value);
                }
            } else {
                alias.set(new NDIndex("..."), values);
            }
        }
    }
}
