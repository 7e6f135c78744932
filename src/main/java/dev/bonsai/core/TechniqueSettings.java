package dev.bonsai.core;

/**
 * The settings of a {@link Technique} as a plain value: a record that is validated on construction,
 * with an accessor for each option, from which an equal technique can be built.
 *
 * <p>A component that may be left out is a reference; given as null it takes its default. What has
 * no default and may be absent is an {@code Optional}. So the settings of a technique have one set
 * of defaults, whether they come from a builder or from a file.
 */
public interface TechniqueSettings {

    /**
     * Returns which weights are worked on.
     *
     * @return the selector
     */
    WeightSelector selector();

    /**
     * Builds the technique.
     *
     * @return a technique with these settings
     */
    Technique build();
}
