package dev.bonsai.recipe;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.bonsai.core.WeightSelector;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Records as JSON objects and back, strictly: a member that is not known is an error, and one that
 * is left out is null, which a record of settings takes for the default.
 *
 * <p>Components are numbers, texts, enums, {@code Optional}s, lists, records, selectors, and values
 * that {@link FactoryCall} makes from a text.
 */
final class RecordJson {

    private RecordJson() {}

    static JsonObject toJson(Record value) {
        JsonObject json = new JsonObject();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object member = unwrapped(get(component, value));
            if (member != null) {
                json.add(component.getName(), element(member, valueType(component)));
            }
        }
        return json;
    }

    private static Object get(RecordComponent component, Record value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " of a public record can be read", e);
        }
    }

    /** Returns what an optional holds, or null; any other value as it is. */
    private static Object unwrapped(Object value) {
        if (value instanceof OptionalInt number) {
            return number.isPresent() ? number.getAsInt() : null;
        }
        if (value instanceof OptionalLong number) {
            return number.isPresent() ? number.getAsLong() : null;
        }
        return value instanceof Optional<?> optional ? optional.orElse(null) : value;
    }

    private static JsonElement element(Object value, Class<?> type) {
        if (value instanceof Number number) {
            return new JsonPrimitive(number);
        }
        if (value instanceof String text) {
            return new JsonPrimitive(text);
        }
        if (value instanceof List<?> list) {
            JsonArray array = new JsonArray();
            list.forEach(item -> array.add(element(item, type)));
            return array;
        }
        if (value instanceof WeightSelector selector) {
            return element(selector.getRules(), String.class);
        }
        if (type.isEnum()) {
            return new JsonPrimitive(((Enum<?>) value).name());
        }
        return type.isRecord()
                ? toJson((Record) value)
                : new JsonPrimitive(FactoryCall.text(value, type));
    }

    /** Returns the type of a component, or of what its optional or list holds. */
    private static Class<?> valueType(RecordComponent component) {
        if (component.getType() == OptionalInt.class) {
            return int.class;
        }
        if (component.getType() == OptionalLong.class) {
            return long.class;
        }
        Type type = component.getGenericType();
        return type instanceof ParameterizedType generic
                ? (Class<?>) generic.getActualTypeArguments()[0]
                : component.getType();
    }

    /**
     * Reads a record.
     *
     * @throws IllegalArgumentException if a member is unknown, of a wrong form or out of its range,
     *     or one without a default is missing
     */
    static <T> T fromJson(JsonObject json, Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        Set<String> known =
                Arrays.stream(components).map(RecordComponent::getName).collect(Collectors.toSet());
        for (String name : json.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "There is no setting '%s': the settings are %s",
                                name,
                                Arrays.stream(components).map(RecordComponent::getName).toList()));
            }
        }
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < arguments.length; ++i) {
            arguments[i] = argument(components[i], json.get(components[i].getName()));
        }
        return construct(type, arguments);
    }

    private static <T> T construct(Class<T> type, Object... arguments) {
        Class<?>[] types =
                Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new);
        try {
            Constructor<T> canonical = type.getConstructor(types);
            return canonical.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalArgumentException(type.getSimpleName() + ": " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is a public record", e);
        }
    }

    private static Object argument(RecordComponent component, JsonElement json) {
        boolean absent = json == null || json.isJsonNull();
        if (absent && component.getType().isPrimitive()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The setting '%s' is missing, and has no default",
                            component.getName()));
        }
        Object value = absent ? null : value(component, json);
        if (component.getType() == OptionalInt.class) {
            return absent ? OptionalInt.empty() : OptionalInt.of((Integer) value);
        }
        if (component.getType() == OptionalLong.class) {
            return absent ? OptionalLong.empty() : OptionalLong.of((Long) value);
        }
        return component.getType() == Optional.class ? Optional.ofNullable(value) : value;
    }

    private static Object value(RecordComponent component, JsonElement json) {
        Class<?> type = valueType(component);
        try {
            if (component.getType() != List.class) {
                return value(type, json);
            }
            List<Object> list = new ArrayList<>();
            for (JsonElement item : json.getAsJsonArray()) {
                list.add(value(type, item));
            }
            return list;
        } catch (IllegalStateException | UnsupportedOperationException | ClassCastException e) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The setting '%s' is a %s%s, but got %s",
                            component.getName(),
                            component.getType() == List.class ? "list, each a " : "",
                            type.getSimpleName(),
                            json),
                    e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(component.getName() + ": " + e.getMessage(), e);
        }
    }

    private static Object value(Class<?> type, JsonElement json) {
        if (Numeric.isNumber(type)) {
            if (!json.getAsJsonPrimitive().isNumber()) {
                throw new IllegalStateException("A number has no quotation marks");
            }
            return Numeric.parse(json.getAsString(), type);
        }
        if (type == WeightSelector.class) {
            WeightSelector.Builder selector = WeightSelector.builder();
            json.getAsJsonArray().forEach(rule -> selector.addRule(rule.getAsString()));
            return selector.build();
        }
        if (type.isRecord()) {
            return fromJson(json.getAsJsonObject(), type);
        }
        String text = json.getAsJsonPrimitive().getAsString();
        if (type == String.class) {
            return text;
        }
        return type.isEnum() ? constant(type, text) : FactoryCall.parse(text, type);
    }

    private static Object constant(Class<?> type, String name) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "%s is one of %s, but got '%s'",
                        type.getSimpleName(),
                        Arrays.toString(type.getEnumConstants()),
                        name));
    }
}
