package dev.bonsai.core;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A parameter of the model as techniques and selectors see it.
 *
 * <p>Two targets are the same weight when their {@link #id()} is the same: a tied weight is one
 * target, under the first of its paths.
 *
 * @param path the path from the root block, as in {@code block.getParameters()}
 * @param parameter the parameter itself
 * @param blockType the simple class name of the block that owns it, such as {@code Linear}
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
        String type = block.getClass().getSimpleName();
        for (Pair<String, Parameter> pair : block.getDirectParameters()) {
            found.add(new TargetWeight(prefix + pair.getKey(), pair.getValue(), type));
        }
        for (Pair<String, Block> child : block.getChildren()) {
            collect(child.getValue(), prefix + child.getKey() + "_", found);
        }
    }

    @Override
    public boolean equals(Object other) {
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
