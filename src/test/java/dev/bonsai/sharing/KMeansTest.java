package dev.bonsai.sharing;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class KMeansTest {

    /** Sums of squares in 64-bit floats, of at most a few hundred numbers of size 1. */
    private static final double ROUNDING = 1e-12;

    private static final List<Initialization> ALL =
            List.of(
                    Initialization.linear(),
                    Initialization.density(),
                    Initialization.random(3),
                    Initialization.kMeansPlusPlus(4));

    @DataProvider
    Object[][] cases() {
        List<Object[]> rows = new ArrayList<>();
        for (Initialization initialization : ALL) {
            for (int clusters : new int[] {1, 2, 3, 7, 16, 64}) {
                for (int seed = 0; seed < 5; ++seed) {
                    rows.add(new Object[] {initialization, clusters, seed});
                }
            }
        }
        return rows.toArray(Object[][]::new);
    }

    /** Normals, of which some are equal. */
    private static float[] values(int seed) {
        Random random = new Random(seed);
        float[] values = new float[100 + 40 * seed];
        for (int i = 0; i < values.length; ++i) {
            double normal = random.nextGaussian();
            values[i] = (float) (i % 3 == 0 ? Math.rint(8 * normal) / 8 : normal);
        }
        return values;
    }

    @Test(dataProvider = "cases")
    void theErrorNeverIncreases(Initialization initialization, int clusters, int seed) {
        SortedValues values = SortedValues.of(values(seed));
        int[] ends = poor(values, clusters);
        double before = error(values, ends);
        double[] start = initialization.centroids(values, clusters, 0);
        assertTrue(error(values, KMeans.ends(values, clusters, start)) <= before);
        for (int pass = 0; pass < 50; ++pass) {
            ends = KMeans.pass(values, ends);
            double now = error(values, ends);
            assertTrue(now <= before + ROUNDING * before, now + " <= " + before);
            before = now;
        }
    }

    /** All but the last cluster have one value. */
    private static int[] poor(SortedValues values, int clusters) {
        int[] ends = new int[clusters];
        Arrays.setAll(ends, i -> i + 1);
        ends[clusters - 1] = values.size();
        return ends;
    }

    @Test(dataProvider = "cases")
    void everyValueIsWithTheNearestMean(Initialization initialization, int clusters, int seed) {
        float[] weight = values(seed);
        SortedValues values = SortedValues.of(weight);
        int[] ends =
                KMeans.ends(values, clusters, initialization.centroids(values, clusters, seed));
        assertEquals(KMeans.pass(values, ends), ends, "nothing changes any more");
        Clusters assigned = Clusters.of(weight, values, ends);
        float[] centroids = assigned.centroids(weight);
        for (int i = 0; i < weight.length; ++i) {
            int own = assigned.of(i, weight[i]);
            for (int c = 1; weight[i] != 0f && c < centroids.length; ++c) {
                // centroids are rounded to floats: 1e-7 of values below 4
                assertTrue(
                        Math.abs(weight[i] - centroids[own])
                                <= Math.abs(weight[i] - centroids[c]) + 1e-6,
                        weight[i] + " goes to " + centroids[own] + ", not " + centroids[c]);
            }
        }
    }

    @Test(dataProvider = "cases")
    void noClusterIsEmptyWhereValuesSuffice(Initialization initialization, int clusters, int seed) {
        SortedValues values = SortedValues.of(values(seed));
        int[] ends = KMeans.ends(values, clusters, initialization.centroids(values, clusters, 1));
        assertEquals(ends.length, clusters);
        assertEquals(ends[clusters - 1], values.size());
        for (int i = 0; i < clusters; ++i) {
            assertTrue(ends[i] > KMeans.from(ends, i), Arrays.toString(ends));
        }
    }

    @Test(dataProvider = "cases")
    void theSameGivesTheSame(Initialization initialization, int clusters, int seed) {
        int[][] ends = new int[2][];
        for (int i = 0; i < 2; ++i) {
            SortedValues values = SortedValues.of(values(seed));
            double[] start = initialization.centroids(values, clusters, 5);
            ends[i] = KMeans.ends(values, clusters, start);
        }
        assertEquals(ends[0], ends[1]);
    }

    @Test(dataProvider = "cases")
    void theOrderOfTheElementsDoesNotCount(Initialization initialization, int clusters, int seed) {
        float[] weight = values(seed);
        SortedValues values = SortedValues.of(weight);
        double[] start = initialization.centroids(values, clusters, 0);
        for (int i = 0; i < weight.length / 2; ++i) {
            float swapped = weight[i];
            weight[i] = weight[weight.length - 1 - i];
            weight[weight.length - 1 - i] = swapped;
        }
        assertEquals(initialization.centroids(SortedValues.of(weight), clusters, 0), start);
    }

    @DataProvider
    Object[][] initializations() {
        return ALL.stream().map(i -> new Object[] {i}).toArray(Object[][]::new);
    }

    @Test(dataProvider = "initializations")
    void noneIsBetterThanTheOptimum(Initialization initialization) {
        for (int seed = 0; seed < 20; ++seed) {
            SortedValues values = SortedValues.of(Arrays.copyOf(values(seed), 40));
            for (int clusters = 1; clusters <= 6; ++clusters) {
                double[] start = initialization.centroids(values, clusters, seed);
                double error = error(values, KMeans.ends(values, clusters, start));
                double optimum = optimum(values, clusters);
                assertTrue(error >= optimum - ROUNDING * optimum, error + " >= " + optimum);
            }
        }
    }

    @Test
    void separateClustersAreFound() {
        Random random = new Random(1);
        float[] weight = new float[120];
        for (int i = 0; i < weight.length; ++i) {
            weight[i] = (float) (10 * (i % 4) - 17 + 0.3 * random.nextGaussian());
        }
        SortedValues values = SortedValues.of(weight);
        for (Initialization initialization : ALL) {
            double[] start = initialization.centroids(values, 4, 0);
            double error = error(values, KMeans.ends(values, 4, start));
            // Elements drawn at random need not be of four clusters, the others are.
            if (!initialization.toString().startsWith("random")) {
                assertEquals(error, optimum(values, 4), ROUNDING * error, initialization + "");
            }
        }
    }

    @Test
    void aTieGoesToTheLowerCentroid() {
        SortedValues values = SortedValues.of(new float[] {1, 2, 3});
        assertEquals(KMeans.ends(values, 2, new double[] {1, 3}), new int[] {2, 3});
    }

    @Test
    void aClusterThatNobodyIsNearTakesFromTheWorst() {
        SortedValues values = SortedValues.of(new float[] {1, 2, 3, 10, 11, 12});
        assertEquals(KMeans.ends(values, 2, new double[] {100, 200}), new int[] {3, 6});
        assertEquals(KMeans.ends(values, 2, new double[] {}), new int[] {3, 6});
    }

    @Test
    void aMeanThatItsOwnElementsLeaveIsReplaced() {
        // The middle cluster is {1, 9}, of the mean 5: both are nearer to others.
        SortedValues values = SortedValues.of(new float[] {0.5f, 1, 9, 9.5f});
        int[] ends = KMeans.pass(values, new int[] {1, 3, 4});
        assertEquals(ends.length, 3);
        assertTrue(error(values, ends) < error(values, new int[] {1, 3, 4}));
    }

    @Test
    void fewValuesAreClustersOfTheirOwn() {
        SortedValues values = SortedValues.of(new float[] {3, -1, 3, 0, -1, 7});
        assertEquals(values.size(), 3);
        assertEquals(values.elements(), 5);
        assertEquals(KMeans.ends(values, 16, new double[] {}), new int[] {1, 2, 3});
        assertEquals(KMeans.ends(SortedValues.of(new float[4]), 16, new double[] {}), new int[0]);
    }

    @Test
    void equalValuesStayTogether() {
        float[] weight = new float[1000];
        Arrays.fill(weight, 0.1f);
        weight[3] = 5;
        SortedValues values = SortedValues.of(weight);
        assertEquals(KMeans.ends(values, 3, new double[] {0.1, 0.1, 0.1}), new int[] {1, 2});
        assertEquals(values.mean(0, 1), (double) 0.1f);
    }

    @Test
    void linearIsEquidistantAndDensityHasEqualShares() {
        SortedValues values = SortedValues.of(new float[] {1, 1, 1, 1, 1, 1, 2, 9});
        assertEquals(
                Initialization.linear().centroids(values, 3, 0), new double[] {1, 5, 9}, 1e-12);
        assertEquals(Initialization.linear().centroids(values, 1, 0), new double[] {5}, 0);
        // the elements of the ranks 1, 4 and 6
        assertEquals(Initialization.density().centroids(values, 3, 0), new double[] {1, 1, 2}, 0);
    }

    @Test
    void randomDiffersWithSeedAndPositionAndPlusPlusFindsWhatIsFar() {
        float[] weight = values(4);
        weight[17] = 1000;
        SortedValues values = SortedValues.of(weight);
        double[] one = Initialization.random(1).centroids(values, 8, 0);
        assertTrue(!Arrays.equals(one, Initialization.random(2).centroids(values, 8, 0)));
        assertTrue(!Arrays.equals(one, Initialization.random(1).centroids(values, 8, 1)));
        for (int seed = 0; seed < 20; ++seed) {
            double[] start = Initialization.kMeansPlusPlus(seed).centroids(values, 2, 0);
            // all others together have 1e-3 of the squared distances, or it was the first
            assertEquals(start[1], 1000.0, "seed " + seed);
        }
    }

    @Test(dataProvider = "cases")
    void groupsOfNearlyEqualValuesGiveNearlyTheSameClusters(
            Initialization initialization, int clusters, int seed) {
        Random random = new Random(seed);
        float[] weight = new float[5000];
        for (int i = 0; i < weight.length; ++i) {
            weight[i] = i % 5 == 0 ? 0f : (float) random.nextGaussian();
        }
        SortedValues exact = SortedValues.of(weight);
        SortedValues grouped = SortedValues.grouped(FloatBuffer.wrap(weight));
        assertTrue(grouped.size() < exact.size() && grouped.elements() == exact.elements());
        assertEquals(grouped.least(), exact.least());
        double[] start = initialization.centroids(exact, clusters, seed);
        double best = shared(weight, exact, KMeans.ends(exact, clusters, start));
        double near = shared(weight, grouped, KMeans.ends(grouped, clusters, start));
        // a border moves by 2^-11 of a value; k-means may end in another optimum from there
        assertTrue(near <= 1.02 * best + 1e-9, near + " and " + best);
    }

    /** The sum of squared distances of all elements from what they share. */
    private static double shared(float[] weight, SortedValues values, int[] ends) {
        float[] target = new float[weight.length];
        Clusters.of(weight, values, ends).share(FloatBuffer.wrap(weight), FloatBuffer.wrap(target));
        double error = 0;
        for (int i = 0; i < weight.length; ++i) {
            assertEquals(target[i] == 0f, weight[i] == 0f);
            error += Math.pow((double) weight[i] - target[i], 2);
        }
        return error;
    }

    /** The sum of squared distances from the means, with nothing clever about it. */
    private static double error(SortedValues values, int[] ends) {
        double error = 0;
        for (int i = 0; i < ends.length; ++i) {
            error += error(values, KMeans.from(ends, i), ends[i]);
        }
        return error;
    }

    private static double error(SortedValues values, int from, int to) {
        double sum = 0;
        int count = 0;
        for (int i = from; i < to; ++i) {
            sum += (double) values.get(i) * values.count(i, i + 1);
            count += values.count(i, i + 1);
        }
        double error = 0;
        for (int i = from; i < to; ++i) {
            error += Math.pow(values.get(i) - sum / count, 2) * values.count(i, i + 1);
        }
        return error;
    }

    /** The least error of all partitions, by dynamic programming. */
    private static double optimum(SortedValues values, int clusters) {
        double[] least = new double[values.size() + 1];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        least[0] = 0;
        for (int c = 0; c < clusters; ++c) {
            double[] next = new double[least.length];
            Arrays.fill(next, Double.POSITIVE_INFINITY);
            for (int to = 1; to < least.length; ++to) {
                for (int from = 0; from < to; ++from) {
                    next[to] = Math.min(next[to], least[from] + error(values, from, to));
                }
            }
            least = next;
        }
        return least[values.size()];
    }
}
