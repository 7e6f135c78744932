package dev.bonsai.command;

import static org.testng.Assert.assertEquals;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The time to go, by a clock of the test's own. */
public class TimeToGoTest {

    @DataProvider
    Object[][] times() {
        return new Object[][] {
            // seconds for so many steps, from some on, of all
            {0, 0.0, 0.0, 10.0, ""},
            {10, 0.0, 10.0, 10.0, ""},
            {10, 0.0, 11.0, 10.0, ""},
            {10, 0.0, 5.0, 10.0, "10 s to go"},
            {10, 5.0, 6.0, 10.0, "40 s to go"},
            {1, 0.0, 9.0, 10.0, "1 s to go"},
            {99, 0.0, 1.0, 2.0, "99 s to go"},
            {100, 0.0, 1.0, 2.0, "2 min to go"},
            {60, 0.0, 0.5, 2.0, "3 min to go"},
            {99 * 60, 0.0, 1.0, 2.0, "99 min to go"},
            {100 * 60, 0.0, 1.0, 2.0, "1 h 40 min to go"},
            {3600, 0.0, 1.0, 11.0, "10 h 00 min to go"},
        };
    }

    @Test(dataProvider = "times")
    public void stepsThatAreDoneTellTheTime(
            int seconds, double before, double done, double all, String text) {
        AtomicLong now = new AtomicLong(1_000_000);
        TimeToGo time = TimeToGo.from(before, () -> Instant.ofEpochMilli(now.get()));
        now.addAndGet(seconds * 1000L);
        assertEquals(time.text(done, all), text);
    }
}
