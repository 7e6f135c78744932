package dev.bonsai.entropy;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Bits come back, and take what their probabilities say. */
public class RangeCoderTest {

    private static final int MOST = (1 << BitCoder.PRECISION) - 1;

    /** The chance of a 1 as it is, and the probability that the coder is given. */
    @DataProvider
    public static Object[][] sources() {
        Object[][] sources = new Object[5 * 5 * 4][];
        int next = 0;
        for (double chance : new double[] {0, 0.001, 0.5, 0.97, 1}) {
            for (int probability : new int[] {1, 60, 1 << 15, 65_000, MOST}) {
                for (int count : new int[] {0, 1, 9, 4_000}) {
                    sources[next++] = new Object[] {chance, probability, count};
                }
            }
        }
        return sources;
    }

    @Test(dataProvider = "sources")
    public void bitsComeBackInTheirIdealLengthAndTwoBytes(
            double chance, int probability, int count) {
        Random random = new Random(count);
        int[] bits = new int[count];
        RangeEncoder encoder = new RangeEncoder(8);
        BitCost cost = new BitCost();
        for (int i = 0; i < count; ++i) {
            bits[i] = random.nextDouble() < chance ? 1 : 0;
            encoder.code(bits[i], probability);
            cost.code(bits[i], probability);
        }
        byte[] bytes = encoder.finish();
        int ones = IntStream.of(bits).sum();
        double share = probability / 65_536.0;
        double ideal =
                -(ones * Math.log(share) + (count - ones) * Math.log1p(-share)) / Math.log(2);
        // a 0 gets what the share of a 1 is rounded down by: at most 2^-24 of the interval
        double rounded = count * 0x1p-23 / Math.min(share, 1 - share);
        assertEquals(cost.bits(), ideal, rounded + 1e-9);
        assertTrue(bytes.length <= cost.bits() / 8 + 2, bytes.length + " bytes");
        RangeDecoder decoder = new RangeDecoder(bytes);
        for (int bit : bits) {
            assertEquals(decoder.code(0, probability), bit);
        }
        assertFalse(decoder.isOverrun());
        assertTrue(decoder.isAtEnd());
        assertEquals(decoder.bits(), cost.bits(), 0); // the same interval
    }

    /** Probabilities that change from bit to bit reach every carry. */
    @Test
    public void anyRowOfProbabilitiesComesBack() {
        for (int seed = 0; seed < 500; ++seed) {
            Random random = new Random(seed);
            RangeEncoder encoder = new RangeEncoder(1);
            int count = random.nextInt(3_000);
            for (int i = 0; i < count; ++i) {
                int probability = probability(random);
                encoder.code(random.nextInt(1 << 16) < probability ? 1 : 0, probability);
            }
            RangeDecoder decoder = new RangeDecoder(encoder.finish());
            Random again = new Random(seed);
            again.nextInt(3_000);
            for (int i = 0; i < count; ++i) {
                int probability = probability(again);
                int expected = again.nextInt(1 << 16) < probability ? 1 : 0;
                assertEquals(decoder.code(0, probability), expected, seed + ", " + i);
            }
        }
    }

    private static int probability(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 1;
            case 1 -> MOST;
            default -> 1 + random.nextInt(MOST);
        };
    }

    /** The interval lies across a border of bytes, so that all that has left has to be carried. */
    @Test
    public void aCarryGoesThroughManyBytes() {
        for (int length = 1; length < 60; ++length) {
            RangeEncoder encoder = new RangeEncoder(1);
            int[] bits = new int[8 * length + 8];
            Arrays.fill(bits, 0, 1, 1);
            Arrays.fill(bits, 8 * length, bits.length, 0);
            for (int bit : bits) {
                encoder.code(bit, BitCoder.EVEN - (bit == 0 ? 1 : 0));
            }
            RangeDecoder decoder = new RangeDecoder(encoder.finish());
            for (int bit : bits) {
                assertEquals(decoder.code(0, BitCoder.EVEN - (bit == 0 ? 1 : 0)), bit);
            }
        }
    }

    @Test
    public void whatIsMissingOrLeftIsNoticed() {
        RangeEncoder encoder = new RangeEncoder(1);
        encoder.raw(0x1234_5677, 32);
        encoder.raw(0x1234_5677, 32);
        byte[] bytes = encoder.finish();
        RangeDecoder longer = new RangeDecoder(bytes);
        for (int i = 0; i < 5; ++i) {
            longer.raw(0, 32);
        }
        assertTrue(longer.isOverrun());
        RangeDecoder rest = new RangeDecoder(Arrays.copyOf(bytes, bytes.length + 4));
        rest.raw(0, 32);
        assertFalse(rest.isAtEnd());
    }

    @Test
    public void theLogisticFunctionAndItsInverseGoTogether() {
        int last = 0;
        for (int x = -Logistic.END - 10; x < Logistic.END + 10; ++x) {
            int probability = Logistic.squash(x);
            assertTrue(probability >= last && probability >= 1 && probability <= MOST);
            // straight lines between the knots are at most 0.0035 above the curve
            double exact = 1 / (1 + Math.exp(-x / 256.0));
            assertEquals(probability / 65_536.0, exact, 0.004, "at " + x);
            last = probability;
        }
        assertEquals(Logistic.squash(Long.MAX_VALUE / 2), MOST);
        for (int probability = 8; probability < 65_536; probability += 16) {
            int near = Logistic.squash(Logistic.stretch(probability));
            // a step of 1/256 moves a probability by at most its 1/256, and the table has 4,096
            assertEquals(near, probability, 16 + probability / 200.0);
        }
    }
}
