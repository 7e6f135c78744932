package dev.bonsai.file;

import static dev.bonsai.file.Samples.i;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.encoding.ScaleLayout;
import dev.bonsai.encoding.WeightSamples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Reading what was written gives the same model. */
public class RoundTripTest {

    @DataProvider
    public static Object[][] seeds() {
        return new Object[][] {{1L}, {2L}, {3L}, {4L}, {5L}, {6L}, {7L}, {8L}};
    }

    @Test(dataProvider = "seeds")
    public void everyWeightComesBackAsItWas(long seed) throws IOException {
        BonsaiModel model = Samples.all(seed);
        for (FileForm form : FileForm.values()) {
            Samples.assertSame(BonsaiFile.decode(BonsaiFile.encode(model, form)), model);
        }
    }

    @Test(dataProvider = "seeds")
    public void theSameModelGivesTheSameBytes(long seed) throws IOException {
        byte[] bytes = BonsaiFile.encode(Samples.all(seed));
        Assert.assertEquals(BonsaiFile.encode(BonsaiFile.decode(bytes)), bytes);
    }

    @Test(dataProvider = "seeds")
    public void largeWeightsOfEveryDensityComeBack(long seed) throws IOException {
        Random random = new Random(seed);
        int[] shape = {40, 500};
        for (double density : new double[] {0, 1e-4, 1e-3, 0.02, 0.2, 1}) {
            assertComesBack(WeightSamples.dense(random, shape, density));
            assertComesBack(WeightSamples.grid(random, shape, 3, true, density));
            assertComesBack(WeightSamples.grid(random, shape, 8, false, density));
            assertComesBack(WeightSamples.codebook(random, shape, 300, density));
            assertComesBack(WeightSamples.reduced(random, shape, FloatFormat.FLOAT16, density));
            assertComesBack(WeightSamples.reduced(random, shape, FloatFormat.BFLOAT16, density));
        }
    }

    @Test
    public void unusualFloatsKeepTheirBits() throws IOException {
        float[] some = {
            -0f,
            0f,
            Float.NaN,
            Float.intBitsToFloat(0xffc12345),
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Float.MIN_NORMAL,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            1f
        };
        for (int length = 1; length <= some.length; ++length) { // few and many floats
            assertComesBack(new DenseWeight(i(length), Arrays.copyOf(some, length)));
        }
        float[] sparse = new float[300];
        System.arraycopy(some, 0, sparse, 250, some.length);
        assertComesBack(new DenseWeight(i(300), sparse));
        float[] codebook = Arrays.copyOfRange(some, 1, some.length);
        assertComesBack(new CodebookWeight(i(3), codebook, i(1, 0, 10)));
    }

    @Test
    public void floatsThatNeedFewBitsComeBack() throws IOException {
        float[] powers = new float[40];
        for (int k = 0; k < powers.length; ++k) {
            powers[k] = Math.scalb(k % 3 == 0 ? -1f : 1f, k - 20);
        }
        assertComesBack(new DenseWeight(i(40), powers.clone()));
        assertComesBack(new DenseWeight(i(40), powers.clone(), FloatFormat.BFLOAT16));
        powers[7] = 0;
        powers[8] = Float.NaN;
        assertComesBack(new DenseWeight(i(40), powers.clone()));
        assertComesBack(new DenseWeight(i(40), powers, FloatFormat.BFLOAT16));
        for (int groups : new int[] {1, 7, 8, 100}) {
            assertComesBack(Samples.powersOfTwo(groups));
        }
    }

    @Test
    public void smallestWeightsComeBack() throws IOException {
        int[] scalar = {};
        assertComesBack(new DenseWeight(scalar, new float[] {1}));
        assertComesBack(new DenseWeight(i(1, 1), new float[1]));
        assertComesBack(new CodebookWeight(scalar, new float[] {3}, new int[1]));
        assertComesBack(
                new GridWeight(
                        scalar, 2, ScaleLayout.perTensor(1), i(-2), new float[] {1}, new int[1]));
    }

    @Test
    public void weightsWithoutElementsComeBack() throws IOException {
        assertComesBack(new DenseWeight(i(0), new float[0]));
        assertComesBack(new DenseWeight(i(3, 0, 2), new float[0]));
        assertComesBack(new CodebookWeight(i(0), new float[] {1, 0}, new int[0]));
    }

    @Test
    public void extremesOf32BitsComeBack() throws IOException {
        int[] extremes = {Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE};
        float[] scale = {0.5f};
        for (int zeroPoint : extremes) {
            assertComesBack(
                    new GridWeight(
                            i(5), 32, ScaleLayout.perTensor(5), extremes, scale, i(zeroPoint)));
            int[] sparse = new int[500];
            Arrays.fill(sparse, zeroPoint);
            System.arraycopy(extremes, 0, sparse, 100, 5);
            assertComesBack(
                    new GridWeight(
                            i(500), 32, ScaleLayout.perTensor(500), sparse, scale, i(zeroPoint)));
        }
    }

