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
 * @param best whether this is the best outcome so far, and of equals the one with the lowest
 *     number: for a listener of the trials that have ended, in a result of those up to this number
 */
public record SearchTrial(
        int number,
        Strategy strategy,
        int effort,
        Optional<Outcome> outcome,
        Optional<String> failure,
        Duration time,
        boolean best) {

    public SearchTrial {
        if (outcome.isPresent() == failure.isPresent()) {
            throw new IllegalArgumentException(
                    "A trial has either an outcome or a failure, but got " + outcome + failure);
        }
        if (time.isNegative()) { // which would make the budget larger
            throw new IllegalArgumentException("A trial takes some time, but got " + time);
        }
    }

    static SearchTrial of(Assignment assignment, Attempt attempt) {
        return new SearchTrial(
                assignment.number(),
                assignment.strategy(),
                assignment.effort(),
                attempt.outcome(),
                attempt.failure(),
                attempt.time(),
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
            return of(of, Attempt.failed(failure.getAsString(), time));
        }
        Outcome outcome =
                new Outcome(json.get("bytes").getAsLong(), json.get("metric").getAsDouble());
        return of(of, Attempt.succeeded(outcome, time));
    }

    JsonObject toJson() {
        JsonObject json = new Assignment(number, strategy, effort).toJson(Assignment.TRIAL);
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
