package dev.bonsai.entropy;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.FloatFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A reader returns what a writer was given, a counter says what it takes. */
public class EntropyCoderTest {

    private static final int[][] LAYOUTS = {
        {0, 1, 1}, {1, 1, 1}, {7, 7, 1}, {30, 10, 1}, {31, 10, 5}, {4_000, 75, 25}, {4_000, 64, 7},
    };
    private static final double[] DENSITIES = {0, 0.01, 0.5, 1};
    private static final int[] LARGEST = {1, 3, 127, 1 << 23, Integer.MAX_VALUE};

    @DataProvider
    public static Object[][] codes() {
        List<Object[]> codes = new ArrayList<>();
        for (int[] layout : LAYOUTS) {
            for (double density : DENSITIES) {
                for (int largest : LARGEST) {
                    codes.add(
                            new Object[] {
                                new CodeLayout(layout[0], layout[1], layout[2]), density, largest
                            });
                }
            }
        }
        return codes.toArray(Object[][]::new);
    }

    @Test(dataProvider = "codes")
    public void codesComeBack(CodeLayout layout, double density, int largest) {
        int[] codes = codes(new Random(layout.size()), layout.size(), density, largest);
        for (boolean tied : new boolean[] {false, true}) {
            EntropyCoder writer = EntropyCoder.writer(0);
            EntropyCoder counter = EntropyCoder.counter();
            for (EntropyCoder coder : List.of(writer, counter)) {
                coder.codes(layout, false, written(codes));
                coder.codes(layout, tied, written(codes));
                coder.number(77);
            }
            byte[] bytes = writer.finish();
            EntropyCoder reader = EntropyCoder.reader(bytes);
            assertEquals(read(codes.length, e -> reader.codes(layout, false, e)), codes);
            assertEquals(read(codes.length, e -> reader.codes(layout, tied, e)), codes);
            assertEquals(reader.number(0), 77);
            assertWhole(reader, counter, bytes);
        }
    }

    @DataProvider
    public static Object[][] floats() {
        List<Object[]> floats = new ArrayList<>();
        for (FloatFormat format : FloatFormat.values()) {
            for (int dropped : new int[] {0, 3, format.fractionBits()}) {
                for (double density : DENSITIES) {
                    floats.add(new Object[] {format, dropped, density});
                }
            }
        }
        return floats.toArray(Object[][]::new);
    }

    /** All bits that there are, those of infinities and of no number too. */
    @Test(dataProvider = "floats")
    public void floatsComeBack(FloatFormat format, int dropped, double density) {
        Random random = new Random(3);
        CodeLayout layout = new CodeLayout(600, 20, 4);
        int[] bits = new int[layout.size()];
        for (int i = 0; i < bits.length; ++i) {
            int any = random.nextInt() >>> (Integer.SIZE - format.bits()) >>> dropped << dropped;
            bits[i] = random.nextDouble() < density ? any : 0;
        }
        bits[9] = bits[8];
        FloatShape shape = FloatShape.of(format, dropped);
        EntropyCoder writer = EntropyCoder.writer(0);
        EntropyCoder counter = EntropyCoder.counter();
        writer.floats(layout, shape, written(bits));
        counter.floats(layout, shape, written(bits));
        byte[] bytes = writer.finish();
        EntropyCoder reader = EntropyCoder.reader(bytes);
        assertEquals(read(bits.length, e -> reader.floats(layout, shape, e)), bits);
        assertWhole(reader, counter, bytes);
    }

    @Test
    public void numbersOfEvenChanceTakeTheBitsOfTheirRange() {
        for (int[] numbers :
                new int[][] {
                    {}, {5}, {5, 5}, {-1, 1, 0}, {Integer.MIN_VALUE, Integer.MAX_VALUE, 0, -1}
                }) {
            EntropyCoder writer = EntropyCoder.writer(0);
            int width = writer.even(numbers.length, written(numbers));
            EntropyCoder reader = EntropyCoder.reader(writer.finish());
            assertEquals(read(numbers.length, e -> reader.even(numbers.length, e)), numbers);
            // at most 15 bits for a width that nobody expects, 32 for the lowest
            assertTrue(reader.bits() <= 47 + width * numbers.length, reader.bits() + " bits");
        }
    }

    @Test
    public void octetsComeBack() {
        byte[] octets = new byte[5_000];
        new Random(4).nextBytes(octets);
        EntropyCoder writer = EntropyCoder.writer(0);
        for (byte octet : octets) {
            writer.octet(octet & 0xff);
        }
        byte[] bytes = writer.finish();
        assertTrue(bytes.length < 1.06 * octets.length, "random bytes grow little");
        EntropyCoder reader = EntropyCoder.reader(bytes);
        for (byte octet : octets) {
            assertEquals((byte) reader.octet(0), octet);
        }
    }

    /** Of a large number but for what the coder learns from its own first bits. */
    @DataProvider
    public static Object[][] prices() {
        return new Object[][] {
            {new int[] {0, 1, -1, 2, -2}, 0},
            {new int[] {0, 1, -2, 3, 7, -40, 1 << 20, Integer.MIN_VALUE + 1}, 0.01}
        };
    }

