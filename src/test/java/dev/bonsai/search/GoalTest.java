package dev.bonsai.search;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class GoalTest {

    @DataProvider
    static Object[][] goals() {
        return new Object[][] {
            {Goal.maxBytes(4)},
            {Goal.maxBytes(4, Better.LOWER)},
            {Goal.minMetric(0.5)},
            {Goal.maxMetric(0.5)},
        };
    }

    @Test(dataProvider = "goals")
    void rankingIsATotalOrder(Goal goal) {
        List<Outcome> outcomes = Toy.outcomes(60, 1);
        Comparator<Outcome> order = goal.ranking();
        for (Outcome a : outcomes) {
            for (Outcome b : outcomes) {
                int sign = Integer.signum(order.compare(a, b));
                assertEquals(sign, -Integer.signum(order.compare(b, a)));
                assertEquals(sign == 0, a.equals(b));
                for (Outcome c : outcomes) {
                    if (sign <= 0 && order.compare(b, c) <= 0) {
                        assertTrue(order.compare(a, c) <= 0);
                    }
                }
            }
        }
    }

    @Test(dataProvider = "goals")
    void thoseThatMeetTheGoalComeFirst(Goal goal) {
        List<Outcome> sorted = new ArrayList<>(Toy.outcomes(60, 2));
        sorted.sort(goal.ranking());
        for (int i = 1; i < sorted.size(); ++i) {
            assertTrue(goal.isMet(sorted.get(i - 1)) || !goal.isMet(sorted.get(i)));
        }
    }

    @Test(dataProvider = "goals")
    void whatIsBetterInBothIsBetter(Goal goal) {
        Comparator<Outcome> metric = goal.better().bestFirst();
        List<Outcome> outcomes = Toy.outcomes(60, 3);
        for (Outcome a : outcomes) {
            for (Outcome b : outcomes) {
                if (a.bytes() <= b.bytes() && metric.compare(a, b) <= 0) {
                    assertTrue(goal.ranking().compare(a, b) <= 0);
                }
            }
        }
    }

    private static List<Outcome> ranked(Goal goal, Outcome... outcomes) {
        return List.of(outcomes).stream().sorted(goal.ranking()).toList();
    }

    @Test
    void withinBytesTheBestMetricWinsAndBeyondThemTheFewestBytes() {
        Outcome good = new Outcome(100, 0.9);
        Outcome same = new Outcome(90, 0.9);
        Outcome bad = new Outcome(10, 0.8);
        Outcome beyond = new Outcome(101, 0.99);
        Outcome farBeyond = new Outcome(200, 1);
        assertEquals(
                ranked(Goal.maxBytes(100), farBeyond, bad, good, beyond, same),
                List.of(same, good, bad, beyond, farBeyond));
        assertEquals(
                ranked(Goal.maxBytes(100, Better.LOWER), farBeyond, bad, good, beyond, same),
                List.of(bad, same, good, beyond, farBeyond));
    }

    @Test
    void withinToleranceTheFewestBytesWinAndBeyondItTheBestMetric() {
        Outcome small = new Outcome(10, 0.5);
        Outcome same = new Outcome(10, 0.6);
        Outcome large = new Outcome(100, 0.9);
        Outcome beyond = new Outcome(1, 0.4);
        Outcome farBeyond = new Outcome(0, 0.1);
        assertEquals(
                ranked(Goal.minMetric(0.5), farBeyond, large, small, beyond, same),
                List.of(same, small, large, beyond, farBeyond));
        assertEquals(
                ranked(Goal.maxMetric(0.5), farBeyond, large, small, beyond, same),
                List.of(farBeyond, beyond, small, same, large));
    }

    @Test
    void metricOf32BitsMeetsItsOwnLimit() {
        double below = 0.95f;
        assertTrue(below < 0.95);
        assertTrue(Goal.minMetric(0.95).isMet(new Outcome(1, below)));
        assertTrue(Goal.maxMetric(0.99).isMet(new Outcome(1, 0.99f)));
        assertFalse(Goal.minMetric(0.95).isMet(new Outcome(1, 0.9499)));
    }

    @Test
    void goalsSayWhatTheySeek() {
        assertEquals(Goal.maxBytes(10).toString(), "the highest metric within 10 bytes");
        assertEquals(
                Goal.maxBytes(10, Better.LOWER).toString(), "the lowest metric within 10 bytes");
        assertEquals(
                Goal.minMetric(0.99).toString(), "the fewest bytes with a metric of at least 0.99");
        assertEquals(
                Goal.maxMetric(0.1).toString(), "the fewest bytes with a metric of at most 0.1");
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Goal.maxBytes(0));
        assertThrows(IllegalArgumentException.class, () -> Goal.minMetric(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new Outcome(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Outcome(1, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new Outcome(1, 1.0 / 0));
    }
}
