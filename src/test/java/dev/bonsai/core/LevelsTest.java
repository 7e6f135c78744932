package dev.bonsai.core;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class LevelsTest {

    private static Levels levels(double start, double resolution, double... steps) {
        return Levels.of(start, steps, resolution, Double::toString);
    }

    /** Levels that rise, such as sparsities, or fall, such as bit widths. */
    private static Levels random(int seed) {
        Random random = new Random(seed);
        double sign = random.nextBoolean() ? 1 : -1;
        double start = random.nextInt(40);
        double[] distances = random.doubles(random.nextInt(6), 1, 30).sorted().toArray();
        double resolution = new double[] {1, 0.1, 0.001, 3}[random.nextInt(4)];
        return levels(
                start,
                resolution,
                DoubleStream.of(distances).map(distance -> start + sign * distance).toArray());
    }

    @DataProvider
    Object[][] seeds() {
        return IntStream.range(0, 200).mapToObj(i -> new Object[] {i}).toArray(Object[][]::new);
    }

    @Test(dataProvider = "seeds")
    void nextMovesAwayFromTheStartUntilItIsTheTarget(int seed) {
        Levels levels = random(seed);
        double sign = Math.signum(levels.target() - levels.start());
        double level = levels.start();
        OptionalDouble next = levels.next(level);
        while (next.isPresent()) {
            assertTrue(sign * (next.getAsDouble() - level) > 0, next + " after " + level);
            level = next.getAsDouble();
            next = levels.next(level);
        }
        assertEquals(level, levels.target());
    }

    @Test(dataProvider = "seeds")
    void nextAfterALevelBetweenStepsIsTheStepBeyond(int seed) {
        Levels levels = random(seed);
        double low = levels.start();
        OptionalDouble high = levels.next(low);
        while (high.isPresent()) {
            double middle = (low + high.getAsDouble()) / 2;
            assertEquals(levels.next(middle), high);
            low = high.getAsDouble();
            high = levels.next(low);
        }
    }

    @DataProvider
    Object[][] distances() {
        List<Object[]> rows = new ArrayList<>();
        for (double resolution : new double[] {1, 0.1, 0.001, 3}) {
            for (double farthest :
                    new double[] {100, 4 * resolution}) { // the latter: a few multiples
                for (int sign : new int[] {-1, 1}) {
                    for (int seed = 0; seed < 20; ++seed) {
                        rows.add(new Object[] {resolution, sign * farthest, seed});
                    }
                }
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "distances")
    void betweenLiesStrictlyBetweenAndIsAMultipleOfTheResolution(
            double resolution, double farthest, int seed) {
        Random random = new Random(seed);
        Levels levels = levels(0, resolution, 100);
        double accepted = 100 * random.nextDouble();
        double failed = accepted + farthest * random.nextDouble();
        OptionalDouble between = levels.between(accepted, failed);
        if (between.isPresent()) {
            double level = between.getAsDouble();
            assertTrue(level > Math.min(accepted, failed), accepted + " " + failed + " " + level);
            assertTrue(level < Math.max(accepted, failed), accepted + " " + failed + " " + level);
            assertEquals(level, Math.rint(level / resolution) * resolution);
            // A trial is worth it a resolution away; 0.1 % is the rounding that is allowed for.
            double distance = Math.min(Math.abs(level - accepted), Math.abs(level - failed));
            assertTrue(distance >= 0.999 * resolution, accepted + " " + failed + " " + level);
        } else {
            // Otherwise a multiple of the resolution is at least one away from both.
            assertTrue(Math.abs(accepted - failed) < 3 * resolution, accepted + " " + failed);
        }
    }

    @Test(dataProvider = "seeds")
    void halvingEndsWhicheverLevelsAreBad(int seed) {
        Random random = new Random(seed);
        Levels levels = random(seed);
        double accepted = levels.start();
        double failed = levels.target();
        OptionalDouble middle = levels.between(accepted, failed);
        int halvings = 0;
        while (middle.isPresent()) {
            // 30 is the greatest distance and 0.001 the finest resolution: 2^15 times as fine.
            // Rounding to a multiple may cost one more.
            assertTrue(++halvings <= 16, "Halving does not end");
            if (random.nextBoolean()) {
                accepted = middle.getAsDouble();
            } else {
                failed = middle.getAsDouble();
            }
            middle = levels.between(accepted, failed);
        }
    }

    @Test
    void halvingOfBitWidthsStaysWithWholeBits() {
        Levels bits = levels(32, 1, 8, 4, 2);
        List<Double> asked = new ArrayList<>();
        OptionalDouble next = bits.between(8, 2);
        while (next.isPresent()) {
            asked.add(next.getAsDouble());
            next = bits.between(8, next.getAsDouble());
        }
        // 6.5 rounds to the even 6; there is no whole number between 8 and 7.
        assertEquals(asked, List.of(5.0, 6.0, 7.0));
    }

    @Test
    void stepsEqualToTheStartOrToOneAnotherAreDropped() {
        Levels levels = levels(0, 0.1, 0, 0.5, 0.5, 0.9, 0.9);
        assertEquals(levels.next(0).getAsDouble(), 0.5);
        assertEquals(levels.next(0.5).getAsDouble(), 0.9);
        assertEquals(levels.next(0.9), OptionalDouble.empty());
    }

    @Test
    void levelsWithoutAStepAreAtTheirTarget() {
        Levels none = levels(3, 1);
        assertEquals(none.target(), 3.0);
        assertEquals(none.next(3), OptionalDouble.empty());
    }

    @Test
    void singleLevelIsAllOrNothing() {
        Levels single = Levels.single("int8");
        assertEquals(single.next(single.start()).getAsDouble(), single.target());
        assertEquals(single.between(single.start(), single.target()), OptionalDouble.empty());
        assertEquals(single.format(single.start()), "off");
        assertEquals(single.format(single.target()), "int8");
    }

    @DataProvider
    Object[][] invalid() {
        return new Object[][] {
            {0, 0.1, new double[] {0.5, 0.4}, "[0.5, 0.4]"},
            {0, 0.1, new double[] {0.5, 0.9, 0.7}, "without turning back"},
            {0, 0.1, new double[] {0.5, 0}, "from the start (0.0)"},
            {8, 1, new double[] {10, 4}, "[10.0, 4.0]"},
            {0, 0.1, new double[] {Double.NaN}, "[NaN]"},
            {0, 0.1, new double[] {0.5, Double.NaN}, "[0.5, NaN]"},
            {0, 0, new double[] {1}, "greater than 0, but got 0.0"},
            {0, -1, new double[] {1}, "but got -1.0"},
            {0, Double.NaN, new double[] {1}, "but got NaN"},
        };
    }

    @Test(dataProvider = "invalid")
    void invalidLevelsAreAnErrorThatShowsThem(
            double start, double resolution, double[] steps, String part) {
        String message =
                expectThrows(IllegalArgumentException.class, () -> levels(start, resolution, steps))
                        .getMessage();
        assertTrue(message.contains(part), message);
    }
}
