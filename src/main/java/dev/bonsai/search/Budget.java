package dev.bonsai.search;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** What a search may use up, the time before interruptions included. */
record Budget(OptionalInt maxTrials, Optional<Duration> maxTime) {

    static final Budget NONE = new Budget(OptionalInt.empty(), Optional.empty());

    Budget withTrials(int trials) {
        if (trials < 1) {
            throw new IllegalArgumentException(
                    "A search may run 1 or more trials, but got " + trials);
        }
        return new Budget(OptionalInt.of(trials), maxTime);
    }

    Budget withTime(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(
                    "A search may take more than no time, but got " + time);
        }
        return new Budget(maxTrials, Optional.of(time));
    }

    /**
     * Returns which part is spent, if any.
     *
     * @param trials how many were asked for
     * @param time how long those took that have ended
     */
    Optional<Ending> spent(int trials, Duration time) {
        if (maxTrials.isPresent() && trials >= maxTrials.getAsInt()) {
            return Optional.of(Ending.TRIALS_SPENT);
        }
        return maxTime.filter(most -> time.compareTo(most) >= 0).map(most -> Ending.TIME_SPENT);
    }
}
