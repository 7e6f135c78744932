package dev.bonsai.json;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.json.RecordJson.Use;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Reads records from JSON. */
final class RecordReader {

    /** What a message quotes of the JSON may be as long as a file. */
    private static final int LONGEST = 160;

    private final MethodHandles.Lookup lookup;
    private final SpecialMembers special;
    private final Use use;

    RecordReader(MethodHandles.Lookup lookup, SpecialMembers special, Use use) {
        this.lookup = lookup;
        this.special = special;
        this.use = use;
    }

    <T> T read(JsonObject json, Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        List<Flaw> flaws = new ArrayList<>(unknown(json, components));
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < arguments.length; ++i) {
            try {
                arguments[i] = argument(components[i], json.get(components[i].getName()));
            } catch (RecordException e) {
                flaws.addAll(e.getFlaws());
            }
        }
        if (!flaws.isEmpty()) {
            throw new RecordException(flaws);
        }
        try {
            return construct(type, arguments);
        } catch (IllegalArgumentException e) {
            throw new RecordException(
                    OutOfBounds.find(components, arguments)
                            .map(place -> place.told(e.getMessage()))
                            .orElseGet(() -> Flaw.of(e.getMessage())),
                    e);
        }
    }

    private List<Flaw> unknown(JsonObject json, RecordComponent... components) {
        List<String> known = Arrays.stream(components).map(RecordComponent::getName).toList();
        return json.keySet().stream()
                .filter(name -> !known.contains(name))
                .map(
                        name ->
                                Flaw.ofName(
                                        name,
                                        String.format(
                                                Locale.ROOT,
                                                "There is no %s '%s': the %ss are %s",
                                                use.noun,
                                                shortened(name),
                                                use.noun,
                                                known),
                                        known))
                .toList();
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
        if (absent && (type.isPrimitive() || (use == Use.STATE && !RecordJson.isOptional(type)))) {
            throw new RecordException(
                    List.of(
                            Flaw.of(
                                    String.format(
                                            Locale.ROOT,
                                            "The %s '%s' is missing, and has no default",
                                            use.noun,
                                            component.getName()))));
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
        Class<?> type = RecordJson.valueType(component);
        try {
            if (component.getType() == List.class) {
                return list(type, json);
            }
            return checked(type, json);
        } catch (RecordException e) {
            throw new RecordException(e.in(component.getName()));
        }
    }

    private List<Object> list(Class<?> type, JsonElement json) {
        if (!json.isJsonArray()) {
            throw new RecordException(
                    List.of(
                            Flaw.of(
                                    "Expected a list, each item "
                                            + noun(type)
                                            + ", but got "
                                            + shortened(json.toString()))));
        }
        List<Object> list = new ArrayList<>();
        List<Flaw> flaws = new ArrayList<>();
        for (JsonElement item : json.getAsJsonArray()) {
            try {
                list.add(checked(type, item));
            } catch (RecordException e) {
                list.add(null); // counts
                flaws.addAll(e.in(list.size() - 1));
            }
        }
        if (!flaws.isEmpty()) {
            throw new RecordException(flaws);
        }
        return list;
    }

    /** Has whatever is wrong with a value be a flaw. */
    private Object checked(Class<?> type, JsonElement json) {
        try {
            return value(type, json);
        } catch (RecordException e) {
            throw e;
        } catch (NumberFormatException
                | IllegalStateException
                | UnsupportedOperationException
                | ClassCastException e) {
            throw new RecordException(
                    Flaw.of("Expected " + noun(type) + ", but got " + shortened(json.toString())),
                    e);
        } catch (IllegalArgumentException e) {
            throw new RecordException(Flaw.of(e.getMessage()), e);
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
            return selector(json);
        }
        if (special.hold(type)) {
            return special.read(json, type);
        }
        if (type.isRecord()) {
            return read(json.getAsJsonObject(), type);
        }
        if (use.isSealed(type)) {
            return oneOf(type.getPermittedSubclasses(), json.getAsJsonObject().deepCopy());
        }
        if (!json.getAsJsonPrimitive().isString()) {
            throw new IllegalStateException("A text has quotation marks");
        }
        String text = json.getAsString();
        if (type == String.class) {
            return text;
        }
        return type.isEnum() ? constant(type, text) : FactoryCall.parse(text, type);
    }

    private WeightSelector selector(JsonElement json) {
        WeightSelector.Builder selector = WeightSelector.builder();
        List<Object> rules = list(String.class, json);
        for (int i = 0; i < rules.size(); ++i) {
            try {
                selector.addRule((String) rules.get(i));
            } catch (IllegalArgumentException e) {
                throw new RecordException(Flaw.of(e.getMessage()).in(i), e);
            }
        }
        return selector.build();
    }

    /** Numbers have no quotation marks, but for those that JSON has no words for. */
    private Number number(Class<?> type, JsonPrimitive json) {
        if (json.isNumber()
                || (use == Use.STATE && Numeric.NOT_FINITE.contains(json.getAsString()))) {
            return Numeric.parse(json.getAsString(), type);
        }
        throw new IllegalStateException("A number has no quotation marks");
    }

    private Object oneOf(Class<?>[] types, JsonObject json) {
        JsonElement kind = json.remove(RecordJson.KIND);
        for (Class<?> type : types) {
            if (kind != null && kind.equals(new JsonPrimitive(type.getSimpleName()))) {
                return read(json, type);
            }
        }
        throw new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "The member '%s' is one of %s, but got %s",
                        RecordJson.KIND,
                        Arrays.stream(types).map(Class::getSimpleName).toList(),
                        shortened(String.valueOf(kind))));
    }

    private static Object constant(Class<?> type, String name) {
        List<String> names =
                Stream.of(type.getEnumConstants()).map(c -> ((Enum<?>) c).name()).toList();
        if (!names.contains(name)) {
            throw new RecordException(
                    List.of(
                            Flaw.of(
                                    String.format(
                                            Locale.ROOT,
                                            "%s is one of %s, but got '%s'",
                                            type.getSimpleName(),
                                            names,
                                            shortened(name)),
                                    new Flaw.Choice(name, names))));
        }
        return type.getEnumConstants()[names.indexOf(name)];
    }

    /** Says what a value of a type is, in the words of JSON. */
    private String noun(Class<?> type) {
        if (Numeric.isNumber(type)) {
            return Numeric.noun(type);
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == WeightSelector.class) {
            return "a list of rules such as excludeBlock(Conv2d)";
        }
        if (type.isRecord() || use.isSealed(type) || special.hold(type)) {
            return "names and values of a " + type.getSimpleName();
        }
        return type == String.class ? "a text" : "a text that names a " + type.getSimpleName();
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " ...";
    }
}
