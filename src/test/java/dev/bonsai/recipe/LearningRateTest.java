package dev.bonsai.recipe;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.training.tracker.Tracker;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class LearningRateTest {

    private static final float LOWEST = 1e-4f;

    @DataProvider
    public Object[][] lengths() {
        return new Object[][] {{1, 7, 7}, {2, 7, 7}, {22, 7, 7}, {23, 7, 14}, {36, 359, 718}};
    }

    @Test(dataProvider = "lengths")
    public void theRateRisesAndThenFallsToTheEnd(int epochs, int batches, int up) {
        Tracker rate = LearningRate.upAndDown(0.05f, LOWEST).newTracker(epochs, batches);
        assertEquals(rate.getNewValue(0), 0.005f, 1e-6f);
        for (int update = 1; update < epochs * batches; ++update) {
            float before = rate.getNewValue(update - 1);
            float now = rate.getNewValue(update);
            // at its top a cosine is flatter than floats can tell
            assertTrue(update <= up ? now > before : now <= before, "update " + update);
        }
        assertEquals(rate.getNewValue(up), 0.05f, 1e-6f);
        assertEquals(rate.getNewValue(epochs * batches), epochs == 1 ? 0.05f : 1e-4f, 1e-6f);
    }

    @Test
    public void theFirstEpochOfALongRecoveryIsQuiet() {
        Tracker rate =
                LearningRate.upAndDown(0.05f, LOWEST).afterQuietEpoch(0.002f).newTracker(16, 7);
        Tracker others = LearningRate.upAndDown(0.05f, LOWEST).newTracker(15, 7);
        for (int update = 1; update <= 7; ++update) { // as DJL's optimizers count
            assertEquals(rate.getNewValue(update), 0.002f, 0);
        }
        for (int update = 8; update <= 16 * 7; ++update) {
            assertEquals(rate.getNewValue(update), others.getNewValue(update - 7), 0);
        }
    }
}
