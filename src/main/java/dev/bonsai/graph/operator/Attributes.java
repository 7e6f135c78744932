package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.GraphException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The attributes of an operator by their names in ONNX, without those that have their default.
 *
 * <p>A value is a {@code Long}, a {@code Float}, a {@code String} or a list of one of these.
 */
public final class Attributes {

    /** No attributes: all have their default. */
    public static final Attributes NONE = new Attributes(Map.of());

    private final Map<String, Object> values;

    private Attributes(Map<String, Object> values) {
        this.values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /**
     * Makes attributes of values of any origin.
     *
     * @param values a {@code Long}, {@code Float}, {@code String} or a list of one of these by name
     * @return the attributes
     */
    public static Attributes of(Map<String, Object> values) {
        Map<String, Object> wide = new TreeMap<>();
        values.forEach((name, value) -> wide.put(name, wide(value)));
        return new Attributes(wide);
    }

    /**
     * Returns these attributes and one more, unless it has its default.
     *
     * @param name ONNX's name
     * @param value the value
     * @param standard the default
     * @return the attributes
     */
    public Attributes with(String name, Object value, Object standard) {
        return value.equals(standard) ? this : with(name, value);
    }

    /**
     * Returns these attributes and one more.
     *
     * @param name ONNX's name
     * @param value the value; integers may be of any width
     * @return the attributes
     */
    public Attributes with(String name, Object value) {
        Map<String, Object> more = new TreeMap<>(values);
        more.put(name, wide(value));
        return new Attributes(more);
    }

    private static Object wide(Object value) {
        if (value instanceof Integer number) {
            return number.longValue();
        }
        if (value instanceof Boolean flag) {
            return flag ? 1L : 0L;
        }
        return value instanceof List<?> list ? list.stream().map(Attributes::wide).toList() : value;
    }

    /**
     * Returns these attributes without one.
     *
     * @param name ONNX's name
     * @return the attributes
     */
    public Attributes without(String name) {
        Map<String, Object> fewer = new TreeMap<>(values);
        fewer.remove(name);
        return new Attributes(fewer);
    }

    /**
     * Returns the names of the attributes that are here.
     *
     * @return the names in ascending order
     */
    public Set<String> names() {
        return values.keySet();
    }

    /**
     * Returns a value.
     *
     * @param name ONNX's name
     * @return the value, or empty if the attribute has its default
     */
    public Optional<Object> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    int integer(String name, int standard) {
        return value(name, Long.class).map(number -> narrow(name, number)).orElse(standard);
    }

    /** Checks that an attribute, if it is there, has the only value that is supported. */
    Attributes only(String name, int value) {
        if (integer(name, value) != value) {
            throw new GraphException(
                    name + " can only be " + value + " here, but got " + integer(name, value));
        }
        return this;
    }

    int needed(String name) {
        return value(name, Long.class)
                .map(number -> narrow(name, number))
                .orElseThrow(() -> new GraphException(name + " is needed"));
    }

    boolean flag(String name, boolean standard) {
        int value = integer(name, standard ? 1 : 0);
        if (value != 0 && value != 1) {
            throw new GraphException(name + " is 0 or 1, but got " + value);
        }
        return value == 1;
    }

    float real(String name, float standard) {
        return value(name, Float.class).orElse(standard);
    }

    String text(String name, String standard) {
        return value(name, String.class).orElse(standard);
    }

    /** Returns a list of integers; the default is an empty one. */
    List<Integer> integers(String name) {
        return list(name, Long.class).stream().map(number -> narrow(name, number)).toList();
    }

    List<Float> reals(String name) {
        return list(name, Float.class);
    }

    List<String> texts(String name) {
        return list(name, String.class);
    }

    private static int narrow(String name, long number) {
        if (number != (int) number) {
            throw new GraphException(name + " is a number of 32 bits, but got " + number);
        }
        return (int) number;
    }

    private <T> List<T> list(String name, Class<T> type) {
        List<?> list = value(name, List.class).orElse(List.of());
        for (Object value : list) {
            check(name, value, type);
        }
        return list.stream().map(type::cast).toList();
    }

    private <T> Optional<T> value(String name, Class<T> type) {
        Object value = values.get(name);
        if (value != null) {
            check(name, value, type);
        }
        return Optional.ofNullable(type.cast(value));
    }

    private static void check(String name, Object value, Class<?> type) {
        if (!type.isInstance(value)) {
            throw new GraphException(
                    name + " is a " + type.getSimpleName() + ", but got the value " + value);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Attributes that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
