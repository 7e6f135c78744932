package dev.bonsai.search;

import com.google.gson.JsonArray;
import com.google.gson.JsonPrimitive;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One thing that strategies differ in, such as the sparsity, and the values it may take.
 *
 * <pre>{@code
 * Choice<Double> sparsity = Choice.of("sparsity", 0.9, 0.95, 0.98);
 * Choice<Integer> bits = Choice.of("bits.fc1", 2, 3, 4);
 * }</pre>
 *
 * @param name the name in tables, JSON and the journal
 * @param values the values, of any type whose texts tell them apart: numbers, strings, enums,
 *     records
 * @param <T> the type of the values
 */
public record Choice<T>(String name, List<T> values) implements Serializable {

    /**
     * Checks name and values.
     *
     * @throws IllegalArgumentException if the name is blank, if there are no values, or if two of
     *     them have the same text or one has none of its own
     */
    public Choice {
        if (name.isBlank()) {
            throw new IllegalArgumentException(
                    "A choice has a name such as 'sparsity', but got a blank one");
        }
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException(
                    "The choice '" + name + "' has 1 or more values, but got none: give it some");
        }
        Set<String> texts = new HashSet<>();
        for (T value : values) {
            checkText(name, value);
            if (!texts.add(value.toString())) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "The choice '%s' has values that differ, but got '%s' twice:"
                                        + " remove one",
                                name,
                                value));
            }
        }
    }

    /**
     * Names the values of a choice.
     *
     * @param name the name
     * @param values the values, in any order
     * @param <T> their type
     * @return the choice
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static <T> Choice<T> of(String name, T... values) {
        return new Choice<>(name, List.of(values));
    }

    private static void checkText(String name, Object value) {
        String address =
                value.getClass().getName()
                        + "@"
                        + Integer.toHexString(System.identityHashCode(value));
        if (value.toString().equals(address)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The journal knows the values of '%s' by their text, but %s changes"
                                    + " from run to run: give its class a toString, or choose among"
                                    + " names or enums",
                            name,
                            value));
        }
    }

    JsonPrimitive toJson(int index) {
        T value = values.get(index);
        boolean number =
                value instanceof Number n
                        && n.getClass().getPackageName().equals("java.lang")
                        && Double.isFinite(n.doubleValue());
        return number ? new JsonPrimitive((Number) value) : new JsonPrimitive(value.toString());
    }

    JsonArray toJson() {
        JsonArray json = new JsonArray();
        for (int i = 0; i < values.size(); ++i) {
            json.add(toJson(i));
        }
        return json;
    }
}
