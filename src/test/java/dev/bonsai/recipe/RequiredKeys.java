package dev.bonsai.recipe;

import com.google.gson.JsonObject;
import dev.bonsai.core.Technique;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which components of a record must be there: those without which none of many samples can be read.
 */
final class RequiredKeys {

    private final Map<Class<?>, List<JsonObject>> samples = new HashMap<>();

    RequiredKeys() {
        RecipeSamples.all().forEach(this::gather);
    }

    private void gather(Object value) {
        if (value instanceof Optional<?> optional) {
            optional.ifPresent(this::gather);
        } else if (value instanceof List<?> list) {
            list.forEach(this::gather);
        } else if (value instanceof Technique technique) {
            gather(technique.getSettings());
        } else if (value instanceof Record record
                && value.getClass().getName().startsWith("dev.bonsai.")
                && !isNamed(value.getClass())) {
            samples.computeIfAbsent(value.getClass(), type -> new ArrayList<>())
                    .add(RecipeTree.records().toJson(record));
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                gather(get(component, value));
            }
        }
    }

    /** Records behind an interface are written as texts. */
    private static boolean isNamed(Class<?> type) {
        return !java.lang.reflect.Modifier.isPublic(type.getModifiers())
                || dev.bonsai.gate.Warmup.class.isAssignableFrom(type);
    }

    private static Object get(RecordComponent component, Object value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isRequired(Class<?> type, String name) {
        return samples.get(type).stream().noneMatch(sample -> isReadWithout(sample, name, type));
    }

    private static boolean isReadWithout(JsonObject sample, String name, Class<?> type) {
        JsonObject copy = sample.deepCopy();
        copy.remove(name);
        try {
            RecipeTree.records().fromJson(copy, type);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
