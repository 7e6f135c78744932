package dev.bonsai.core;

import ai.djl.nn.Parameter;
import dev.bonsai.core.SelectorRule.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which weights a technique works on: an ordered list of rules, of which the first that matches a
 * weight decides.
 *
 * <p>Without a rule that matches, a weight is selected if it is a {@link Parameter.Type#WEIGHT}
 * with two or more dimensions: kernels, matrices and embeddings, never biases or normalisation.
 * Once a rule includes something, what no rule matches is left out. What is not trained, such as
 * the running statistics of batch normalisation, and what is not made of 32-bit floats is never
 * selected, whatever the rules: see {@link TargetWeight#isTarget()}.
 *
 * <pre>{@code
 * WeightSelector.builder().exclude("01Conv2d_weight").build();  // all but the first layer
 * WeightSelector.builder().excludeFirstAndLast().build();
 * WeightSelector.builder().includeBlock("Linear").build();      // only the linear layers
 * WeightSelector.builder().includeBlockAt("02Encoder").build(); // only what is inside one block
 * }</pre>
 */
public final class WeightSelector {

    /** How many parameters an error names. */
    private static final int NAMED = 40;

    private final List<SelectorRule> rules;

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
     * Selects among the parameters of a model, whose first and last weight are those that it
     * registers first and last.
     *
     * @param parameters all parameters of the model, in the order of the model
     * @return the selected ones, in the same order
     * @throws IllegalArgumentException if a rule matches no parameter, or nothing is selected: the
     *     message lists what there is
     */
    public List<TargetWeight> select(List<TargetWeight> parameters) {
        return select(parameters, ExecutionOrder.ofRegistration(parameters));
    }

    /**
     * Selects among the parameters of a model.
     *
     * @param parameters all parameters of the model, in the order of the model
     * @param order which weights the model applies first and last
     * @return the selected ones, in the order of the model
     * @throws IllegalArgumentException if a rule matches no parameter, or nothing is selected: the
     *     message lists what there is
     */
    public List<TargetWeight> select(List<TargetWeight> parameters, ExecutionOrder order) {
        List<SelectorRule.Matcher> matchers = rules.stream().map(SelectorRule::matcher).toList();
        boolean exclusive = rules.stream().anyMatch(SelectorRule::isInclude);
        boolean[] used = new boolean[rules.size()];
        List<TargetWeight> selected = new ArrayList<>();
        for (TargetWeight parameter : parameters) {
            int rule = parameter.isTarget() ? firstMatch(parameter, order, matchers) : -1;
            if (rule >= 0) {
                used[rule] = true;
            }
            if (rule < 0 ? !exclusive && parameter.isWeight() : rules.get(rule).isInclude()) {
                selected.add(parameter);
            }
        }
        check(parameters, selected, used);
        return List.copyOf(selected);
    }

    private static int firstMatch(
            TargetWeight parameter, ExecutionOrder order, List<SelectorRule.Matcher> matchers) {
        for (int i = 0; i < matchers.size(); ++i) {
            if (matchers.get(i).matches(parameter, order)) {
                return i;
            }
        }
        return -1;
    }

    private void check(List<TargetWeight> parameters, List<TargetWeight> selected, boolean[] used) {
        for (int i = 0; i < used.length; ++i) {
            if (!used[i]) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "The selector's rule '%s' matches no parameter that can be"
                                        + " selected and that no earlier rule has taken. Correct or"
                                        + " remove it; the parameters are %s",
                                rules.get(i),
                                listed(parameters)));
            }
        }
        if (selected.isEmpty()) {
            throw new IllegalArgumentException(
                    "The selector selects no weight. A weight has two or more dimensions, the type"
                            + " WEIGHT and 32-bit floats unless a rule includes it; what is not"
                            + " trained, or of another data type, is never selected: include a"
                            + " weight by its path, or train in FLOAT32. The parameters are "
                            + listed(parameters));
        }
    }

    private static String listed(List<TargetWeight> parameters) {
        String named =
                parameters.stream()
                        .limit(NAMED)
                        .map(TargetWeight::description)
                        .collect(Collectors.joining(", ", "[", "]"));
        int more = parameters.size() - NAMED;
        return more > 0 ? named + " and " + more + " more" : named;
    }

    /**
     * Tells whether a rule goes by the order in which the model applies its weights.
     *
     * @return whether {@link Builder#excludeFirstAndLast} is one of the rules
     */
    public boolean usesExecutionOrder() {
        return rules.stream().anyMatch(rule -> rule.method() == Method.excludeFirstAndLast);
    }

    /**
     * Returns the rules as texts, from which {@link Builder#addRule} makes an equal selector.
     *
     * @return the calls of the builder in their order, such as {@code includeBlock(Linear)}
     * @throws IllegalStateException if there is a predicate among them, which has no text
     */
    public List<String> getRules() {
        for (SelectorRule rule : rules) {
            if (!rule.isText()) {
                throw new IllegalStateException(
                        "A selector with a predicate of one's own can't be written down: use"
                                + " include with a regular expression, includeBlock or"
                                + " includeBlockAt");
            }
        }
        return rules.stream().map(SelectorRule::toString).toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WeightSelector that && rules.equals(that.rules);
    }

    @Override
    public int hashCode() {
        return rules.hashCode();
    }

    @Override
    public String toString() {
        return rules.isEmpty() ? "all weights" : rules.toString();
    }

    /** Collects the rules of a {@link WeightSelector}, first match wins. */
    public static final class Builder {

        private final List<SelectorRule> rules = new ArrayList<>();

        private Builder() {}

        /**
         * Includes the parameters whose path has a match of a regular expression.
         *
         * @param pathPattern the expression, found anywhere in the path
         * @return this builder
         */
        public Builder include(String pathPattern) {
            return add(Method.include, pathPattern);
        }

        /**
         * Leaves out the parameters whose path has a match of a regular expression.
         *
         * @param pathPattern the expression, found anywhere in the path
         * @return this builder
         */
        public Builder exclude(String pathPattern) {
            return add(Method.exclude, pathPattern);
        }

        /**
         * Includes the weights of one type of block. In a block that was made of a graph they are
         * found by the operators: {@code Linear} (Gemm, MatMul by a weight), {@code Conv1d} to
         * {@code Conv3d}, {@code Conv2dTranspose} and the like, {@code Embedding} (Gather), {@code
         * LSTM}, {@code GRU}, {@code BatchNorm}, {@code LayerNorm}, {@code Prelu}, and {@code
         * GraphBlock} for all others.
         *
         * @param blockType the simple class name of the block, such as {@code Linear}
         * @return this builder
         */
        public Builder includeBlock(String blockType) {
            return add(Method.includeBlock, blockType);
        }

        /**
         * Leaves out the parameters of one type of block.
         *
         * @param blockType the simple class name of the block, such as {@code Linear}
         * @return this builder
         */
        public Builder excludeBlock(String blockType) {
            return add(Method.excludeBlock, blockType);
        }

        /**
         * Includes the weights of one block and of all that is inside it.
         *
         * @param blockPath the path of the block, the beginning of the paths of its parameters,
         *     such as {@code 02SequentialBlock_01Conv2d}
         * @return this builder
         */
        public Builder includeBlockAt(String blockPath) {
            return add(Method.includeBlockAt, blockPath);
        }

        /**
         * Leaves out the parameters of one block and of all that is inside it.
         *
         * @param blockPath the path of the block, the beginning of the paths of its parameters,
         *     such as {@code 02SequentialBlock_01Conv2d}
         * @return this builder
         */
        public Builder excludeBlockAt(String blockPath) {
            return add(Method.excludeBlockAt, blockPath);
        }

        /**
         * Appends a rule that is given as a text.
         *
         * @param rule a call of one of the other methods, as {@link WeightSelector#getRules}
         *     returns it: {@code exclude(^01)}, {@code includeBlock(Linear)}, {@code
         *     excludeFirstAndLast}
         * @return this builder
         */
        public Builder addRule(String rule) {
            SelectorRule parsed = SelectorRule.parse(rule);
            return add(parsed.method(), parsed.argument());
        }

        /**
         * Leaves out the weights that the model applies first to an input and last before an
         * output, of every input and every output: low bit widths hurt these most.
         *
         * <p>A training finds that order out by one inference pass of the first training batch.
         * Where none can be watched, as in an imported model, and where {@link
         * WeightSelector#select(List)} isn't told an order, they are the first and the last weight
         * that the model registers.
         *
         * @return this builder
         */
        public Builder excludeFirstAndLast() {
            return add(Method.excludeFirstAndLast, "");
        }

        /**
         * Includes the parameters that a predicate accepts.
         *
         * @param predicate decides on one parameter
         * @return this builder
         */
        public Builder include(Predicate<TargetWeight> predicate) {
            return add(Method.include, predicate);
        }

        /**
         * Builds the selector.
         *
         * @return the selector with the rules so far
         */
        public WeightSelector build() {
            return new WeightSelector(this);
        }

        private Builder add(Method method, Object argument) {
            rules.add(SelectorRule.of(method, argument));
            return this;
        }
    }
}
