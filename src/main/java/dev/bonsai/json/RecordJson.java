package dev.bonsai.json;

import com.google.gson.JsonObject;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Records as JSON objects and back, strictly: a member that is not known is an error, and so is a
 * number that is out of the range of its type. All that is wrong is told at once.
 *
 * <p>Components are numbers, truth values, texts, enums, {@code Optional}s, lists, records,
 * selectors, sealed interfaces of records in states, values that {@link FactoryCall} makes from a
 * text, and {@link SpecialMembers}. Classes are never looked up by a name from the JSON.
 */
public final class RecordJson {

    private static final RecordJson SETTINGS = ofSettings(SpecialMembers.NONE);

    /** The member that names a record of a sealed interface. */
    static final String KIND = "kind";

    private static final Map<Class<?>, Class<?>> OPTIONAL =
            Map.of(
                    OptionalInt.class, int.class,
                    OptionalLong.class, long.class,
                    OptionalDouble.class, double.class);

    private final MethodHandles.Lookup lookup;
    private final SpecialMembers special;
    private final Use use;

    /** What the records are. */
    enum Use {
        /** A member that is left out is null, which the record takes for the default. */
        SETTINGS("setting"),
        /** Only what is optional may be left out. Numbers may be infinite or none at all. */
        STATE("member");

        final String noun;

        Use(String noun) {
            this.noun = noun;
        }

        /** A sealed interface stands for one of its records, whose name is a member. */
        boolean isSealed(Class<?> type) {
            return this == STATE && type.isSealed();
        }
    }

    private RecordJson(MethodHandles.Lookup lookup, SpecialMembers special, Use use) {
        this.lookup = lookup;
        this.special = special;
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
     * Returns what writes and reads settings that have values of other types too.
     *
     * @param special writes and reads these values
     * @return what writes and reads the settings
     */
    public static RecordJson ofSettings(SpecialMembers special) {
        return new RecordJson(MethodHandles.publicLookup(), special, Use.SETTINGS);
    }

    /**
     * Returns what writes and reads states, every member of which is there.
     *
     * @param lookup a look-up of a class that sees the records, which need not be public
     * @param arrays keeps what is too large for text
     * @return what writes and reads them
     */
    public static RecordJson ofStates(MethodHandles.Lookup lookup, SpecialMembers arrays) {
        return new RecordJson(lookup, arrays, Use.STATE);
    }

    /**
     * Writes a record.
     *
     * @param value the record
     * @return an object of which {@link #fromJson} makes an equal record
     * @throws RecordException if components can't be written down: it names them all
     */
    public JsonObject toJson(Record value) {
        return new RecordWriter(lookup, special, use).write(value);
    }

    /**
     * Reads a record.
     *
     * @param <T> the type of the record
     * @param json the object
     * @param type the type of the record
     * @return the record
     * @throws RecordException if a member is unknown, of a wrong form or out of its range, or one
     *     that must be there is missing: it names all that is wrong
     */
    public <T> T fromJson(JsonObject json, Class<T> type) {
        return new RecordReader(lookup, special, use).read(json, type);
    }

    /** Tells whether a type is that of a component that may be absent. */
    static boolean isOptional(Class<?> type) {
        return OPTIONAL.containsKey(type) || type == Optional.class;
    }

    /** Returns the type of a component, or of what its optional or list holds. */
    static Class<?> valueType(RecordComponent component) {
        if (OPTIONAL.containsKey(component.getType())) {
            return OPTIONAL.get(component.getType());
        }
        Type type = component.getGenericType();
        return type instanceof ParameterizedType generic
                ? (Class<?>) generic.getActualTypeArguments()[0]
                : component.getType();
    }
}
