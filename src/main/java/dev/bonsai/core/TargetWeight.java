package dev.bonsai.core;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

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
        return parameter.getShape();
    }

    /**
     * Returns the number of elements.
     *
     * @return the product of the shape
     */
    public int size() {
        return Math.toIntExact(shape().size());
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
