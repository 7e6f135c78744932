package dev.bonsai.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.bonsai.core.WeightSelector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Records as JSON objects and back, strictly: a member that is not known is an error, and so is a
 * number that is out of the range of its type.
 *
 * <p>Components are numbers, truth values, texts, enums, {@code Optional}s, lists, records,
 * selectors, sealed interfaces of records in states, values that {@link FactoryCall} makes from a
 * text, and, in states, {@link ArrayMembers}. Classes are never looked up by a name from the JSON.
 */
public final class RecordJson {

    private static final RecordJson SETTINGS =
            new RecordJson(MethodHandles.publicLookup(), ArrayMembers.NONE, Use.SETTINGS);

    /** The member that names a record of a sealed interface. */
    private static final String KIND = "kind";

    /** What a message quotes of the JSON may be as long as a file. */
    private static final int LONGEST = 160;

    private static final Map<Class<?>, Class<?>> OPTIONAL =
            Map.of(
                    OptionalInt.class, int.class,
                    OptionalLong.class, long.class,
                    OptionalDouble.class, double.class);

    private final MethodHandles.Lookup lookup;
    private final ArrayMembers arrays;
    private final Use use;

    /** What the records are. */
    private enum Use {
        /** A member that is left out is null, which the record takes for the default. */
        SETTINGS("setting"),
        /** Only what is optional may be left out. Numbers may be infinite or none at all. */
        STATE("member");

        private final String noun;

        Use(String noun) {
            this.noun = noun;
        }
    }

    private RecordJson(MethodHandles.Lookup lookup, ArrayMembers arrays, Use use) {
        this.lookup = lookup;
        this.arrays = arrays;
        this.use = use;
    }

    /**
     * Returns what writes and reads settings: public records, whose members may be left out.
     *
     * @return the same each time
     */
    public static RecordJson ofSettings() {
        return SETTINGS;
    }

    /**
     * Returns what writes and reads states, every member of which is there.
     *
     * @param lookup a look-up of a class that sees the records, which need not be public
     * @param arrays keeps what is too large for text
     * @return what writes and reads them
     */
    public static RecordJson ofStates(MethodHandles.Lookup lookup, ArrayMembers arrays) {
        return new RecordJson(lookup, arrays, Use.STATE);
    }

