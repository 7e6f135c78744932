package dev.bonsai.core;

import java.util.Objects;

/** What every {@link Technique} answers with a value that it was built with. */
public abstract class AbstractTechnique implements Technique {

    private final String name;
    private final Effect effect;
    private final WeightSelector selector;
    private final Levels levels;

    /**
     * Makes a technique.
     *
     * @param name the name for reports, such as {@code pruning}
     * @param effect what it does to the values of a weight
     * @param selector which weights are worked on
     * @param levels how strongly it may act
     */
    protected AbstractTechnique(
            String name, Effect effect, WeightSelector selector, Levels levels) {
        this.name = Objects.requireNonNull(name, "name");
        this.effect = Objects.requireNonNull(effect, "effect");
        this.selector = Objects.requireNonNull(selector, "selector");
        this.levels = Objects.requireNonNull(levels, "levels");
    }

    @Override
    public final String getName() {
        return name;
    }

    @Override
    public final Effect getEffect() {
        return effect;
    }

    @Override
    public final WeightSelector getSelector() {
        return selector;
    }

    @Override
    public final Levels getLevels() {
        return levels;
    }
}