    @Test
    public void clusteredNonzerosWithAFarOneComeBack() throws IOException {
        float[] values = new float[20_000];
        Arrays.fill(values, 500, 2500, 1.5f);
        values[12_345] = -3f; // a long unary number behind many short ones
        assertComesBack(new DenseWeight(i(values.length), values));
    }

    @Test
    public void unusedValuesOfACodebookAreKept() throws IOException {
        assertComesBack(new CodebookWeight(i(2), new float[] {1, 2, 3, 4}, i(2, 2)));
        float[] largest = new float[CodebookWeight.MAX_SIZE];
        Arrays.setAll(new double[largest.length], k -> largest[k] = k);
        assertComesBack(new CodebookWeight(i(3), largest, i(65535, 0, 65535)));
    }

    @Test
    public void pathsOfAllSortsComeBackInTheirOrder() throws IOException {
        List<NamedWeight> weights = new ArrayList<>();
        for (String path : List.of("b", "", "bias", "bi", "Größe_é", "Größe_è", "枝", "🌳", "a")) {
            weights.add(new NamedWeight(path, Role.OTHER, new DenseWeight(i(1), new float[1])));
        }
        BonsaiModel model = new BonsaiModel(weights, List.of());
        for (FileForm form : FileForm.values()) {
            Samples.assertSame(BonsaiFile.decode(BonsaiFile.encode(model, form)), model);
        }
    }

    @Test
    public void inputShapesOfAllSortsComeBack() throws IOException {
        List<int[]> shapes = List.of(i(), i(-1), i(0, 1), i(-1, 3, Integer.MAX_VALUE));
        BonsaiModel model = new BonsaiModel(List.of(), shapes);
        for (FileForm form : FileForm.values()) {
            Samples.assertSame(BonsaiFile.decode(BonsaiFile.encode(model, form)), model);
        }
    }

    /** A file of version 1, byte for byte: when this fails, files in the world cannot be read. */
    @Test
    public void version1StaysAsItIs() throws IOException {
        byte[] bytes = HexFormat.of().parseHex(GOLDEN);
        Assert.assertEquals(
                HexFormat.of().formatHex(BonsaiFile.encode(golden(), FileForm.PACKED)), GOLDEN);
        Samples.assertSame(BonsaiFile.decode(bytes), golden());
    }

    /** Scales that fit 16 bits may be written with 32. */
    @Test
    public void longScalesAreReadToo() throws IOException {
        byte[] bytes = HexFormat.of().parseHex(LONG_SCALES);
        Samples.assertSame(BonsaiFile.decode(bytes), golden());
    }

    private static final String LONG_SCALES =
            "b06e736901784d72"
                    + "0102001104"
                    + "000930315f776569676874240204100201000000003f0203f608010101"
                    + "0304626961730101020000803f00000040"
                    + "0108325f7765696768740401068402020000803f000000400000404000008040010009030288c602"
                    + "0101330a0108030000803f000000000000004002008521"
                    + "173d7e56";

    private static final String GOLDEN =
            "b06e7369016e4d68"
                    + "0102001104"
                    + "000930315f7765696768742402041042"
                    + "0100"
                    + "003f"
                    + "0203f608010101"
                    + "0304626961730101020000803f00000040"
                    + "0108325f776569676874040106c40202803f004040408040010009030288c602"
                    + "0101330a0108030000803f000000000000004002008521"
                    + "e456c9ee";

    private static BonsaiModel golden() {
        int[] sparse = new int[64];
        sparse[3] = 1;
        sparse[40] = -1;
        ScaleLayout layout = new ScaleLayout(2, 3, 2);
        return new BonsaiModel(
                List.of(
                        new NamedWeight(
                                "01_weight",
                                Role.WEIGHT,
                                new GridWeight(
                                        i(4, 16),
                                        2,
                                        ScaleLayout.perTensor(64),
                                        sparse,
                                        new float[] {0.5f},
                                        i(0))),
                        new NamedWeight(
                                "01_bias", Role.BIAS, new DenseWeight(i(2), new float[] {1, 2})),
                        new NamedWeight(
                                "02_weight",
                                Role.WEIGHT,
                                new GridWeight(
                                        i(6),
                                        4,
                                        layout,
                                        i(1, 2, 3, 4, 5, 6),
                                        new float[] {1, 2, 3, 4},
                                        i(1, 0, 0, 1))),
                        new NamedWeight(
                                "03",
                                Role.OTHER,
                                new CodebookWeight(
                                        i(8), new float[] {1, 0, 2}, i(1, 1, 0, 2, 1, 0, 2, 0)))),
                List.of(i(-1, 16)));
    }

    private static void assertComesBack(EncodedWeight weight) throws IOException {
        BonsaiModel model = Samples.model(weight);
        for (FileForm form : FileForm.values()) {
            Samples.assertSame(BonsaiFile.decode(BonsaiFile.encode(model, form)), model);
        }
    }
}
