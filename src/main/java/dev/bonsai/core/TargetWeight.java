package dev.bonsai.core;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of the model as techniques and selectors see it.
 *
 * <p>Two targets are the same weight when their {@link #id()} is the same: a tied weight is one
 * target, under the first of its paths.
 *
 * @param path the path from the root block, as in {@code block.getParameters()}
 * @param parameter the parameter itself
 * @param blockType the simple class name of the block that owns it, such as {@code Linear}; of a
 *     {@link NetworkBlock} what it says
 */
public record TargetWeight(String path, Parameter parameter, String blockType) {

    /**
     * Returns what look-ups go by; the name of a parameter is not unique, this is.
     *
     * @return the parameter's id
     */
    public String id() {
        return parameter.getId();
    }

    /**
     * Returns the shape.
     *
     * @return the shape of the initialised parameter
     */
    public Shape shape() {
        Shape declared = parameter.getShape();
        // a parameter that was given an array has none
        return declared == null ? parameter.getArray().getShape() : declared;
    }

    /**
     * Returns the number of elements.
     *
     * @return the product of the shape
     */
    public int size() {
        return Math.toIntExact(shape().size());
    }

    /**
     * Tells whether techniques may work on the parameter at all: it is trained, and made of 32-bit
     * floats.
     *
     * <p>Statistics, such as the running mean of batch normalisation, are not trained, and neither
     * is other state of a block that takes no gradient. A weight that is merely frozen is a target.
     *
     * @return false for statistics and other state, and for parameters of another data type
     */
    public boolean isTarget() {
        boolean state =
                switch (parameter.getType()) {
                    case RUNNING_MEAN, RUNNING_VAR -> true;
                    case OTHER -> !parameter.requiresGradient();
                    default -> false;
                };
        return !state && dataType() == DataType.FLOAT32;
    }

    /**
     * Tells whether it is a kernel, a matrix or an embedding: a target of the type WEIGHT with two
     * or more dimensions.
     *
     * @return whether techniques work on it unless they are told otherwise
     */
    public boolean isWeight() {
        return isTarget()
                && parameter.getType() == Parameter.Type.WEIGHT
                && shape().dimension() >= 2;
    }

    /**
     * Returns the data type.
     *
     * @return that of the array, or FLOAT32 where there is none yet
     */
    public DataType dataType() {
        return parameter.isInitialized() ? parameter.getArray().getDataType() : DataType.FLOAT32;
    }

    /** Tells people what the parameter is, and why it is no target if it is none. */
    String description() {
        if (isTarget()) {
            return toString();
        }
        return dataType() == DataType.FLOAT32 ? this + " (not trained)" : this + " " + dataType();
    }

    /**
     * Tells whether the user has frozen the weight: training doesn't move it, and there is no
     * gradient of it. See {@link Technique} for what techniques do with frozen weights.
     *
     * @return whether the parameter requires no gradient
     */
    public boolean isFrozen() {
        return !parameter.requiresGradient();
    }

    /**
     * Returns the parameters of a block, walking as {@code Block.getParameters} does.
     *
     * @param root the block
     * @return all parameters in its order; a tied one once, under its first path
     */
    public static List<TargetWeight> allOf(Block root) {
        Set<TargetWeight> found = new LinkedHashSet<>();
        collect(root, "", found);
        return List.copyOf(found);
    }

    private static void collect(Block block, String prefix, Set<TargetWeight> found) {
        String own = block.getClass().getSimpleName();
        for (Pair<String, Parameter> pair : block.getDirectParameters()) {
            String type =
                    block instanceof NetworkBlock network ? network.blockType(pair.getKey()) : own;
            found.add(new TargetWeight(prefix + pair.getKey(), pair.getValue(), type));
        }
        for (Pair<String, Block> child : block.getChildren()) {
            collect(child.getValue(), prefix + child.getKey() + "_", found);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TargetWeight that && id().equals(that.id());
    }

    @Override
    public int hashCode() {
        return id().hashCode();
    }

    @Override
    public String toString() {
        return path + shape();
    }
}
