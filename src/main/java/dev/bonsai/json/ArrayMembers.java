package dev.bonsai.json;

import com.google.gson.JsonElement;

/** Components of records that are too large for text: JSON refers to what is kept elsewhere. */
public interface ArrayMembers {

    /** Leaves out all of them: a record has none. */
    ArrayMembers NONE =
            new ArrayMembers() {
                @Override
                public boolean hold(Class<?> type) {
                    return false;
                }

                @Override
                public JsonElement write(Object value) {
                    throw new IllegalArgumentException("The record has an array: " + value);
                }

                @Override
                public Object read(JsonElement json, Class<?> type) {
                    throw new IllegalArgumentException("The record has an array: " + type);
                }
            };

    /**
     * Tells whether values of a type are kept elsewhere.
     *
     * @param type the type of a component, or of what its optional or list holds
     * @return whether they are
     */
    boolean hold(Class<?> type);

    /**
     * Keeps a value.
     *
     * @param value a value of such a type
     * @return what refers to it
     */
    JsonElement write(Object value);

    /**
     * Returns a value that was kept.
     *
     * @param json what refers to it
     * @param type such a type
     * @return the value
     * @throws IllegalArgumentException if nothing of that type is there
     * @throws IllegalStateException if the JSON is no reference
     */
    Object read(JsonElement json, Class<?> type);
}
