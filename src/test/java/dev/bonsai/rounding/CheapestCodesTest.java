package dev.bonsai.rounding;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.Codes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What is chosen among neighbours on a grid. */
public class CheapestCodesTest {

    private static final double[] LAMBDAS = {0, 0.01, 0.03, 0.1, 0.2, 0.4, 1};

    /** Three layers, of which each one's inputs are the outputs of the one before, and a bias. */
    private static List<SteppedWeight> model(int bits, double density, boolean weighted) {
        List<SteppedWeight> weights = new ArrayList<>();
        for (int[] shape : new int[][] {{12, 1, 3, 3}, {16, 12, 3, 3}, {10, 16}, {10}}) {
            int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
            float[] latent = Grids.latent(size, size, density);
            float[] importance = Grids.latent(size + 1, weighted ? size : 0, 1);
            for (int i = 0; i < importance.length; ++i) {
                importance[i] *= importance[i];
            }
            weights.add(Grids.stepped(latent, bits, importance, shape));
        }
        return weights;
    }

    private static List<Codes> chosen(List<SteppedWeight> weights, double lambda) {
        CheapestCodes cheapest = new CheapestCodes(lambda);
        return weights.stream().map(cheapest::of).toList();
    }

    private static double error(List<SteppedWeight> weights, List<Codes> codes) {
        double error = 0;
        for (int i = 0; i < codes.size(); ++i) {
            error += Grids.error(weights.get(i), codes.get(i));
        }
        return error;
    }

    private static List<Codes> given(List<SteppedWeight> weights) {
        return weights.stream().map(weight -> weight.grid().codes()).toList();
    }

    @DataProvider
    Object[][] models() {
        List<Object[]> rows = new ArrayList<>();
        for (int bits : new int[] {2, 3, 4, 8}) {
            for (double density : new double[] {0.03, 0.3, 1}) {
                for (boolean weighted : new boolean[] {false, true}) {
                    rows.add(new Object[] {bits, density, weighted});
                }
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "models")
    void nothingMovesWhereABitCostsNothing(int bits, double density, boolean weighted) {
        List<SteppedWeight> weights = model(bits, density, weighted);
        assertEquals(chosen(weights, 0), given(weights));
    }

    @Test(dataProvider = "models")
    void codesGoOneStepNearerOrToZeroAndNeverBack(int bits, double density, boolean weighted) {
        List<SteppedWeight> weights = model(bits, density, weighted);
        for (double lambda : LAMBDAS) {
            List<Codes> chosen = chosen(weights, lambda);
            for (int k = 0; k < weights.size(); ++k) {
                for (int i = 0; i < chosen.get(k).size(); ++i) {
                    int from = weights.get(k).grid().codes().get(i);
                    int to = chosen.get(k).get(i);
                    boolean neighbour = to == from || to == from - Integer.signum(from) || to == 0;
                    assertTrue(neighbour, from + " became " + to);
                }
            }
        }
    }

    /** In a single weight; behind others the coder has learned other things. */
    @Test(dataProvider = "models")
    void theErrorRisesByAtMostLambdaTimesTheBitsSaved(int bits, double density, boolean weighted) {
        for (SteppedWeight weight : model(bits, density, weighted)) {
            List<SteppedWeight> alone = List.of(weight);
            double error = error(alone, given(alone));
            double taken = Grids.bits(alone, given(alone));
            for (double lambda : LAMBDAS) {
                List<Codes> chosen = chosen(alone, lambda);
                double saved = taken - Grids.bits(alone, chosen);
                assertTrue(saved >= 0, "saved " + saved);
                double rise = error(alone, chosen) - error;
                assertTrue(rise <= lambda * saved + 1e-9, rise + " for " + saved); // sums
            }
        }
    }

    @Test(dataProvider = "models")
    void theMoreABitCostsTheFewerThereAre(int bits, double density, boolean weighted) {
        List<SteppedWeight> weights = model(bits, density, weighted);
        double least = Double.POSITIVE_INFINITY;
        for (double lambda : LAMBDAS) {
            double taken = Grids.bits(weights, chosen(weights, lambda));
            // choices are made one by one, so that the sum is not quite the least
            assertTrue(taken <= 1.002 * least + Byte.SIZE, taken + " after " + least);
            least = Math.min(least, taken);
        }
        double most = Grids.bits(weights, given(weights));
        assertTrue(least < (bits < 8 ? 0.8 : 1) * most, "saved in the end: " + least / most);
    }

    @Test
    void theSameIsChosenEveryTime() {
        assertEquals(chosen(model(4, 0.3, true), 0.1), chosen(model(4, 0.3, true), 0.1));
    }

    @Test
    void errorsThatCountLessAreMadeRather() {
        float[] latent = Grids.latent(5, 40 * 40, 0.3);
        float[] even = new float[latent.length];
        float[] halves = new float[latent.length];
        for (int i = 0; i < latent.length; ++i) {
            even[i] = 1;
            halves[i] = i % 40 < 20 ? 0.1f : 1.9f;
        }
        Codes plain = new CheapestCodes(0.1).of(Grids.stepped(latent, 4, even, 40, 40));
        Codes none =
                new CheapestCodes(0.1).of(Grids.stepped(latent, 4, Grids.NO_IMPORTANCE, 40, 40));
        Codes weighted = new CheapestCodes(0.1).of(Grids.stepped(latent, 4, halves, 40, 40));
        assertEquals(plain, none);
        assertNotEquals(plain, weighted);
        Codes given = Grids.stepped(latent, 4, even, 40, 40).grid().codes();
        int[] moved = new int[2];
        for (int i = 0; i < latent.length; ++i) {
            moved[i % 40 < 20 ? 0 : 1] += given.get(i) == weighted.get(i) ? 0 : 1;
        }
        assertTrue(moved[0] > 2 * moved[1], Arrays.toString(moved));
    }
}
