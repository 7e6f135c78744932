package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;

import dev.bonsai.examples.network.Network;
import dev.bonsai.recipe.TrainingPlan;
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
                "SGD with a momentum of 0.9 and a weight decay of 2.0E-4, from 0.01 up to 0.1 in"
                        + " the first 15th of the epochs and by a cosine to 1.0E-4, in batches of"
                        + " 128, mirrored and shifted by four pixels");
    }

    @Test
    public void theWayOfTheFewestWeightsIsWrittenDown() {
        assertEquals(
                DenseTraining.of(Network.NANO).toString(),
                "Adam from a tenth up to 0.01 in the first 15th of the epochs and by a cosine to"
                        + " 1.0E-5, in batches of 128, shifted by one pixel");
    }

    @Test
    public void anotherPlanIsNamedAsARecipeNamesIt() {
        TrainingPlan usual = DenseTraining.ADAM.plan(3);
        assertEquals(DenseTraining.describe(usual, 128), DenseTraining.ADAM.toString());
        assertEquals(
                DenseTraining.describe(usual, 64),
                "adam by cosine(0.001, 1.0E-5), to minimise crossEntropy, in batches of 64");
    }
}
