package dev.bonsai.search;

import com.google.gson.JsonObject;
import java.util.Locale;

/** A trial that is to be run, or looked up in the journal. */
record Assignment(int number, Strategy strategy, int effort) {

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("trial", number);
        json.add("strategy", strategy.toJson());
        json.addProperty("effort", effort);
        return json;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "trial %d with %s and effort %d", number, strategy, effort);
    }
}
