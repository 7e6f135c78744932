package dev.bonsai.search;

import com.google.gson.JsonObject;
import java.io.Serializable;
import java.util.Locale;

/**
 * A trial that is to be run, or looked up in the journal.
 *
 * @param number the number of the trial, from 1
 * @param strategy what to try
 * @param effort the effort to try it with
 */
public record Assignment(int number, Strategy strategy, int effort) implements Serializable {

    /** The name of its number in a line of the journal that tells the result. */
    static final String TRIAL = "trial";

    /** The name of its number in a line of the journal that tells that it was asked for. */
    static final String ASKED = "asked";

    static final String STRATEGY = "strategy";
    static final String EFFORT = "effort";

    JsonObject toJson(String nameOfNumber) {
        JsonObject json = new JsonObject();
        json.addProperty(nameOfNumber, number);
        json.add(STRATEGY, strategy.toJson());
        json.addProperty(EFFORT, effort);
        return json;
    }

    /** Returns such as {@code trial 3 with sparsity=0.98 bits=3 and effort 5}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "trial %d with %s and effort %d", number, strategy, effort);
    }
}
