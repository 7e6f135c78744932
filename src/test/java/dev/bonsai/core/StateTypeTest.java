package dev.bonsai.core;

import static dev.bonsai.core.Messages.assertMessage;

import java.lang.invoke.MethodHandles;
import java.util.SplittableRandom;
import org.testng.Assert;
import org.testng.annotations.Test;

/** What states are named by and count, within their ranges. */
public class StateTypeTest {

    record Mask() implements TransformState {}

    private static final class NoRecord implements TransformState {}

    @Test
    void aTypeIsARecordWithAShortName() {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Assert.assertEquals(StateType.of("mask2", Mask.class, lookup).name(), "mask2");
        for (String name : new String[] {"", " ", "a.b", "a/b", "\u00fc", "x".repeat(65)}) {
            assertMessage(() -> StateType.of(name, Mask.class, lookup), "'" + name + "'", "mask");
        }
        assertMessage(
                () -> StateType.of("mask", NoRecord.class, lookup), "NoRecord", "is a record");
    }

    @Test
    void skippedDrawsAreThoseThatWereMade() {
        CountedRandom drawn = new CountedRandom(new SplittableRandom(3), 1 << 18);
        int last = 0;
        for (int i = 0; i < 100; ++i) {
            last = drawn.next();
        }
        CountedRandom skipped = new CountedRandom(new SplittableRandom(3), 1 << 18);
        Assert.assertEquals(skipped.skip(drawn.draws()), last);
        Assert.assertEquals(skipped.draws(), 100);
        Assert.assertEquals(skipped.next(), drawn.next());
        Assert.assertEquals(new CountedRandom(new SplittableRandom(3), 2).skip(0), 0);
    }

    @Test
    void noTrainingDrawsLessThanNothingOrForYears() {
        for (long draws : new long[] {-1, Long.MIN_VALUE, (1L << 36) + 1, Long.MAX_VALUE}) {
            assertMessage(() -> CountedRandom.checkDraws(draws), "but got " + draws);
            assertMessage(() -> new RotatingNoise.State(0, draws), "but got " + draws);
        }
        assertMessage(() -> new RotatingNoise.State(-1, 0), "but got -1");
        assertMessage(() -> new RotatingNoise.State(1 << 24, 0), "but got 16777216");
    }
}
