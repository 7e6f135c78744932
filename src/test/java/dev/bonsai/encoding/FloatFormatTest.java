package dev.bonsai.encoding;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import java.util.List;
import java.util.Random;
import org.testng.annotations.Test;

public class FloatFormatTest {

    private static final List<FloatFormat> SHORT =
            List.of(FloatFormat.FLOAT16, FloatFormat.BFLOAT16);

    @Test
    public void theNumbersAreThoseOfTheStandards() {
        assertEquals(FloatFormat.FLOAT32.bits(), 32);
        assertEquals(FloatFormat.FLOAT32.greatest(), Float.MAX_VALUE);
        assertEquals(FloatFormat.FLOAT16.bits(), 16);
        assertEquals(FloatFormat.FLOAT16.greatest(), 65504f);
        assertEquals(FloatFormat.BFLOAT16.bits(), 16);
        assertEquals(FloatFormat.BFLOAT16.greatest(), 0x1.fep127f);
    }

    @Test
    public void everyPatternOf16BitsComesBackAndIsItsOwnNearest() {
        for (FloatFormat format : SHORT) {
            for (int bits = 0; bits < 1 << 16; ++bits) {
                float value = format.fromBits(bits);
                if (Float.isNaN(value)) {
                    assertTrue(Float.isNaN(format.fromBits(format.toBits(value))));
                } else if (Float.isInfinite(value)) {
                    assertFalse(format.holds(value), format + ", " + value);
                    assertEquals(format.round(value), Math.copySign(format.greatest(), value));
                } else {
                    assertEquals(format.toBits(value), bits, format + ", " + value);
                    assertSameBits(format.round(value), value + 0f);
                    assertTrue(format.holds(value), format + ", " + value);
                }
            }
        }
    }

    @Test
    public void whatLiesBetweenTwoNeighboursGoesToTheNearerAndATieToTheEvenOne() {
        for (FloatFormat format : SHORT) {
            for (int bits = 0; format.fromBits(bits + 1) <= format.greatest(); ++bits) {
                float low = format.fromBits(bits);
                float high = format.fromBits(bits + 1);
                float middle = (float) (((double) low + high) / 2); // exact
                assertEquals(format.round(middle), bits % 2 == 0 ? low : high, "at " + middle);
                assertEquals(format.round(Math.nextDown(middle)), low, "below " + middle);
                assertEquals(format.round(-Math.nextUp(middle)), -high, "beyond -" + middle);
            }
        }
    }

    /** The integer arithmetic that tensor libraries convert to bfloat16 with. */
    @Test
    public void bfloat16IsTheUpperHalfRoundedToEven() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; ++i) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (Math.abs(value) <= FloatFormat.BFLOAT16.greatest()) {
                int raw = Float.floatToRawIntBits(value);
                int upper = (raw + 0x7fff + (raw >>> 16 & 1)) & 0xffff0000;
                float expected = Float.intBitsToFloat(upper) + 0f;
                assertSameBits(FloatFormat.BFLOAT16.round(value), expected);
            }
        }
    }

    @Test
    public void theRelativeErrorIsAtMostHalfTheLastPlace() {
        Random random = new Random(2);
        for (int i = 0; i < 100_000; ++i) {
            // from 2^-14 on nothing is subnormal in float16, nor too great up to 2^15
            float value = (float) Math.scalb(1 + random.nextDouble(), random.nextInt(-14, 15));
            double half = Math.abs((double) FloatFormat.FLOAT16.round(value) - value);
            double brain = Math.abs((double) FloatFormat.BFLOAT16.round(value) - value);
            assertTrue(half <= value * 0x1p-11, "float16 of " + value); // by definition
            assertTrue(brain <= value * 0x1p-8, "bfloat16 of " + value);
        }
    }

    @Test
    public void zerosAndWhatVanishesBecomePositiveZero() {
        for (FloatFormat format : FloatFormat.values()) {
            assertSameBits(format.round(-0f), 0f);
            assertTrue(format.holds(-0f) && format.holds(0f));
        }
        assertSameBits(FloatFormat.FLOAT16.round(-0x1p-25f), 0f); // a tie with the even zero
        assertSameBits(FloatFormat.BFLOAT16.round(-Float.MIN_VALUE), 0f);
    }

    @Test
    public void whatIsTooGreatBecomesTheGreatestAndNanStays() {
        for (FloatFormat format : FloatFormat.values()) {
            assertEquals(format.round(Float.POSITIVE_INFINITY), format.greatest());
            assertEquals(format.round(-Float.MAX_VALUE), -format.greatest());
            assertTrue(Float.isNaN(format.round(Float.NaN)));
        }
        assertEquals(FloatFormat.FLOAT16.round(65520f), 65504f); // infinity without saturation
    }

    @Test
    public void everyPatternOfSixteenBitsComesBack() {
        for (FloatFormat format : List.of(FloatFormat.FLOAT16, FloatFormat.BFLOAT16)) {
            for (int bits = 0; bits < 1 << 16; ++bits) {
                float value = format.fromBits(bits);
                if (Float.isNaN(value)) {
                    assertTrue(Float.isNaN(format.fromBits(format.toBits(value))));
                } else {
                    assertEquals(format.toBits(value), bits, format + " " + value);
                    assertSameBits(format.roundUnbounded(value) + 0f, value + 0f);
                }
            }
        }
    }

    @Test
    public void whatIsTooGreatIsInfiniteWhereNothingBoundsIt() {
        float infinite = Float.POSITIVE_INFINITY;
        assertEquals(FloatFormat.FLOAT16.roundUnbounded(65519.99f), 65504f);
        assertEquals(FloatFormat.FLOAT16.roundUnbounded(65520f), infinite);
        assertEquals(FloatFormat.FLOAT16.roundUnbounded(-70_000f), -infinite);
        assertEquals(FloatFormat.BFLOAT16.roundUnbounded(Float.MAX_VALUE), infinite);
        assertEquals(
                FloatFormat.BFLOAT16.roundUnbounded(FloatFormat.BFLOAT16.greatest()),
                FloatFormat.BFLOAT16.greatest());
        assertEquals(FloatFormat.FLOAT32.roundUnbounded(-infinite), -infinite);
        assertTrue(Float.isNaN(FloatFormat.FLOAT16.roundUnbounded(Float.NaN)));
    }

    @Test
    public void thirtyTwoBitsHoldEverythingAndShortOnesOnlyTheirOwn() {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; ++i) {
            assertTrue(FloatFormat.FLOAT32.holds(Float.intBitsToFloat(random.nextInt())));
        }
        assertFalse(FloatFormat.FLOAT16.holds(0x1.001p0f));
        assertFalse(FloatFormat.BFLOAT16.holds(0x1.01p0f));
        assertFalse(FloatFormat.FLOAT16.holds(65536f));
    }

    private static void assertSameBits(float actual, float expected) {
        assertEquals(
                Float.floatToRawIntBits(actual),
                Float.floatToRawIntBits(expected),
                actual + " and " + expected);
    }
}
