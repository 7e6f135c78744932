package dev.bonsai.file;

import static dev.bonsai.file.Samples.i;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.encoding.ScaleLayout;
import dev.bonsai.encoding.WeightSamples;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Every byte of a packed file counts. */
public class CompactnessTest {

    private static final int SIZE = 20_000;

    @DataProvider
    public static Object[][] densities() {
        return new Object[][] {{0.0}, {0.001}, {0.01}, {0.05}, {0.1}, {0.3}, {0.6}, {0.9}, {1.0}};
    }

    @Test(dataProvider = "densities")
    public void aWeightTakesNoMoreThanTheBestOfPlainBitmapAndGaps(double density)
            throws IOException {
        for (int bits : new int[] {2, 4, 8, 16}) {
            GridWeight weight = grid(bits, density);
            int nonzeros = SIZE - weight.zeros();
            // the range of the codes and the count of nonzeros take up to 8 bytes more
            double plain = SIZE * bits / 8.0 + 8;
            double bitmap = (SIZE + nonzeros * bits) / 8.0 + 8;
            Assert.assertTrue(payload(weight) <= Math.min(plain, bitmap), density + ", " + bits);
        }
    }

    @Test
    public void sparsePositionsComeWithin5PercentOfTheirEntropy() throws IOException {
        for (double density : new double[] {0.005, 0.01, 0.02, 0.05, 0.1}) {
            GridWeight weight = grid(8, density);
            double p = 1 - (double) weight.zeros() / SIZE;
            double entropy = -p * Math.log(p) - (1 - p) * Math.log(1 - p);
            double bound = SIZE * entropy / Math.log(2) / 8;
            // a Rice code of geometric gaps is within some 3 % of the entropy; a few bytes of head
            double actual = ledger(weight).bytes().get(Section.POSITIONS);
            Assert.assertTrue(actual < 1.05 * bound + 4, actual + " against " + bound);
        }
    }

    @Test
    public void removedAndConstantWeightsTakeNextToNothing() throws IOException {
        Assert.assertTrue(payload(new DenseWeight(i(SIZE), new float[SIZE])) <= 1);
        float[] ones = new float[SIZE];
        Arrays.fill(ones, 1);
        Assert.assertTrue(payload(new DenseWeight(i(SIZE), ones)) <= 6);
    }

    @Test
    public void signsOfATernaryWeightTakeOneBit() throws IOException {
        int[] codes = new int[SIZE];
        Random random = new Random(5);
        for (int k = 0; k < 800; ++k) {
            codes[random.nextInt(SIZE)] = random.nextBoolean() ? 1 : -1;
        }
        GridWeight weight =
                new GridWeight(i(SIZE), 2, ScaleLayout.perTensor(SIZE), codes, f(1), new int[1]);
        int nonzeros = SIZE - weight.zeros();
        // one byte for the width, one for the smallest, one for rounding up
        Assert.assertTrue(ledger(weight).bytes().get(Section.VALUES) <= nonzeros / 8 + 3);
    }

    @Test
    public void signsOfABinaryWeightTakeOneBitAndNothingElse() throws IOException {
        int[] codes = new int[SIZE];
        Random random = new Random(5);
        for (int k = 0; k < SIZE; ++k) {
            codes[k] = random.nextBoolean() ? 1 : -1;
        }
        GridWeight weight =
                new GridWeight(i(SIZE), 2, ScaleLayout.perTensor(SIZE), codes, f(1), new int[1]);
        Assert.assertTrue(payload(weight) <= SIZE / 8 + 3); // as above
        EncodedWeight read =
                BonsaiFile.decode(BonsaiFile.encode(Samples.model(weight))).weights().stream()
                        .map(NamedWeight::value)
                        .filter(value -> value.size() == SIZE)
                        .findFirst()
                        .orElseThrow();
        Assert.assertEquals(read.decode(), weight.decode(), 0f); // exact by contract
    }

