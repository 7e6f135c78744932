package dev.bonsai.gate;

import static dev.bonsai.gate.Direction.HIGHER_IS_BETTER;
import static dev.bonsai.gate.Direction.LOWER_IS_BETTER;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ToleranceTest {

    private static final OptionalDouble NONE = OptionalDouble.empty();

    private static OptionalDouble some(double value) {
        return OptionalDouble.of(value);
    }

    private static OptionalDouble maybe(Random random) {
        return random.nextBoolean() ? some(random.nextDouble()) : NONE;
    }

    @DataProvider
    Object[][] seeds() {
        return IntStream.range(0, 200).mapToObj(i -> new Object[] {i}).toArray(Object[][]::new);
    }

    @Test(dataProvider = "seeds")
    void betterMetricNeverFailsWhereAWorseOnePasses(int seed) {
        Random random = new Random(seed);
        Tolerance tolerance = new Tolerance(maybe(random), maybe(random), maybe(random));
        double baseline = random.nextDouble();
        for (Direction direction : Direction.values()) {
            boolean passed = false;
            for (int i = 0; i <= 100; ++i) {
                double metric = (direction == HIGHER_IS_BETTER ? i : 100 - i) / 100.0;
                boolean passes = tolerance.accepts(direction, baseline, metric);
                assertTrue(passes || !passed, tolerance + " " + baseline + " " + metric);
                passed = passes;
            }
        }
    }

    @Test(dataProvider = "seeds")
    void everyBoundThatIsPresentMustHold(int seed) {
        Random random = new Random(seed);
        Tolerance all =
                new Tolerance(
                        some(random.nextDouble()),
                        some(random.nextDouble()),
                        some(random.nextDouble()));
        for (Direction direction : Direction.values()) {
            double baseline = random.nextDouble();
            double metric = random.nextDouble();
            boolean each =
                    new Tolerance(all.maxDrop(), NONE, NONE).accepts(direction, baseline, metric)
                            && new Tolerance(NONE, all.maxRelativeDrop(), NONE)
                                    .accepts(direction, baseline, metric)
                            && new Tolerance(NONE, NONE, all.floor())
                                    .accepts(direction, baseline, metric);
            assertEquals(all.accepts(direction, baseline, metric), each, all.toString());
        }
    }

    @Test(dataProvider = "seeds")
    void metricExactlyAtABoundPassesInFloatsToo(int seed) {
        Random random = new Random(seed);
        float baseline = random.nextFloat();
        float drop = 0.1f * random.nextFloat();
        Tolerance tolerance = new Tolerance(some(drop), NONE, NONE);
        assertTrue(tolerance.accepts(HIGHER_IS_BETTER, baseline, baseline - drop));
        assertTrue(tolerance.accepts(LOWER_IS_BETTER, baseline, baseline + drop));
        // Ten times the rounding that is allowed for.
        assertFalse(tolerance.accepts(HIGHER_IS_BETTER, baseline, baseline - drop - 1e-5));
        assertFalse(tolerance.accepts(LOWER_IS_BETTER, baseline, baseline + drop + 1e-5));
    }

    @Test
    void relativeDropIsAFractionOfTheSizeOfANegativeBaseline() {
        Tolerance tolerance = new Tolerance(NONE, some(0.5), NONE);
        assertTrue(tolerance.accepts(LOWER_IS_BETTER, -2, -1));
        assertFalse(tolerance.accepts(LOWER_IS_BETTER, -2, -0.9));
    }

    @Test
    void nanPassesNoBoundNorTheLackOfOne() {
        for (Direction direction : Direction.values()) {
            for (Tolerance tolerance :
                    new Tolerance[] {
                        new Tolerance(some(1), NONE, NONE),
                        new Tolerance(NONE, some(1), NONE),
                        new Tolerance(NONE, NONE, some(0)),
                        new Tolerance(NONE, NONE, NONE)
                    }) {
                assertFalse(tolerance.accepts(direction, 0.5, Double.NaN), tolerance.toString());
            }
        }
    }

    @Test
    void textNamesEveryBound() {
        assertEquals(
                new Tolerance(some(0.005), some(0.1), some(0.9)).toString(),
                "drop <= 0.005 relative drop <= 0.1 floor 0.9");
    }
}
