package dev.bonsai.encoding;

/**
 * A parameter of a model under the path that people know it by.
 *
 * @param path the path from the root block, such as {@code 01Conv2d_weight}
 * @param role what the parameter is to the model
 * @param value the encoded value
 */
public record NamedWeight(String path, Role role, EncodedWeight value) {

    /** What a parameter is to its model. */
    public enum Role {
        /** A weight that a technique may have changed. */
        WEIGHT,
        /** A bias. */
        BIAS,
        /** Anything else: scales and shifts of a normalisation, running statistics. */
        OTHER
    }
}