    @Test
    public void floatsOfSimilarMagnitudeTakeLessThan32Bits() throws IOException {
        Random random = new Random(6);
        float[] values = new float[1000];
        for (int k = 0; k < values.length; ++k) {
            values[k] = (1 + random.nextFloat()) * (random.nextBoolean() ? 1 : -1);
        }
        // 23 bits of fraction and the sign are what differs; 6 bytes of head
        Assert.assertTrue(payload(new DenseWeight(i(1000), values)) <= 1000 * 24 / 8 + 6);
        values[0] = Float.MAX_VALUE;
        values[1] = Float.MIN_VALUE; // now nothing can be saved: a byte of head
        Assert.assertEquals(payload(new DenseWeight(i(1000), values)), 4001);
    }

    @Test
    public void shortFloatsTakeAtMostTwoBytesEach() throws IOException {
        Random random = new Random(7);
        for (FloatFormat format : List.of(FloatFormat.FLOAT16, FloatFormat.BFLOAT16)) {
            for (int size : new int[] {1, 7, 8, 1000}) {
                DenseWeight weight = WeightSamples.reduced(random, i(size), format, 1);
                int head = size < 8 ? 0 : 4; // a byte for the width, three for the smallest
                Assert.assertTrue(payload(weight) <= 2L * size + head, format + ", " + size);
            }
            DenseWeight sparse = WeightSamples.reduced(random, i(SIZE), format, 0.05);
            int nonzeros = SIZE - sparse.zeros();
            long values = ledger(sparse).bytes().get(Section.VALUES);
            Assert.assertTrue(values <= 2L * nonzeros + 4, values + " of " + nonzeros);
        }
    }

    @Test
    public void floatsWithFewBitsAreShortInEveryEncoding() throws IOException {
        Random random = new Random(8);
        float[] brain = new float[1000];
        for (int k = 0; k < brain.length; ++k) {
            brain[k] = FloatFormat.BFLOAT16.round((float) random.nextGaussian());
        }
        // 32-bit floats that happen to have 16 bits: three bytes of head, and one for the layout
        Assert.assertTrue(payload(new DenseWeight(i(1000), brain)) <= 2004);
        // the exponents of powers of two: 5 of them take 3 bits
        long scales = ledger(Samples.powersOfTwo(80)).bytes().get(Section.SCALES);
        Assert.assertTrue(scales <= 80 * 3 / 8 + 5, scales + " bytes of scales");
        Assert.assertEquals((long) ledger(Samples.powersOfTwo(1)).bytes().get(Section.SCALES), 2);
    }

    @Test
    public void aSmallParameterCostsFewBytesBesidesItsValues() throws IOException {
        NamedWeight weight =
                new NamedWeight("01Linear_weight", Role.WEIGHT, new DenseWeight(i(1), f(1)));
        NamedWeight bias = new NamedWeight("01Linear_bias", Role.BIAS, new DenseWeight(i(1), f(2)));
        int one = packed(List.of(weight));
        int two = packed(List.of(weight, bias));
        // 4 value bytes, "bias" and its two lengths, tag, rank, dimension
        Assert.assertEquals(two - one, 4 + 6 + 3);
        int empty = packed(List.of());
        Assert.assertEquals(empty, 14); // header 6, frame 6, two counts
    }

    private static int packed(List<NamedWeight> weights) {
        BonsaiModel model = new BonsaiModel(weights, List.of());
        return BonsaiFile.encode(model, FileForm.PACKED).length;
    }

    private static float[] f(float value) {
        return new float[] {value};
    }

    private static GridWeight grid(int bits, double density) {
        GridWeight drawn = WeightSamples.grid(new Random(1), i(SIZE), bits, true, density);
        ScaleLayout layout = ScaleLayout.perTensor(SIZE);
        return new GridWeight(i(SIZE), bits, layout, drawn.codes(), f(1), new int[1]);
    }

    private static long payload(EncodedWeight weight) throws IOException {
        ByteLedger ledger = ledger(weight);
        return ledger.bytes().get(Section.VALUES) + ledger.bytes().get(Section.POSITIONS);
    }

    private static ByteLedger ledger(EncodedWeight weight) throws IOException {
        return ModelReader.read(BonsaiFile.encode(Samples.model(weight), FileForm.PACKED)).ledger();
    }
}
