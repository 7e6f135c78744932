package dev.bonsai.core;

import java.lang.invoke.MethodHandles;
import java.util.Locale;
import java.util.Objects;

/**
 * The name that a kind of {@link TransformState} has in files, which stays the same whatever its
 * class is called, and the right to read its components and to make it.
 *
 * <pre>{@code
 * record MaskState(BitSet keep) implements TransformState {}
 * StateType type = StateType.of("mask", MaskState.class, MethodHandles.lookup());
 * }</pre>
 *
 * @param name the name, of letters and digits, which no other of the same technique has
 * @param type the record; it need not be public
 * @param lookup a look-up of a class that sees it, so of one in its package
 */
public record StateType(
        String name, Class<? extends TransformState> type, MethodHandles.Lookup lookup) {

    private static final int LONGEST = 64;

    /**
     * Checks the name and the type.
     *
     * @throws IllegalArgumentException if the name is none, or the type is no record
     */
    public StateType {
        Objects.requireNonNull(lookup, "lookup");
        if (!name.matches("[A-Za-z0-9]+") || name.length() > LONGEST || !type.isRecord()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A type of state has a name of 1 to %d letters and digits and is a"
                                    + " record, but got '%s' with %s: use StateType.of(\"mask\","
                                    + " MaskState.class, MethodHandles.lookup())",
                            LONGEST,
                            name,
                            type.getName()));
        }
    }

    /**
     * Names a kind of state.
     *
     * @param name the name, of letters and digits
     * @param type the record
     * @param lookup {@code MethodHandles.lookup()}, called in the package of the record
     * @return the type
     */
    public static StateType of(
            String name, Class<? extends TransformState> type, MethodHandles.Lookup lookup) {
        return new StateType(name, type, lookup);
    }
}
