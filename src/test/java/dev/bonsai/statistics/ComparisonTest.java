package dev.bonsai.statistics;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The tests of drops: against values worked out elsewhere, and against what chance does. */
public class ComparisonTest {

    private static final int[] SINGLE = new int[0];

    private static Outcomes samples(float... values) {
        return new Outcomes(values, SINGLE, 7);
    }

    @Test
    void studentsTestGivesTheTextbooksNumbers() {
        // differences 1, 2, 3, 4: mean 2.5, standard deviation 1.290994, t = 3.872983 at 3 degrees
        Comparison drop = Comparison.paired(samples(2, 4, 6, 8), samples(1, 2, 3, 4), true);
        assertEquals(drop.drop(), 2.5);
        assertEquals(drop.standardError(), 0.6454972, 1e-7);
        assertEquals(drop.pBeyond(0), 0.0152341, 1e-6, "one-sided, from Student's distribution");
        assertEquals(drop.pWithin(0), 1 - 0.0152341, 1e-6);
        assertEquals(drop.pBeyond(2.5), 0.5, 1e-12);
    }

    @Test
    void tangosTestGivesItsOwnNumbers() {
        // Tango 1998, the trial of lenses: of 44 pairs one differs, and the margin is 0.1
        PairedProportions drop = new PairedProportions(1, 0, 44);
        double z = (1 - 44 * 0.1) / Math.sqrt(44 * (2 * 0 + 0.1 * 0.9));
        assertEquals(drop.pWithin(0.1), 1 - Tails.normalAbove(z), 1e-9);
        assertTrue(drop.pWithin(0.1) < 0.05, "1.709 in the paper, beyond 1.645");
        assertEquals(-z, 1.709, 5e-4);
    }

    @Test
    void withoutABoundTheTestOfProportionsIsMcNemars() {
        PairedProportions drop = new PairedProportions(30, 12, 1000);
        assertEquals(drop.pBeyond(0), Tails.normalAbove(18 / Math.sqrt(42)), 1e-12);
    }

    @Test
    void noDifferenceOnFewSamplesProvesNothing() {
        assertTrue(new PairedProportions(0, 0, 500).pWithin(0.005) > 0.05);
        assertTrue(new PairedProportions(0, 0, 600).pWithin(0.005) < 0.05);
        assertEquals(new PairedProportions(0, 0, 500).pWithin(0), 0.5);
    }

    @DataProvider
    Object[][] directions() {
        return new Object[][] {{true, true}, {true, false}, {false, true}, {false, false}};
    }

    @Test(dataProvider = "directions")
    void directionTurnsTheDropAndNothingElse(boolean higher, boolean binary) {
        SplittableRandom random = new SplittableRandom(3);
        float[] a = new float[200];
        float[] b = new float[200];
        for (int i = 0; i < a.length; ++i) {
            a[i] = binary ? random.nextInt(2) : (float) random.nextGaussian();
            b[i] = binary ? random.nextInt(2) : (float) random.nextGaussian();
        }
        Comparison one = Comparison.paired(samples(a), samples(b), higher);
        Comparison other = Comparison.paired(samples(b), samples(a), !higher);
        assertEquals(one.drop(), other.drop());
        assertEquals(one.standardError(), other.standardError());
        assertEquals(one.pWithin(0.1), other.pWithin(0.1));
        double mean = (samples(a).mean() - samples(b).mean()) * (higher ? 1 : -1);
        assertEquals(one.drop(), mean, 1e-6);
        assertEquals(one.pWithin(0.1) + one.pBeyond(0.1), 1, 1e-12);
    }

    @DataProvider
    Object[][] nulls() {
        // samples, the fraction that differs, the true drop, which is the bound
        return new Object[][] {
            {200, 0.05, 0.01}, {500, 0.01, 0.005}, {2000, 0.02, 0.005}, {5000, 0.3, 0.0},
        };
    }

    /** A drop that is just at the bound passes no more often than the level of the test says. */
    @Test(dataProvider = "nulls")
    void levelHoldsWhereTheDropIsAtTheBound(int samples, double differing, double drop) {
        SplittableRandom random = new SplittableRandom(11);
        int runs = 4000;
        int passed = 0;
        int failed = 0;
        for (int run = 0; run < runs; ++run) {
            long lost = 0;
            long gained = 0;
            for (int i = 0; i < samples; ++i) {
                double u = random.nextDouble();
                lost += u < (differing + drop) / 2 ? 1 : 0;
                gained += u >= (differing + drop) / 2 && u < differing ? 1 : 0;
            }
            PairedProportions found = new PairedProportions(lost, gained, samples);
            passed += found.pWithin(drop) <= 0.05 ? 1 : 0;
            failed += found.pBeyond(drop) <= 0.05 ? 1 : 0;
        }
        // 4 standard errors of a proportion of 5 %, and 1 % as few differing samples are discrete
        double most = 0.05 + 4 * Math.sqrt(0.05 * 0.95 / runs) + 0.01;
        assertTrue(passed <= most * runs, passed + " passed");
        assertTrue(failed <= most * runs, failed + " failed");
        assertTrue(failed > 0.01 * runs, "the test can fail: " + failed);
    }

    @Test
    void levelOfMeansHoldsForBatchesOfUnequalSizes() {
        SplittableRandom random = new SplittableRandom(5);
        int[] sizes = {32, 32, 32, 32, 32, 32, 32, 7};
        int passed = 0;
        int runs = 4000;
        for (int run = 0; run < runs; ++run) {
            float[] before = new float[sizes.length];
            float[] after = new float[sizes.length];
            for (int i = 0; i < sizes.length; ++i) {
                before[i] = 1;
                after[i] = (float) (1.1 + 0.5 * random.nextGaussian() / Math.sqrt(sizes[i]));
            }
            Comparison drop =
                    Comparison.paired(
                            new Outcomes(before, sizes, 0), new Outcomes(after, sizes, 0), false);
            passed += drop.pWithin(0.1) <= 0.05 ? 1 : 0;
        }
        assertEquals(passed / (double) runs, 0.05, 0.02);
    }

