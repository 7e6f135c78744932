package dev.bonsai.trace;

/**
 * An axis of an input that has any size in a traced graph.
 *
 * @param input the number of the input, 0 for the first
 * @param axis the axis, 0 for the outermost
 * @param name the name of the free dimension; axes of one name have one size
 */
public record FreeAxis(int input, int axis, String name) {

    /** The name of the axis along which samples are joined to a batch. */
    public static final String BATCH = "batch";

    /** The name of the axis along which a sequence goes. */
    public static final String LENGTH = "length";

    public FreeAxis {
        if (input < 0 || axis < 0) {
            throw new IllegalArgumentException(
                    "An input and an axis are counted from 0, but got " + input + " and " + axis);
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException("A free axis has a name, such as batch");
        }
    }
}
