package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.training.tracker.Tracker;
import dev.bonsai.examples.network.Network;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class DenseTrainingTest {

    /** It is in the files of earlier runs, which are taken for those of others if it changes. */
    @Test
    public void theWayOfTheNetworksOnDigitsIsCalledAsItWas() {
        for (Network network : new Network[] {Network.LENET5, Network.LENET300, Network.TINY}) {
            assertEquals(
                    DenseTraining.of(network).toString(),
                    "Adam from 0.001 to 1.0E-5 by a cosine in batches of 128, shifted by one"
                            + " pixel");
        }
    }

    @Test
    public void theWayOfTheResidualNetworkIsWrittenDown() {
        assertEquals(
                DenseTraining.of(Network.RESNET8).toString(),
                "SGD with a momentum of 0.9 and a weight decay of 5.0E-4, from 0.01 up to 0.1 in"
                        + " the first 15th of the epochs and by a cosine to 1.0E-4, in batches of"
                        + " 128, mirrored and shifted by four pixels");
    }

    @DataProvider
    public Object[][] lengths() {
        return new Object[][] {{1, 7, 7}, {2, 7, 7}, {22, 7, 7}, {23, 7, 14}, {36, 359, 718}};
    }

    @Test(dataProvider = "lengths")
    public void theRateRisesAndThenFallsToTheEnd(int epochs, int batches, int up) {
        Tracker rate = DenseTraining.upAndDown(epochs, batches, 0.05f);
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
        Tracker rate = DenseTraining.afterQuietEpoch(16, 7, 0.05f);
        Tracker others = DenseTraining.upAndDown(15, 7, 0.05f);
        for (int update = 0; update < 7; ++update) {
            assertEquals(rate.getNewValue(update), DenseTraining.LOWEST_RATE, 0);
        }
        for (int update = 7; update < 16 * 7; ++update) {
            assertEquals(rate.getNewValue(update), others.getNewValue(update - 7), 0);
        }
    }
}
