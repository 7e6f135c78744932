package dev.bonsai.search;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * One trial of a search, as it stands in the journal. It has either an outcome or a failure.
 *
 * @param number the number of the trial, from 1
 * @param strategy what was tried
 * @param effort the effort it was tried with
 * @param outcome what the experiment found
 * @param failure the exception of an experiment that failed, cut after some thousand letters
 * @param time how long the experiment took, in whole milliseconds; not negative
 * @param best whether this was the best outcome so far when the trial ended
 */
public record SearchTrial(
        int number,
        Strategy strategy,
        int effort,
        Optional<Outcome> outcome,
        Optional<String> failure,
        Duration time,
        boolean best) {

    /** A message may hold anything, but a line of the journal is of a bounded length. */
    private static final int MOST_OF_A_FAILURE = 10_000;

    public SearchTrial {
        if (outcome.isPresent() == failure.isPresent()) {
            throw new IllegalArgumentException(
                    "A trial has either an outcome or a failure, but got " + outcome + failure);
        }
        if (time.isNegative()) { // which would make the budget larger
            throw new IllegalArgumentException("A trial takes some time, but got " + time);
        }
    }

    static SearchTrial succeeded(Assignment of, Outcome outcome, Duration time) {
        return new SearchTrial(
                of.number(),
                of.strategy(),
                of.effort(),
                Optional.of(outcome),
                Optional.empty(),
                time,
                false);
    }

    static SearchTrial failed(Assignment of, String message, Duration time) {
        String failure = message.substring(0, Math.min(MOST_OF_A_FAILURE, message.length()));
        return new SearchTrial(
                of.number(),
                of.strategy(),
                of.effort(),
                Optional.empty(),
                Optional.of(failure),
                time,
                false);
    }

    SearchTrial asBest() {
        return new SearchTrial(number, strategy, effort, outcome, failure, time, true);
    }

    /** Reads what {@link #toJson} gave, of a trial that is known to be the assignment. */
    static SearchTrial fromJson(Assignment of, JsonObject json) {
        Duration time = Duration.ofMillis(json.get("millis").getAsLong());
        JsonElement failure = json.get("failure");
        if (failure != null) {
            return failed(of, failure.getAsString(), time);
        }
        long bytes = json.get("bytes").getAsLong();
        return succeeded(of, new Outcome(bytes, json.get("metric").getAsDouble()), time);
    }

    JsonObject toJson() {
        JsonObject json = new Assignment(number, strategy, effort).toJson();
        outcome.ifPresent(
                found -> {
                    json.addProperty("bytes", found.bytes());
                    json.addProperty("metric", found.metric());
                });
        failure.ifPresent(message -> json.addProperty("failure", message));
        json.addProperty("millis", time.toMillis());
        return json;
    }
}
