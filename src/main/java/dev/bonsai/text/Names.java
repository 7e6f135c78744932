package dev.bonsai.text;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The values of an enum by the names that people write. */
public final class Names {

    private Names() {}

    /**
     * Finds a value by its name, which is what its {@code toString} returns.
     *
     * @param <E> the enum
     * @param what what the values are, for the message, such as {@code data set}
     * @param type the enum
     * @param name the name, in upper or lower case
     * @return the value
     * @throws IllegalArgumentException if there is no such value; the message lists all
     */
    public static <E extends Enum<E>> E find(String what, Class<E> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> value.toString().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        String.format(
                                                Locale.ROOT,
                                                "There is no %s '%s'; use one of %s",
                                                what,
                                                name,
                                                all(type))));
    }

    private static String all(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(Object::toString)
                .collect(Collectors.joining(", "));
    }
}
