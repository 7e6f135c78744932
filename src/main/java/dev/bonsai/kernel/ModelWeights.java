package dev.bonsai.kernel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The latent arrays of a model: its parameters and, where the trainer keeps copies of them on
 * another device, the copies too.
 *
 * <p>Two parameters that share one array are one weight, like one parameter under two paths: it
 * goes by the id of the first, whichever of them a block asks for.
 */
final class ModelWeights {

    private final Block root;
    private final List<TargetWeight> parameters;
    private final List<TargetWeight> distinct;
    private final Map<String, String> weightIds = new HashMap<>();
    private final Set<String> imported;
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
        parameters = TargetWeight.allOf(root);
        IdentityHashMap<NDArray, String> first = new IdentityHashMap<>();
        parameters.forEach(parameter -> identify(parameter, first));
        distinct = parameters.stream().filter(p -> weightId(p.parameter()).equals(p.id())).toList();
        imported = new HashSet<>();
        collectImported(root, imported);
    }

    private void identify(TargetWeight parameter, IdentityHashMap<NDArray, String> first) {
        if (parameter.parameter().isInitialized()) {
            NDArray array = parameter.parameter().getArray();
            weightIds.put(parameter.id(), first.computeIfAbsent(array, a -> parameter.id()));
        }
    }

    private void collectImported(Block block, Set<String> imported) {
        if (block instanceof SymbolBlock) {
            block.getDirectParameters().values().forEach(p -> imported.add(weightId(p)));
        }
        block.getChildren().values().forEach(child -> collectImported(child, imported));
    }

    Block root() {
        return root;
    }

    /** Returns the trainer's store. */
    ParameterStore store() {
        return store;
    }

    /** Returns all parameters, in the order of the model: what a file stores. */
    List<TargetWeight> parameters() {
        return parameters;
    }

    /** Returns the parameters without those that share the array of an earlier one. */
    List<TargetWeight> distinct() {
        return distinct;
    }

    /** Returns the id that a parameter's weight goes by: its own, or that of the first with it. */
    String weightId(Parameter parameter) {
        return weightIds.getOrDefault(parameter.getId(), parameter.getId());
    }

    /** Returns the device that the model is trained on. */
    Device device() {
        return device;
    }

    /** Tells whether any weight belongs to an imported block. */
    boolean hasImported() {
        return !imported.isEmpty();
    }

    /** Tells whether a weight belongs to an imported block, which never asks the store for it. */
    boolean isImported(TargetWeight weight) {
        return imported.contains(weight.id());
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
        Tensors.overwrite(latent, values);
        if (array != latent) {
            Tensors.overwrite(array, values);
        }
    }
}
