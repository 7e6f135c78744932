package dev.bonsai.thinning;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.ScaleLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/**
 * A weight that is cut has the values that are left, to the bit, and its encoding where that can
 * be.
 */
public class WeightCutTest {

    private static final int[] SHAPE = {6, 4, 3};
    private static final int SIZE = 72;

    private static EncodedWeight grid(ScaleLayout layout, Random random) {
        int[] codes = IntStream.range(0, SIZE).map(i -> random.nextInt(16) - 8).toArray();
        float[] scales = new float[layout.groups()];
        int[] zeroPoints = new int[scales.length];
        for (int i = 0; i < scales.length; ++i) {
            scales[i] = 0.01f + random.nextFloat();
            zeroPoints[i] = random.nextInt(16) - 8;
        }
        return new GridWeight(SHAPE, 4, layout, codes, scales, zeroPoints);
    }

    private static float[] values(Random random) {
        float[] values = new float[SIZE];
        for (int i = 0; i < SIZE; ++i) {
            values[i] = FloatFormat.BFLOAT16.round(random.nextFloat() - 0.5f);
        }
        return values;
    }

    @DataProvider
    Object[][] weights() {
        Random random = new Random(2);
        byte[] bytes = new byte[SIZE * 2];
        random.nextBytes(bytes);
        int[] assignments = IntStream.range(0, SIZE).map(i -> random.nextInt(5)).toArray();
        float[] codebook = {0, 0.25f, -1, 3, 0.1f};
        return new Object[][] {
            {new DenseWeight(SHAPE, values(random))},
            {new DenseWeight(SHAPE, values(random), FloatFormat.BFLOAT16)},
            {new ExactWeight(SHAPE, ElementType.INT16, bytes)},
            {new CodebookWeight(SHAPE, codebook, assignments)},
            {grid(ScaleLayout.perTensor(SIZE), random)},
            {grid(new ScaleLayout(6, 12, 12), random)},
            {grid(new ScaleLayout(6, 12, 4), random)},
            {grid(new ScaleLayout(6, 12, 5), random)},
            {grid(new ScaleLayout(1, 72, 10), random)},
            {grid(new ScaleLayout(24, 3, 3), random)},
        };
    }

    @Test(dataProvider = "weights")
    public void valuesStayToTheBit(EncodedWeight weight) {
        Random random = new Random(9);
        for (int trial = 0; trial < 200; ++trial) {
            List<int[]> kept = new ArrayList<>();
            for (int size : SHAPE) {
                int sure = random.nextInt(size);
                kept.add(
                        IntStream.range(0, size)
                                .filter(i -> i == sure || random.nextInt(4) > 0)
                                .toArray());
            }
            EncodedWeight cut = WeightCut.of(weight, kept);
            float[] all = weight.decode();
            float[] left = cut.decode();
            int at = 0;
            for (int i : kept.get(0)) {
                for (int j : kept.get(1)) {
                    for (int k : kept.get(2)) {
                        assertEquals(left[at++], all[(i * SHAPE[1] + j) * SHAPE[2] + k]);
                    }
                }
            }
            assertEquals(left.length, at);
            if (!(weight instanceof GridWeight)) {
                assertEquals(cut.getClass(), weight.getClass());
                assertEquals(cut.bits(), weight.bits());
            }
        }
    }

    @Test
    public void gridsStayGridsWhereScalesAreOfRunsOfOneLength() {
        Random random = new Random(4);
        List<int[]> rows = List.of(new int[] {0, 3, 5}, range(4), range(3));
        List<int[]> columns = List.of(range(6), new int[] {0, 2, 3}, range(3));
        EncodedWeight channels = grid(new ScaleLayout(6, 12, 12), random);
        EncodedWeight groups = grid(new ScaleLayout(6, 12, 3), random);
        EncodedWeight whole = grid(ScaleLayout.perTensor(SIZE), random);
        assertEquals(layout(WeightCut.of(channels, rows)), new ScaleLayout(3, 12, 12));
        assertEquals(layout(WeightCut.of(channels, columns)), new ScaleLayout(6, 9, 9));
        assertEquals(layout(WeightCut.of(groups, rows)), new ScaleLayout(3, 12, 3));
        assertEquals(layout(WeightCut.of(groups, columns)), new ScaleLayout(6, 9, 3));
        assertEquals(layout(WeightCut.of(whole, columns)), new ScaleLayout(1, 54, 54));
        EncodedWeight uneven = grid(new ScaleLayout(6, 12, 4), random);
        assertTrue(WeightCut.of(uneven, columns) instanceof DenseWeight);
    }

    private static int[] range(int size) {
        return IntStream.range(0, size).toArray();
    }

    private static ScaleLayout layout(EncodedWeight weight) {
        return ((GridWeight) weight).layout();
    }
}
