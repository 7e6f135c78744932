package dev.bonsai.command;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;

/** Tells how long work of equal steps will still take, by the time of those that are done. */
public final class TimeToGo {

    private final InstantSource clock;
    private final long begin;
    private final double before;

    private TimeToGo(InstantSource clock, double before) {
        this.clock = clock;
        this.before = before;
        begin = clock.millis();
    }

    /**
     * Begins to measure.
     *
     * @param before the steps that were done before
     * @return the measure
     */
    public static TimeToGo from(double before) {
        return from(before, InstantSource.system());
    }

    /** Begins to measure by a clock. */
    static TimeToGo from(double before, InstantSource clock) {
        return new TimeToGo(clock, before);
    }

    /**
     * Says the time for people.
     *
     * @param done the steps that are done, those from before included
     * @param all all steps
     * @return the time, such as {@code 3 min to go}; empty if nothing is to go or was measured
     */
    public String text(double done, double all) {
        double measured = done - before;
        if (measured <= 0 || done >= all) {
            return "";
        }
        long passed = clock.millis() - begin;
        return duration(Duration.ofMillis(Math.round(passed / measured * (all - done)))) + " to go";
    }

    /** The two largest units, and none that is all but nothing beside them. */
    private static String duration(Duration time) {
        long seconds = Math.max(1, (time.toMillis() + 500) / 1000);
        if (seconds < 100) {
            return seconds + " s";
        }
        long minutes = (seconds + 30) / 60;
        if (minutes < 100) {
            return minutes + " min";
        }
        return String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60);
    }
}
