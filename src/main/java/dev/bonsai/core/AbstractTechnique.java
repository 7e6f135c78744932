package dev.bonsai.core;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

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

    /**
     * Makes a transform of each state, where all are of one kind.
     *
     * @param <S> the kind
     * @param states the states
     * @param type the kind
     * @param maker makes the transform of a weight
     * @return the transforms, in the order of the states
     * @throws IllegalArgumentException if a state is of another kind, or the maker refuses it: the
     *     message names the weight
     */
    protected static <S extends TransformState> Map<TargetWeight, WeightTransform> restored(
            Map<TargetWeight, TransformState> states,
            Class<S> type,
            BiFunction<TargetWeight, S, WeightTransform> maker) {
        Map<TargetWeight, WeightTransform> transforms = new LinkedHashMap<>();
        states.forEach(
                (weight, state) -> {
                    try {
                        if (!type.isInstance(state)) {
                            throw new IllegalArgumentException(
                                    String.format(
                                            Locale.ROOT,
                                            "expected a %s, but got %s: restore it with the"
                                                    + " technique and settings that it was taken"
                                                    + " from",
                                            type.getSimpleName(),
                                            state == null
                                                    ? "none"
                                                    : state.getClass().getSimpleName()));
                        }
                        transforms.put(weight, maker.apply(weight, type.cast(state)));
                    } catch (IllegalArgumentException e) {
                        throw new IllegalArgumentException(
                                "The state of " + weight + ": " + e.getMessage(), e);
                    }
                });
        return transforms;
    }
}
