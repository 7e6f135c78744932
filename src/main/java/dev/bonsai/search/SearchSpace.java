package dev.bonsai.search;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What a search may choose from: every combination of the values of its choices is a {@link
 * Strategy}. Mixed precision is one choice of bits for each weight:
 *
 * <pre>{@code
 * SearchSpace.Builder space = SearchSpace.builder();
 * Map<String, Choice<Integer>> bits = new LinkedHashMap<>();
 * for (String path : List.of("01Conv2d_weight", "04Linear_weight")) {
 *     bits.put(path, Choice.of("bits." + path, 2, 3, 4));
 *     space.addChoice(bits.get(path));
 * }
 * }</pre>
 */
public final class SearchSpace {

    private final List<Choice<?>> choices;

    private SearchSpace(Builder builder) {
        choices = List.copyOf(builder.choices);
    }

    /**
     * Starts a space.
     *
     * @return a builder without choices
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the strategy of each choice's first value, from which {@link Strategy#with} gets to
     * any other.
     *
     * @return the strategy
     */
    public Strategy first() {
        return new Strategy(choices, Collections.nCopies(choices.size(), 0));
    }

    /**
     * Returns how many strategies there are.
     *
     * @return the product of the numbers of values; {@link Long#MAX_VALUE} if it is larger than
     *     that
     */
    public long size() {
        long size = 1;
        for (Choice<?> choice : choices) {
            int values = choice.values().size();
            size = size > Long.MAX_VALUE / values ? Long.MAX_VALUE : size * values;
        }
        return size;
    }

    List<Choice<?>> choices() {
        return choices;
    }

    /** Draws a strategy, all of which are equally likely. */
    Strategy draw(Random random) {
        List<Integer> picks = new ArrayList<>();
        for (Choice<?> choice : choices) {
            picks.add(random.nextInt(choice.values().size()));
        }
        return new Strategy(choices, picks);
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        choices.forEach(choice -> json.add(choice.name(), choice.toJson()));
        return json;
    }

    /** Collects the choices of a {@link SearchSpace}. */
    public static final class Builder {

        private final List<Choice<?>> choices = new ArrayList<>();

        private Builder() {}

        /**
         * Adds something to choose.
         *
         * @param choice the choice; its name is its own in this space
         * @return this builder
         */
        public Builder addChoice(Choice<?> choice) {
            for (Choice<?> other : choices) {
                if (other.name().equals(choice.name())) {
                    throw new IllegalArgumentException(
                            String.format(
                                    Locale.ROOT,
                                    "Each choice of a space has a name of its own, but got '%s'"
                                            + " twice: rename one",
                                    choice.name()));
                }
            }
            choices.add(choice);
            return this;
        }

        /**
         * Builds the space.
         *
         * @return the space
         */
        public SearchSpace build() {
            if (choices.isEmpty()) {
                throw new IllegalArgumentException(
                        "A space has 1 or more choices, but got none: call addChoice");
            }
            return new SearchSpace(this);
        }
    }
}
