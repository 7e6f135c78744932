package dev.bonsai.json;

import com.google.gson.JsonElement;

/**
 * Components that {@link RecordJson} leaves to others: values that are too large for text, which
 * JSON refers to, or of a type that only others know.
 */
public interface SpecialMembers {

    /** Leaves out all of them: a record has none. */
    SpecialMembers NONE =
            new SpecialMembers() {
                @Override
                public boolean hold(Class<?> type) {
                    return false;
                }

                @Override
                public JsonElement write(Object value) {
                    throw new IllegalArgumentException("The record has a special member: " + value);
                }

                @Override
                public Object read(JsonElement json, Class<?> type) {
                    throw new IllegalArgumentException("The record has a special member: " + type);
                }
            };

    /**
     * Tells whether values of a type are left to this.
     *
     * @param type the type of a component, or of what its optional or list holds
     * @return whether they are
     */
    boolean hold(Class<?> type);

    /**
     * Writes a value.
     *
     * @param value a value of such a type
     * @return what stands for it, or refers to it
     */
    JsonElement write(Object value);

    /**
     * Reads a value.
     *
     * @param json what stands for it, or refers to it
     * @param type such a type
     * @return the value
     * @throws IllegalArgumentException if the value is wrong, or nothing of that type is there
     * @throws IllegalStateException if the JSON is of another form
     */
    Object read(JsonElement json, Class<?> type);
}