    @Test(dataProvider = "prices")
    public void aPriceIsWhatTheNumberTakes(int[] numbers, double share) {
        Random random = new Random(6);
        EntropyCoder chosen = EntropyCoder.counter();
        for (CodeLayout layout :
                List.of(
                        CodeLayout.vector(50),
                        new CodeLayout(400, 20, 4),
                        new CodeLayout(300, 20, 5))) {
            for (boolean tied : new boolean[] {false, true}) {
                int[] codes = new int[layout.size()];
                EntropyCoder before = chosen.trial();
                double[] sum = {0};
                double start = chosen.bits();
                chosen.choose(
                        layout,
                        tied,
                        (i, prices) -> {
                            codes[i] = numbers[random.nextInt(numbers.length)];
                            for (int number : numbers) {
                                assertTrue(prices.bits(number) > 0);
                            }
                            sum[0] += prices.bits(codes[i]);
                            return codes[i];
                        });
                before.codes(layout, tied, written(codes));
                double exact = (1e-4 + share) * sum[0]; // prices are from a table
                assertEquals(before.bits(), sum[0], exact);
                assertEquals(chosen.bits() - start, before.bits(), 1e-5); // of whole intervals
            }
        }
    }

    @Test
    public void aTrialChangesNothing() {
        int[] codes = codes(new Random(5), 900, 0.2, 3);
        CodeLayout layout = new CodeLayout(900, 30, 1);
        EntropyCoder plain = EntropyCoder.counter();
        EntropyCoder tried = EntropyCoder.counter();
        for (int i = 0; i < 3; ++i) {
            EntropyCoder trial = tried.trial();
            double before = plain.bits();
            plain.codes(layout, true, written(codes));
            trial.codes(layout, true, written(codes));
            assertEquals(trial.bits(), plain.bits() - before, 1e-3); // a share is rounded
            tried.codes(layout, true, written(codes));
            assertEquals(tried.bits(), plain.bits(), 0);
        }
    }

    /** Rows and columns that hold nothing cost next to nothing. */
    @Test
    public void zerosInRowsAndColumnsAreCheaperThanScatteredOnes() {
        Random random = new Random(6);
        CodeLayout layout = new CodeLayout(40_000, 200, 1);
        int[] scattered = new int[layout.size()];
        int[] grouped = new int[layout.size()];
        for (int i = 0; i < 2_000; ++i) {
            int code = random.nextBoolean() ? 1 : -1;
            scattered[random.nextInt(layout.size())] = code;
            grouped[4 * random.nextInt(50) * 200 + 5 * random.nextInt(40)] = code;
        }
        assertTrue(bits(layout, grouped) < 0.65 * bits(layout, scattered));
    }

    /** A dead row of one matrix is a dead unit of the next one. */
    @Test
    public void unitsThatAreRowsOfTheMatrixBeforeAreCheaper() {
        Random random = new Random(7);
        int[] first = new int[400 * 30];
        int[] second = new int[6 * 400];
        for (int row = 0; row < 400; row += 1 + random.nextInt(9)) {
            for (int i = 0; i < 30; ++i) {
                first[row * 30 + i] = random.nextInt(3) - 1;
            }
            for (int i = 0; i < 6; ++i) {
                second[i * 400 + row] = random.nextInt(3) - 1;
            }
        }
        EntropyCoder coder = EntropyCoder.counter();
        coder.codes(new CodeLayout(first.length, 30, 1), false, written(first));
        EntropyCoder loose = coder.trial();
        EntropyCoder tied = coder.trial();
        loose.codes(new CodeLayout(second.length, 400, 1), false, written(second));
        tied.codes(new CodeLayout(second.length, 400, 1), true, written(second));
        assertTrue(tied.bits() < 0.95 * loose.bits(), tied.bits() + " of " + loose.bits());
    }

    private static double bits(CodeLayout layout, int[] codes) {
        EntropyCoder counter = EntropyCoder.counter();
        counter.codes(layout, false, written(codes));
        return counter.bits();
    }

    private static void assertWhole(EntropyCoder reader, EntropyCoder counter, byte[] bytes) {
        assertFalse(reader.isOverrun());
        assertTrue(reader.isAtEnd());
        assertEquals(reader.bits(), counter.bits(), 0); // the same interval
        assertTrue(bytes.length <= counter.bits() / 8 + 2, bytes.length + " bytes");
    }

    static int[] codes(Random random, int size, double density, int largest) {
        int[] codes = new int[size];
        for (int i = 0; i < size; ++i) {
            int magnitude = 1 + random.nextInt(largest);
            int code = random.nextBoolean() ? magnitude : -magnitude;
            codes[i] = random.nextDouble() < density ? code : 0;
        }
        return codes;
    }

    static EntropyCoder.Elements written(int[] numbers) {
        return elements(i -> numbers[i], new int[numbers.length]);
    }

    private interface Reading {
        void read(EntropyCoder.Elements elements);
    }

    private static int[] read(int count, Reading reading) {
        int[] read = new int[count];
        reading.read(elements(i -> 0, read));
        return read;
    }

    private static EntropyCoder.Elements elements(IntUnaryOperator given, int[] taken) {
        return new EntropyCoder.Elements() {
            @Override
            public int get(int index) {
                return given.applyAsInt(index);
            }

            @Override
            public void set(int index, int number) {
                taken[index] = number;
            }
        };
    }
}
