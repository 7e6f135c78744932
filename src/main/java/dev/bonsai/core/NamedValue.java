package dev.bonsai.core;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A value that is written as the call of the static factory that makes it, such as {@code
 * gradient(0.3, 100)}: the text that recipes, command lines and journals hold, and that the value
 * is made from again.
 *
 * <p>Two values are equal if their texts name the same factory with equal arguments. A value that
 * is given an object of the user's own, such as a lambda, has a text for people only.
 */
public abstract class NamedValue {

    private final String factory;
    private final List<Object> arguments;

    /**
     * Names a value.
     *
     * @param factory the name of the static factory, as {@code gradient}
     * @param arguments what the factory was given, in its order
     */
    protected NamedValue(String factory, Object... arguments) {
        this.factory = Objects.requireNonNull(factory, "factory");
        this.arguments = List.of(arguments);
    }

    /**
     * Writes the call of a factory.
     *
     * @param factory the name of the factory
     * @param arguments its arguments; none leave the parentheses out
     * @return such as {@code cubic(10)} or {@code magnitude}
     */
    public static String call(String factory, Object... arguments) {
        return call(factory, List.of(arguments));
    }

    private static String call(String factory, List<Object> arguments) {
        return arguments.isEmpty()
                ? factory
                : arguments.stream()
                        .map(Object::toString)
                        .collect(Collectors.joining(", ", factory + "(", ")"));
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof NamedValue that
                && getClass() == that.getClass()
                && factory.equals(that.factory)
                && arguments.equals(that.arguments);
    }

    @Override
    public final int hashCode() {
        return Objects.hash(getClass(), factory, arguments);
    }

    @Override
    public final String toString() {
        return call(factory, arguments);
    }
}
