package dev.bonsai.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of all techniques have in common.
 *
 * <p>An option that was not set is a null field; the {@link TechniqueSettings} that the builder
 * makes know the default.
 *
 * @param <B> the builder itself, which its methods return
 */
public abstract class TechniqueBuilder<B extends TechniqueBuilder<B>> {

    private WeightSelector selector;

    /** Starts without a selector. */
    protected TechniqueBuilder() {}

    /**
     * Sets which weights are worked on.
     *
     * @param selector the selector; {@link WeightSelector#all()} by default
     * @return this builder
     */
    public final B optSelector(WeightSelector selector) {
        this.selector = Objects.requireNonNull(selector, "selector");
        return self();
    }

    /**
     * Returns the selector.
     *
     * @return the selector, or null if none was set
     */
    protected final @Nullable WeightSelector selector() {
        return selector;
    }

    /**
     * Returns this builder as what it is.
     *
     * @return this
     */
    protected abstract B self();

    /**
     * Builds the technique.
     *
     * @return the technique
     * @throws IllegalArgumentException if a required option is not set, or options contradict one
     *     another
     */
    public abstract Technique build();
}
