package dev.bonsai.core;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A rule of a {@link WeightSelector}: which parameters it decides on, and how.
 *
 * @param method the method of the builder that adds it
 * @param argument what the method was given: a text, a predicate, or the empty text
 */
record SelectorRule(Method method, Object argument) {

    /** The methods of the builder that add a rule, by the names that they have there. */
    enum Method {
        include,
        exclude,
        includeBlock,
        excludeBlock,
        includeBlockAt,
        excludeBlockAt,
        excludeFirstAndLast
    }

    @FunctionalInterface
    interface Matcher {
        boolean matches(TargetWeight parameter, ExecutionOrder order);
    }

    /**
     * Reads a rule.
     *
     * @param text what {@link #toString()} has returned, as {@code includeBlock(Linear)}
     */
    static SelectorRule parse(String text) {
        int open = text.indexOf('(');
        boolean called = open > 0 && text.endsWith(")");
        String name = called ? text.substring(0, open) : text;
        for (Method method : Method.values()) {
            if (method.name().equals(name) && called == (method != Method.excludeFirstAndLast)) {
                return new SelectorRule(
                        method, called ? text.substring(open + 1, text.length() - 1) : "");
            }
        }
        throw new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "A rule of a selector is one of %s, with its argument in parentheses as in"
                                + " includeBlock(Linear), but got '%s'",
                        Arrays.toString(Method.values()),
                        text));
    }

    boolean isInclude() {
        return method.name().startsWith("include");
    }

    /** Tells whether the rule can be written down and read again. */
    boolean isText() {
        return argument instanceof String;
    }

    /** Prepares the decision; a pattern is compiled. */
    Matcher matcher() {
        if (argument instanceof Predicate<?>) {
            @SuppressWarnings("unchecked") // the builder takes no other
            Predicate<TargetWeight> predicate = (Predicate<TargetWeight>) argument;
            return (p, order) -> predicate.test(p);
        }
        String text = (String) argument;
        return switch (method) {
            case include, exclude -> {
                Pattern pattern = Pattern.compile(text);
                yield (p, order) -> pattern.matcher(p.path()).find();
            }
            case includeBlock -> (p, order) -> p.blockType().equals(text) && p.isWeight();
            case excludeBlock -> (p, order) -> p.blockType().equals(text);
            case includeBlockAt -> (p, order) -> p.path().startsWith(text + "_") && p.isWeight();
            case excludeBlockAt -> (p, order) -> p.path().startsWith(text + "_");
            case excludeFirstAndLast ->
                    (p, order) -> order.first().contains(p) || order.last().contains(p);
        };
    }

    static SelectorRule of(Method method, Object argument) {
        SelectorRule rule = new SelectorRule(method, Objects.requireNonNull(argument, "argument"));
        rule.matcher(); // reports a pattern that is none at once
        return rule;
    }

    @Override
    public String toString() {
        if (!isText()) {
            return method + "(a predicate)";
        }
        return method == Method.excludeFirstAndLast ? method.name() : method + "(" + argument + ")";
    }
}
