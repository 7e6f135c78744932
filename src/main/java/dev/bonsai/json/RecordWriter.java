package dev.bonsai.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.json.RecordJson.Use;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Writes records as JSON. */
final class RecordWriter {

    private final MethodHandles.Lookup lookup;
    private final SpecialMembers special;
    private final Use use;

    RecordWriter(MethodHandles.Lookup lookup, SpecialMembers special, Use use) {
        this.lookup = lookup;
        this.special = special;
        this.use = use;
    }

    JsonObject write(Record value) {
        JsonObject json = new JsonObject();
        List<Flaw> flaws = new ArrayList<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object member = unwrapped(get(component, value));
            if (member != null) {
                try {
                    json.add(component.getName(), element(member, RecordJson.valueType(component)));
                } catch (RecordException e) {
                    json.add(component.getName(), e.getPartial());
                    flaws.addAll(e.in(component.getName()));
                } catch (IllegalArgumentException | IllegalStateException e) {
                    json.add(component.getName(), JsonNull.INSTANCE);
                    flaws.add(Flaw.of(e.getMessage()).in(component.getName()));
                }
            }
        }
        if (!flaws.isEmpty()) {
            throw new RecordException(flaws, json);
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
            return array(list, type);
        }
        if (value instanceof WeightSelector selector) {
            return array(selector.getRules(), String.class);
        }
        if (special.hold(type)) {
            return special.write(value);
        }
        if (type.isEnum()) {
            return new JsonPrimitive(((Enum<?>) value).name());
        }
        if (use.isSealed(type)) {
            return named((Record) value);
        }
        return type.isRecord()
                ? write((Record) value)
                : new JsonPrimitive(FactoryCall.text(value, type));
    }

    private JsonArray array(List<?> list, Class<?> type) {
        JsonArray array = new JsonArray();
        List<Flaw> flaws = new ArrayList<>();
        for (int i = 0; i < list.size(); ++i) {
            try {
                array.add(element(list.get(i), type));
            } catch (RecordException e) {
                array.add(e.getPartial());
                flaws.addAll(e.in(i));
            } catch (IllegalArgumentException | UnsupportedOperationException e) {
                array.add(JsonNull.INSTANCE);
                flaws.add(Flaw.of(e.getMessage()).in(i));
            }
        }
        if (!flaws.isEmpty()) {
            throw new RecordException(flaws, array);
        }
        return array;
    }

    private JsonObject named(Record value) {
        JsonObject json = write(value);
        json.addProperty(RecordJson.KIND, value.getClass().getSimpleName());
        return json;
    }
}