    @Test
    void boundOfOneStateIsAStudentsTestToo() {
        Comparison below = Comparison.withBound(samples(1, 2, 3, 4), 0, true);
        assertEquals(below.drop(), -2.5);
        assertEquals(below.pWithin(0), 0.0152341, 1e-6);
        assertEquals(Comparison.withBound(samples(1, 2, 3, 4), 0, false).drop(), 2.5);
    }

    /** A model that is exactly as good as the floor has all answers right in 61 % of such tests. */
    @Test
    void rightAnswersAloneDontShowAHighFloor() {
        float[] right = new float[500];
        Arrays.fill(right, 1);
        Comparison all = Comparison.withBound(samples(right), 0.999, true);
        assertTrue(all.pWithin(0) > 0.05, "p " + all.pWithin(0));
        assertTrue(Comparison.withBound(samples(right), 0.9, true).pWithin(0) < 1e-6);
        Comparison none = Comparison.withBound(samples(new float[500]), 0.001, false);
        assertTrue(none.pWithin(0) > 0.05, "an error rate of 0: p " + none.pWithin(0));
    }

    /** Of models at the floor no more pass than may. */
    @Test
    void aFloorIsKeptAsSurelyAsItSays() {
        SplittableRandom random = new SplittableRandom(5);
        for (double floor : new double[] {0.9, 0.98, 0.995}) {
            int passed = 0;
            int runs = 4000;
            for (int run = 0; run < runs; ++run) {
                float[] answers = new float[400];
                for (int i = 0; i < answers.length; ++i) {
                    answers[i] = random.nextDouble() < floor ? 1 : 0;
                }
                Comparison state = Comparison.withBound(samples(answers), floor, true);
                passed += state.pWithin(0) <= 0.05 ? 1 : 0;
            }
            assertTrue(passed <= 0.075 * runs, passed + " of " + runs + " at " + floor);
        }
    }

    @Test
    void oneValueTellsNothing() {
        Comparison drop =
                Comparison.paired(
                        new Outcomes(new float[] {2}, new int[] {9}, 0),
                        new Outcomes(new float[] {1}, new int[] {9}, 0),
                        true);
        assertEquals(drop.drop(), 1.0);
        assertEquals(drop.pWithin(5), 0.5);
        assertEquals(drop.pBeyond(0), 0.5);
        assertTrue(Double.isNaN(drop.standardError()));
    }

    @Test
    void otherSamplesAreNotCompared() {
        Outcomes other = new Outcomes(new float[] {1, 0}, SINGLE, 8);
        assertThrows(
                IllegalArgumentException.class,
                () -> Comparison.paired(samples(1, 0), other, true));
        assertThrows(
                IllegalArgumentException.class,
                () -> Comparison.paired(samples(1, 0, 1), samples(1, 0), true));
        assertThrows(
                IllegalArgumentException.class, () -> new Outcomes(new float[2], new int[] {1}, 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Outcomes(new float[2], new int[] {1, 0}, 0));
    }

    @Test
    void joinedOutcomesAreThoseOfOneDataSet() {
        Outcomes single = samples(1, 0, 1);
        Outcomes batches = new Outcomes(new float[] {0.5f, 0.25f}, new int[] {4, 8}, 9);
        Outcomes joined = Outcomes.join(List.of(single, batches));
        assertEquals(joined.samples(), 15);
        assertEquals(joined.count(), 5);
        assertEquals(joined.mean(), (2 + 2 + 2) / 15.0, 1e-12);
        assertTrue(Outcomes.join(List.of(single, single)).isBinary());
        assertTrue(!joined.isBinary());
        assertEquals(Outcomes.join(List.of(single)), single);
    }

    @Test
    void partsOfTheBudgetAddUpToItAndNoMore() {
        ErrorBudget budget = ErrorBudget.of(0.95);
        double sum = 0;
        double last = 1;
        for (int look = 0; look < 100_000; ++look) {
            assertTrue(budget.next() < last);
            last = budget.next();
            sum += last;
            budget = budget.spent();
        }
        assertTrue(sum < 0.05 && sum > 0.0499, "sum " + sum);
        assertThrows(IllegalArgumentException.class, () -> new ErrorBudget(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new ErrorBudget(0.1, -1));
    }

    @Test
    void detectableDropIsTheOneThatIsFoundEightTimesInTen() {
        assertEquals(Detectable.drop(0.01, 5000, 0.05), 0.0035, 5e-5);
        assertEquals(Detectable.drop(1, 0.05), 2.49, 5e-3);
        SplittableRandom random = new SplittableRandom(2);
        double drop = Detectable.drop(0.02, 2000, 0.05);
        int found = 0;
        for (int run = 0; run < 2000; ++run) {
            long lost = 0;
            long gained = 0;
            for (int i = 0; i < 2000; ++i) {
                double u = random.nextDouble();
                lost += u < (0.02 + drop) / 2 ? 1 : 0;
                gained += u >= (0.02 + drop) / 2 && u < 0.02 ? 1 : 0;
            }
            found += new PairedProportions(lost, gained, 2000).pBeyond(0) <= 0.05 ? 1 : 0;
        }
        assertEquals(found / 2000.0, 0.8, 0.04);
    }
}
