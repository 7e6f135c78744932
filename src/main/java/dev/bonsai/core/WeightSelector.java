package dev.bonsai.core;

import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which weights a technique works on: an ordered list of rules, of which the first that matches a
 * weight decides.
 *
 * <p>Without a rule that matches, a weight is selected if it is a {@link Parameter.Type#WEIGHT}
 * with two or more dimensions: kernels, matrices and embeddings, never biases or normalisation.
 * Once a rule includes something, what no rule matches is left out.
 *
 * <pre>{@code
 * WeightSelector.builder().exclude("01Conv2d_weight").build();  // all but the first layer
 * WeightSelector.builder().excludeFirstAndLast().build();
 * WeightSelector.builder().includeBlock("Linear").build();      // only the linear layers
 * }</pre>
 */
public final class WeightSelector {

    private final List<Rule> rules;

    private WeightSelector(Builder builder) {
        rules = List.copyOf(builder.rules);
    }

    /**
     * Selects every kernel, matrix and embedding.
     *
     * @return the selector without rules
     */
    public static WeightSelector all() {
        return builder().build();
    }

    /**
     * Starts a selector.
     *
     * @return a builder without rules
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Selects among the parameters of a model.
     *
     * @param parameters all parameters of the model, in the order of the model
     * @return the selected ones, in the same order
     * @throws IllegalArgumentException if a rule matches no parameter, or nothing is selected: the
     *     message lists what there is
     */
    public List<TargetWeight> select(List<TargetWeight> parameters) {
        List<TargetWeight> weights = parameters.stream().filter(WeightSelector::isWeight).toList();
        boolean exclusive = rules.stream().anyMatch(Rule::include);
        boolean[] used = new boolean[rules.size()];
        List<TargetWeight> selected = new ArrayList<>();
        for (TargetWeight parameter : parameters) {
            int rule = firstMatch(parameter, weights, used);
            if (rule < 0 ? !exclusive && isWeight(parameter) : rules.get(rule).include) {
                selected.add(parameter);
            }
        }
        for (int i = 0; i < used.length; ++i) {
            if (!used[i]) {
                throw new IllegalArgumentException(
                        String.format(
                                "The selector's rule '%s' matches no parameter that an earlier"
                                        + " rule has not taken. Correct or remove it; the"
                                        + " parameters are %s",
                                rules.get(i).text, parameters));
            }
        }
        if (selected.isEmpty()) {
            throw new IllegalArgumentException(
                    "The selector selects no weight. A weight has two or more dimensions and the"
                            + " type WEIGHT unless a rule includes it; the parameters are "
                            + parameters);
        }
        return List.copyOf(selected);
    }

    private int firstMatch(TargetWeight parameter, List<TargetWeight> weights, boolean[] used) {
        for (int i = 0; i < rules.size(); ++i) {
            if (rules.get(i).matcher.matches(parameter, weights)) {
                used[i] = true;
                return i;
            }
        }
        return -1;
    }

    private static boolean isWeight(TargetWeight parameter) {
        return parameter.parameter().getType() == Parameter.Type.WEIGHT
                && parameter.shape().dimension() >= 2;
    }

    @Override
    public String toString() {
        return rules.isEmpty() ? "all weights" : rules.toString();
    }

    @FunctionalInterface
    private interface Matcher {
        boolean matches(TargetWeight parameter, List<TargetWeight> weights);
    }

    private record Rule(boolean include, String text, Matcher matcher) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** Collects the rules of a {@link WeightSelector}, first match wins. */
    public static final class Builder {

        private final List<Rule> rules = new ArrayList<>();

        private Builder() {}

        /**
         * Includes the parameters whose path has a match of a regular expression.
         *
         * @param pathPattern the expression, found anywhere in the path
         * @return this builder
         */
        public Builder include(String pathPattern) {
            return addRule(true, "include " + pathPattern, path(pathPattern));
        }

        /**
         * Leaves out the parameters whose path has a match of a regular expression.
         *
         * @param pathPattern the expression, found anywhere in the path
         * @return this builder
         */
        public Builder exclude(String pathPattern) {
            return addRule(false, "exclude " + pathPattern, path(pathPattern));
        }

        /**
         * Includes the weights of one type of block.
         *
         * @param blockType the simple class name of the block, such as {@code Linear}
         * @return this builder
         */
        public Builder includeBlock(String blockType) {
            Objects.requireNonNull(blockType, "blockType");
            return addRule(
                    true,
                    "include block " + blockType,
                    (p, weights) -> p.blockType().equals(blockType) && isWeight(p));
        }

        /**
         * Leaves out the parameters of one type of block.
         *
         * @param blockType the simple class name of the block, such as {@code Linear}
         * @return this builder
         */
        public Builder excludeBlock(String blockType) {
            Objects.requireNonNull(blockType, "blockType");
            return addRule(
                    false,
                    "exclude block " + blockType,
                    (p, weights) -> p.blockType().equals(blockType));
        }

        /**
         * Leaves out the first and the last weight of the model, the two that low bit widths hurt
         * most.
         *
         * @return this builder
         */
        public Builder excludeFirstAndLast() {
            return addRule(
                    false,
                    "exclude first and last",
                    (p, weights) ->
                            !weights.isEmpty()
                                    && (p.equals(weights.get(0))
                                            || p.equals(weights.get(weights.size() - 1))));
        }

        /**
         * Includes the parameters that a predicate accepts.
         *
         * @param predicate decides on one parameter
         * @return this builder
         */
        public Builder include(Predicate<TargetWeight> predicate) {
            Objects.requireNonNull(predicate, "predicate");
            return addRule(true, "include by predicate", (p, weights) -> predicate.test(p));
        }

        /**
         * Builds the selector.
         *
         * @return the selector with the rules so far
         */
        public WeightSelector build() {
            return new WeightSelector(this);
        }

        private static Matcher path(String pathPattern) {
            Pattern pattern = Pattern.compile(pathPattern);
            return (p, weights) -> pattern.matcher(p.path()).find();
        }

        private Builder addRule(boolean include, String text, Matcher matcher) {
            rules.add(new Rule(include, text, matcher));
            return this;
        }
    }
}
