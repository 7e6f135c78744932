package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;

import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.network.Network;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class RecipeTest {

    private static final int MNIST = 55_000;

    @DataProvider
    public Object[][] onManyImages() {
        float usual = 1e-3f;
        float faster = 2e-3f;
        return new Object[][] {
            {Network.LENET5, new Recipe(Preset.STANDARD, 8, 16, 10, usual, 0.96f, 4, 0.004f)},
            {Network.LENET300, new Recipe(Preset.STANDARD, 15, 20, 10, usual, 0.95f, 4, 0.006f)},
            {Network.TINY, new Recipe(Preset.STANDARD, 12, 16, 10, usual, 0.80f, 4, 0.005f)},
            {Network.RESNET8, new Recipe(Preset.STANDARD, 120, 20, 10, usual, 0.70f, 4, 0.01f)},
            {Network.LENET5, new Recipe(Preset.SMALL, 8, 28, 8, faster, 0.984f, 3, 0.015f)},
            {Network.LENET300, new Recipe(Preset.SMALL, 15, 30, 8, faster, 0.957f, 3, 0.01f)},
            {Network.TINY, new Recipe(Preset.SMALL, 12, 30, 8, faster, 0.85f, 3, 0.005f)},
        };
    }

    /** The figures in the README were measured with these. */
    @Test(dataProvider = "onManyImages")
    public void theRecipesForManyImagesStayAsTheyAre(Network network, Recipe recipe) {
        assertEquals(Recipes.of(network, recipe.preset(), MNIST), recipe);
    }

    @Test
    public void theResidualNetworkTakesOneStep() {
        for (Preset preset : new Preset[] {Preset.SMALL, Preset.THIN, Preset.FAST}) {
            Recipe recipe = Recipes.of(Network.RESNET8, preset, MNIST);
            assertEquals(recipe.steps(), 1);
            assertEquals(recipe.recovery(), Recovery.LONG);
            assertEquals(Recipes.of(Network.LENET5, preset, MNIST).recovery(), Recovery.SHORT);
        }
    }

    @Test
    public void theBundledDigitsHaveAStandardRecipeOfTheirOwn() {
        int images = DataSource.DIGITS.load().trainingSize();
        for (Network network : Network.values()) {
            assertNotEquals(
                    Recipes.of(network, Preset.STANDARD, images),
                    Recipes.of(network, Preset.STANDARD, MNIST));
        }
    }
}
