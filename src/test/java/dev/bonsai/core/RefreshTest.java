package dev.bonsai.core;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.core.Refresh.Unit;
import org.testng.annotations.Test;

public class RefreshTest {

    @Test
    void isDueWhenItsOwnUnitHasPassedTheIntervalAgain() {
        Refresh steps = new Refresh(3, 1);
        for (int count = 1; count < 10; ++count) {
            assertEquals(steps.isDue(Unit.STEP, count), count % 3 == 0);
            assertFalse(steps.isDue(Unit.EPOCH, count));
            assertTrue(Refresh.EACH_EPOCH.isDue(Unit.EPOCH, count));
            assertFalse(Refresh.EACH_EPOCH.isDue(Unit.STEP, count));
            assertFalse(Refresh.NONE.isDue(Unit.STEP, count));
        }
    }

    @Test
    void aRampBetweenEpochsIsRefused() {
        String message =
                expectThrows(IllegalArgumentException.class, () -> new Refresh(1, Unit.EPOCH, 4))
                        .getMessage();
        assertTrue(message.contains("use new Refresh(100, 4)"), message);
    }
}
