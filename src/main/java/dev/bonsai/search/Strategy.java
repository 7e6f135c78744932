package dev.bonsai.search;

import com.google.gson.JsonObject;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One value for each {@link Choice} of a {@link SearchSpace}; never changes. It can be serialized
 * if the values of the choices can.
 */
public final class Strategy implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    private final List<Choice<?>> choices;
    private final List<Integer> picks;

    Strategy(List<Choice<?>> choices, List<Integer> picks) {
        this.choices = choices;
        this.picks = List.copyOf(picks);
    }

    /**
     * Returns the value of a choice.
     *
     * @param choice a choice of the space
     * @param <T> the type of its values
     * @return the value
     * @throws IllegalArgumentException if the space does not have this choice
     */
    public <T> T get(Choice<T> choice) {
        return choice.values().get(picks.get(position(choice)));
    }

    /**
     * Returns a strategy that differs in one choice.
     *
     * @param choice a choice of the space
     * @param value one of its values
     * @param <T> the type of its values
     * @return the other strategy
     * @throws IllegalArgumentException if the space does not have this choice, or the choice not
     *     this value
     */
    public <T> Strategy with(Choice<T> choice, T value) {
        int position = position(choice);
        int pick = choice.values().indexOf(value);
        if (pick < 0) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The choice '%s' has the values %s, but got %s: take one of them or"
                                    + " add it to the choice",
                            choice.name(),
                            choice.values(),
                            value));
        }
        List<Integer> changed = new ArrayList<>(picks);
        changed.set(position, pick);
        return new Strategy(choices, changed);
    }

    private int position(Choice<?> choice) {
        int position = choices.indexOf(choice);
        if (position < 0) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The search space has no %s, only %s: add it to the space",
                            choice,
                            choices));
        }
        return position;
    }

    boolean isOf(SearchSpace space) {
        return choices.equals(space.choices());
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        for (int i = 0; i < picks.size(); ++i) {
            json.add(choices.get(i).name(), choices.get(i).toJson(picks.get(i)));
        }
        return json;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Strategy strategy
                && picks.equals(strategy.picks)
                && choices.equals(strategy.choices);
    }

    @Override
    public int hashCode() {
        return picks.hashCode();
    }

    /** Returns such as {@code sparsity=0.98 bits=3}. */
    @Override
    public String toString() {
        return IntStream.range(0, picks.size())
                .mapToObj(
                        i -> {
                            Choice<?> choice = choices.get(i);
                            return choice.name() + "=" + choice.values().get(picks.get(i));
                        })
                .collect(Collectors.joining(" "));
    }
}