    /**
     * Writes a record.
     *
     * @param value the record
     * @return an object of which {@link #fromJson} makes an equal record
     * @throws IllegalArgumentException if a component can't be written down
     */
    public JsonObject toJson(Record value) {
        JsonObject json = new JsonObject();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object member = unwrapped(get(component, value));
            if (member != null) {
                json.add(component.getName(), element(member, valueType(component)));
            }
        }
        return json;
    }

    private Object get(RecordComponent component, Record value) {
        try {
            return lookup.unreflect(component.getAccessor()).invoke(value);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) { // what an accessor may throw is not declared
            throw new IllegalStateException(component + " of a record that is seen", e);
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
        if (value instanceof OptionalDouble number) {
            return number.isPresent() ? number.getAsDouble() : null;
        }
        return value instanceof Optional<?> optional ? optional.orElse(null) : value;
    }

    private JsonElement element(Object value, Class<?> type) {
        if (value instanceof Number number) {
            boolean none = use == Use.STATE && !Double.isFinite(number.doubleValue());
            return none ? new JsonPrimitive(number.toString()) : new JsonPrimitive(number);
        }
        if (value instanceof String text) {
            return new JsonPrimitive(text);
        }
        if (value instanceof Boolean truth) {
            return new JsonPrimitive(truth);
        }
        if (value instanceof List<?> list) {
            JsonArray array = new JsonArray();
            list.forEach(item -> array.add(element(item, type)));
            return array;
        }
        if (value instanceof WeightSelector selector) {
            return element(selector.getRules(), String.class);
        }
        if (arrays.hold(type)) {
            return arrays.write(value);
        }
        if (type.isEnum()) {
            return new JsonPrimitive(((Enum<?>) value).name());
        }
        if (isSealed(type)) {
            return named((Record) value);
        }
        return type.isRecord()
                ? toJson((Record) value)
                : new JsonPrimitive(FactoryCall.text(value, type));
    }

    /** A sealed interface stands for one of its records, whose name is a member of the object. */
    private boolean isSealed(Class<?> type) {
        return use == Use.STATE && type.isSealed();
    }

    private JsonObject named(Record value) {
        JsonObject json = toJson(value);
        json.addProperty(KIND, value.getClass().getSimpleName());
        return json;
    }

    private Object oneOf(Class<?>[] types, JsonObject json) {
        JsonElement kind = json.remove(KIND);
        for (Class<?> type : types) {
            if (kind != null && kind.equals(new JsonPrimitive(type.getSimpleName()))) {
                return fromJson(json, type);
            }
        }
        throw new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "The member '%s' is one of %s, but got %s",
                        KIND,
                        Arrays.stream(types).map(Class::getSimpleName).toList(),
                        shortened(String.valueOf(kind))));
    }

    /** Returns the type of a component, or of what its optional or list holds. */
    private static Class<?> valueType(RecordComponent component) {
        if (OPTIONAL.containsKey(component.getType())) {
            return OPTIONAL.get(component.getType());
        }
        Type type = component.getGenericType();
        return type instanceof ParameterizedType generic
                ? (Class<?>) generic.getActualTypeArguments()[0]
                : component.getType();
    }

    /**
     * Reads a record.
     *
     * @param <T> the type of the record
     * @param json the object
     * @param type the type of the record
     * @return the record
     * @throws IllegalArgumentException if a member is unknown, of a wrong form or out of its range,
     *     or one that must be there is missing
     */
    public <T> T fromJson(JsonObject json, Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        Set<String> known =
                Arrays.stream(components).map(RecordComponent::getName).collect(Collectors.toSet());
        for (String name : json.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "There is no %s '%s': the %ss are %s",
                                use.noun,
                                shortened(name),
                                use.noun,
                                Arrays.stream(components).map(RecordComponent::getName).toList()));
            }
        }
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < arguments.length; ++i) {
            arguments[i] = argument(components[i], json.get(components[i].getName()));
        }
        return construct(type, arguments);
    }

    private <T> T construct(Class<T> type, Object... arguments) {
        Class<?>[] types =
                Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new);
        try {
            return type.cast(
                    lookup.findConstructor(type, MethodType.methodType(void.class, types))
                            .invokeWithArguments(arguments));
        } catch (Error | IllegalArgumentException e) {
            throw e;
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalStateException(type + " is a record that is seen", e);
        } catch (Throwable e) { // what a constructor may throw is not declared
            throw new IllegalArgumentException(type.getSimpleName() + ": " + e, e);
        }
    }

    private Object argument(RecordComponent component, JsonElement json) {
        boolean absent = json == null || json.isJsonNull();
        Class<?> type = component.getType();
        boolean optional = OPTIONAL.containsKey(type) || type == Optional.class;
        if (absent && (type.isPrimitive() || (use == Use.STATE && !optional))) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The %s '%s' is missing, and has no default",
                            use.noun,
                            component.getName()));
        }
        Object value = absent ? null : value(component, json);
        if (type == OptionalInt.class) {
            return absent ? OptionalInt.empty() : OptionalInt.of((Integer) value);
        }
        if (type == OptionalLong.class) {
            return absent ? OptionalLong.empty() : OptionalLong.of((Long) value);
        }
        if (type == OptionalDouble.class) {
            return absent ? OptionalDouble.empty() : OptionalDouble.of((Double) value);
        }
        return type == Optional.class ? Optional.ofNullable(value) : value;
    }

    private Object value(RecordComponent component, JsonElement json) {
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
                            "The %s '%s' is a %s%s, but got %s",
                            use.noun,
                            component.getName(),
                            component.getType() == List.class ? "list, each a " : "",
                            type.getSimpleName(),
                            shortened(json.toString())),
                    e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(component.getName() + ": " + e.getMessage(), e);
        }
    }

    private Object value(Class<?> type, JsonElement json) {
        if (Numeric.isNumber(type)) {
            return number(type, json.getAsJsonPrimitive());
        }
        if (type == boolean.class || type == Boolean.class) {
            if (!json.getAsJsonPrimitive().isBoolean()) {
                throw new IllegalStateException("A truth value is true or false");
            }
            return json.getAsBoolean();
        }
        if (type == WeightSelector.class) {
            WeightSelector.Builder selector = WeightSelector.builder();
            json.getAsJsonArray().forEach(rule -> selector.addRule(rule.getAsString()));
            return selector.build();
        }
        if (arrays.hold(type)) {
            return arrays.read(json, type);
        }
        if (type.isRecord()) {
            return fromJson(json.getAsJsonObject(), type);
        }
        if (isSealed(type)) {
            return oneOf(type.getPermittedSubclasses(), json.getAsJsonObject().deepCopy());
        }
        if (use == Use.STATE && !json.getAsJsonPrimitive().isString()) {
            throw new IllegalStateException("A text has quotation marks");
        }
        String text = json.getAsJsonPrimitive().getAsString();
        if (type == String.class) {
            return text;
        }
        return type.isEnum() ? constant(type, text) : FactoryCall.parse(text, type);
    }

    /** Numbers have no quotation marks, but for those that JSON has no words for. */
    private Number number(Class<?> type, JsonPrimitive json) {
        if (json.isNumber()) {
            return Numeric.parse(json.getAsString(), type);
        }
        if (use == Use.STATE && Numeric.NOT_FINITE.contains(json.getAsString())) {
            return Numeric.parse(json.getAsString(), type);
        }
        throw new IllegalStateException("A number has no quotation marks");
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " ...";
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
                        shortened(name)));
    }
}
