package dev.bonsai.file;

import static dev.bonsai.encoding.FloatFormat.BFLOAT16;
import static dev.bonsai.encoding.FloatFormat.FLOAT16;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.encoding.ScaleLayout;
import dev.bonsai.encoding.WeightSamples;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.testng.Assert;

/** Models, and what it means that two are the same. */
final class Samples {

    private static final List<Role> ROLES = List.of(Role.values());

    private Samples() {}

    static BonsaiModel model(EncodedWeight weight) {
        return new BonsaiModel(List.of(new NamedWeight("weight", Role.WEIGHT, weight)), List.of());
    }

    /** Every sample weight in one model, with roles that take turns. */
    static BonsaiModel all(long seed) {
        List<NamedWeight> weights = new ArrayList<>();
        for (EncodedWeight weight : WeightSamples.all(seed)) {
            int i = weights.size();
            weights.add(new NamedWeight("block" + i / 3 + "_ü" + i, ROLES.get(i % 3), weight));
        }
        return new BonsaiModel(weights, List.of(new int[] {-1, 1, 28, 28}, new int[0]));
    }

    /** Some 350 bytes with one weight of each kind and coding. */
    static BonsaiModel small() {
        Random random = new Random(7);
        List<NamedWeight> weights =
                List.of(
                        weight("1_dense", WeightSamples.dense(random, new int[] {2, 3}, 1)),
                        new NamedWeight(
                                "1_bias", Role.BIAS, WeightSamples.dense(random, new int[] {9}, 1)),
                        weight("2_grid", WeightSamples.grid(random, i(20), 4, false, 1)),
                        weight("3_bitmap", WeightSamples.grid(random, i(20), 4, true, 0.3)),
                        weight("4_gaps", WeightSamples.codebook(random, i(200), 5, 0.03)),
                        new NamedWeight("4_mean", Role.OTHER, new DenseWeight(i(5), new float[5])),
                        weight("5_half", WeightSamples.reduced(random, i(9), FLOAT16, 0.9)),
                        weight("5_brain", WeightSamples.reduced(random, i(3), BFLOAT16, 1)),
                        weight("6_shift", powersOfTwo(20)));
        return new BonsaiModel(weights, List.of(new int[] {-1, 6}));
    }

    /** A grid whose scales are powers of two. */
    static GridWeight powersOfTwo(int groups) {
        float[] scales = new float[groups];
        for (int i = 0; i < groups; ++i) {
            scales[i] = Math.scalb(1f, i % 5 - 7);
        }
        int[] codes = new int[groups];
        ScaleLayout layout = new ScaleLayout(groups, 1, 1);
        return new GridWeight(i(groups), 2, layout, codes, scales, new int[groups]);
    }

    private static NamedWeight weight(String path, EncodedWeight value) {
        return new NamedWeight(path, Role.WEIGHT, value);
    }

    static int[] i(int... values) {
        return values;
    }

    static void assertSame(BonsaiModel actual, BonsaiModel expected) {
        Assert.assertEquals(actual.inputShapes().size(), expected.inputShapes().size());
        for (int i = 0; i < expected.inputShapes().size(); ++i) {
            Assert.assertEquals(actual.inputShapes().get(i), expected.inputShapes().get(i));
        }
        Assert.assertEquals(actual.weights().size(), expected.weights().size());
        for (int i = 0; i < expected.weights().size(); ++i) {
            NamedWeight a = actual.weights().get(i);
            NamedWeight e = expected.weights().get(i);
            Assert.assertEquals(a.path(), e.path());
            Assert.assertEquals(a.role(), e.role());
            assertSame(a.value(), e.value());
        }
    }

    static void assertSame(EncodedWeight actual, EncodedWeight expected) {
        Assert.assertEquals(actual.getClass(), expected.getClass());
        Assert.assertEquals(actual.shape(), expected.shape());
        if (expected instanceof DenseWeight e) {
            assertSameBits(actual.decode(), e.decode());
            Assert.assertEquals(((DenseWeight) actual).format(), e.format());
        } else if (expected instanceof GridWeight e) {
            GridWeight a = (GridWeight) actual;
            Assert.assertEquals(a.bits(), e.bits());
            Assert.assertEquals(a.layout(), e.layout());
            Assert.assertEquals(a.codes(), e.codes());
            assertSameBits(a.scales(), e.scales());
            Assert.assertEquals(a.zeroPoints(), e.zeroPoints());
        } else if (expected instanceof CodebookWeight e) {
            assertSameBits(((CodebookWeight) actual).codebook(), e.codebook());
            Assert.assertEquals(((CodebookWeight) actual).assignments(), e.assignments());
        }
        assertSameBits(actual.decode(), expected.decode());
        Assert.assertEquals(actual, expected);
        Assert.assertEquals(actual.hashCode(), expected.hashCode());
    }

    static void assertSameBits(float[] actual, float[] expected) {
        Assert.assertEquals(actual.length, expected.length);
        for (int i = 0; i < expected.length; ++i) {
            Assert.assertEquals(
                    Float.floatToRawIntBits(actual[i]), Float.floatToRawIntBits(expected[i]));
        }
    }
}
