package dev.bonsai.pruning;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class SparsityScheduleTest {

    @DataProvider
    Object[][] schedules() {
        List<Object[]> rows = new ArrayList<>();
        for (double target : new double[] {0, 0.3, 0.9, 0.99, 0.9999}) {
            rows.add(new Object[] {SparsitySchedule.constant(), 1, target});
            for (int steps : new int[] {1, 2, 7, 100}) {
                rows.add(new Object[] {SparsitySchedule.linear(steps), steps, target});
                rows.add(new Object[] {SparsitySchedule.cubic(steps), steps, target});
                rows.add(new Object[] {SparsitySchedule.polynomial(steps, 0.5), steps, target});
                rows.add(new Object[] {SparsitySchedule.exponential(steps), steps, target});
                rows.add(
                        new Object[] {
                            SparsitySchedule.fromTracker(k -> 1 - 1f / (k + 1), steps),
                            steps,
                            target
                        });
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "schedules")
    void growsToTheTargetWithoutTurningBack(SparsitySchedule schedule, int steps, double target) {
        double[] sparsities = schedule.sparsities(target);
        assertEquals(sparsities.length, steps);
        double last = 0;
        for (double sparsity : sparsities) {
            assertTrue(sparsity >= last && sparsity <= target, last + " to " + sparsity);
            last = sparsity;
        }
        assertEquals(last, target, 0.0); // exactly: the target is what was asked for
    }

    @Test
    void cubicRemovesMostAtFirst() {
        // By hand: 0.8 * (1 - (1/2)^3)
        assertEquals(SparsitySchedule.cubic(2).sparsities(0.8)[0], 0.7, 1e-12); // rounding
    }

    @Test
    void linearTakesEqualSteps() {
        double[] expected = {0.2, 0.4, 0.6, 0.8};
        assertEquals(SparsitySchedule.linear(4).sparsities(0.8), expected, 1e-12); // rounding
    }

    @Test
    void exponentialRemovesTheSameShareOfWhatIsLeft() {
        double[] expected = {0.9, 0.99, 0.999};
        assertEquals(
                SparsitySchedule.exponential(3).sparsities(0.999), expected, 1e-12); // rounding
    }

    @Test
    void aTrackerIsCutDownToTheTarget() {
        Tracker tracker = k -> 0.25f * k;
        double[] expected = {0.25, 0.4, 0.4};
        assertEquals(SparsitySchedule.fromTracker(tracker, 3).sparsities(0.4), expected, 0.0);
    }

    @Test
    void aTrackersFloatsAreReadAsTheirDecimals() {
        assertEquals(
                SparsitySchedule.fromTracker(Tracker.fixed(0.7f), 2).sparsities(0.9)[0], 0.7, 0.0);
    }

    @DataProvider
    Object[][] badTrackers() {
        return new Object[][] {
            {(Tracker) k -> 0.5f - 0.1f * k, "0.3", "step 2"},
            {(Tracker) k -> 0.6f * k, "1.2", "step 2"},
            {(Tracker) k -> -0.1f, "-0.1", "step 1"},
            {(Tracker) k -> Float.NaN, "NaN", "step 1"},
        };
    }

    @Test(dataProvider = "badTrackers")
    void aTrackerThatDecreasesOrLeavesTheRangeIsRefused(Tracker tracker, String got, String step) {
        SparsitySchedule schedule = SparsitySchedule.fromTracker(tracker, 3);
        String message =
                expectThrows(IllegalArgumentException.class, () -> schedule.sparsities(0.9))
                        .getMessage();
        assertTrue(message.contains(got) && message.contains(step), message);
    }

    @Test
    void aScheduleWithoutStepsIsRefused() {
        expectThrows(IllegalArgumentException.class, () -> SparsitySchedule.linear(0));
        expectThrows(IllegalArgumentException.class, () -> SparsitySchedule.polynomial(3, 0));
        expectThrows(
                IllegalArgumentException.class, () -> SparsitySchedule.polynomial(3, Double.NaN));
    }
}
