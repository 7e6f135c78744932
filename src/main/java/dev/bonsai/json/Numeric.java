package dev.bonsai.json;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The types of numbers that a setting may have, and how their texts are read. */
final class Numeric {

    private static final Map<Class<?>, Function<String, Number>> PARSERS =
            Map.of(
                    int.class, Integer::valueOf,
                    Integer.class, Integer::valueOf,
                    long.class, Long::valueOf,
                    Long.class, Long::valueOf,
                    float.class, Float::valueOf,
                    Float.class, Float::valueOf,
                    double.class, Double::valueOf,
                    Double.class, Double::valueOf);

    /** What a float may be that has no number in JSON. */
    static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

    private Numeric() {}

    static boolean isNumber(Class<?> type) {
        return PARSERS.containsKey(type);
    }

    /**
     * Reads a number.
     *
     * @throws NumberFormatException if the text is none of the type
     */
    static Number parse(String text, Class<?> type) {
        return PARSERS.get(type).apply(text);
    }

    /** Says what numbers of a type are. */
    static String noun(Class<?> type) {
        boolean integer = List.of(int.class, Integer.class, long.class, Long.class).contains(type);
        return integer ? "a whole number" : "a number";
    }
}
