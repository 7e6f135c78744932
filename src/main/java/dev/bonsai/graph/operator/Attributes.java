package dev.bonsai.graph.operator;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of an operator by their names in ONNX, without those that have their default.
 *
 * <p>A value is a {@code Long}, a {@code Float}, a {@code String} or a list of one of these.
 */
public final class Attributes {

    /** No attributes: all have their default. */
    public static final Attributes NONE = new Attributes(Map.of());

    private final Map<String, Object> values;

    Attributes(Map<String, Object> values) {
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
     * Returns these attributes and one more.
     *
     * @param name ONNX's name
     * @param value the value; integers may be of any width, and a constant of an enum stands for
     *     its text
     * @return the attributes
     */
    public Attributes with(String name, Object value) {
        Map<String, Object> more = new TreeMap<>(values);
        more.put(name, wide(value));
        return new Attributes(more);
    }

    /** A value as ONNX has it. */
    static Object wide(Object value) {
        if (value instanceof Integer number) {
            return number.longValue();
        }
        if (value instanceof Boolean flag) {
            return flag ? 1L : 0L;
        }
        if (value instanceof Enum<?> choice) {
            // ONNX writes this one in capitals
            return choice instanceof AutoPad
                    ? choice.name()
                    : choice.name().toLowerCase(Locale.ROOT);
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

    // The values of an operator that is made: all are here, and checked.

    int integer(String name) {
        return (Integer) values.get(name);
    }

    /** A flag; false where an operator of this kind has none. */
    boolean flag(String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    /** A number; 0 where an operator of this kind has none. */
    float real(String name) {
        return (Float) values.getOrDefault(name, 0f);
    }

    <E extends Enum<E>> E choice(String name, Class<E> type) {
        return type.cast(values.get(name));
    }

    @SuppressWarnings("unchecked")
    List<Integer> integers(String name) {
        return (List<Integer>) values.get(name);
    }

    @SuppressWarnings("unchecked")
    List<String> texts(String name) {
        return (List<String>) values.get(name);
    }

    @Override
    public boolean equals(@Nullable Object other) {
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
