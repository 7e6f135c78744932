package dev.bonsai.pruning;

import static org.testng.Assert.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.ScaleLayout;
import java.util.BitSet;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class MaskTransformTest extends ManagerTestBase {

    @DataProvider
    Object[][] masks() {
        return new Object[][] {
            {new Shape(4, 6), 1},
            {new Shape(5, 3, 3, 3), 2},
            {new Shape(7), 3},
            {new Shape(1, 1), 4}
        };
    }

    @Test(dataProvider = "masks")
    void fulfilsTheContract(Shape shape, int seed) {
        Random random = new Random(seed);
        int size = (int) shape.size();
        float[] values = new float[size];
        BitSet keep = new BitSet();
        for (int i = 0; i < size; ++i) {
            values[i] = (float) random.nextGaussian();
            keep.set(i, random.nextBoolean());
        }
        MaskTransform mask = new ClosedMask(keep, 0.5, shape, DataType.FLOAT32, manager);
        WeightTransformContract.of(mask, manager, shape, values)
                .gradient(upstream -> zeroed(upstream, keep))
                .restoredBy(Pruning.builder().setTargetSparsity(0.5f).build())
                .check();
    }

    @Test
    void keepsKeptElementsBitForBit() {
        float[] values = {0.1f, -3e-39f, 1e30f, -1e-8f};
        assertEquals(apply(maskOf(0, 1, 2, 3), values), values);
    }

    @Test
    void hasTheTypeOfTheWeight() {
        BitSet keep = bits(1);
        MaskTransform mask = new ClosedMask(keep, 0.5, new Shape(2), DataType.FLOAT64, manager);
        try (NDManager scratch = manager.newSubManager()) {
            NDArray weight = scratch.create(new double[] {1e-300, -1e-300});
            NDArray result = mask.apply(weight, WeightTransformContract.pass(Mode.TRAINING));
            assertEquals(result.toDoubleArray(), new double[] {0, -1e-300});
        }
    }

    @DataProvider
    Object[][] encodings() {
        int[] shape = {2, 2};
        return new Object[][] {
            {new CodebookWeight(shape, new float[] {-1, 2}, new int[] {0, 1, 1, 0})},
            {
                new GridWeight(
                        shape,
                        4,
                        ScaleLayout.perTensor(4),
                        new int[] {-3, 7, 5, 1},
                        new float[] {0.3f},
                        new int[] {2})
            },
        };
    }

    @Test(dataProvider = "encodings")
    void masksWhatATransformBeforeItEncoded(EncodedWeight before) {
        MaskTransform mask =
                new ClosedMask(bits(1, 3), 0.5, new Shape(2, 2), DataType.FLOAT32, manager);
        EncodedWeight after = mask.encode(before, manager);
        float[] decoded = before.decode();
        assertEquals(after.decode(), new float[] {0, decoded[1], 0, decoded[3]});
        assertEquals(after.getClass(), before.getClass());
    }

    private float[] apply(MaskTransform mask, float... values) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray weight = scratch.create(values);
            return mask.apply(weight, WeightTransformContract.pass(Mode.TRAINING)).toFloatArray();
        }
    }

    private MaskTransform maskOf(int... kept) {
        return new ClosedMask(bits(kept), 0.5, new Shape(4), DataType.FLOAT32, manager);
    }

    private static BitSet bits(int... kept) {
        BitSet bits = new BitSet();
        for (int index : kept) {
            bits.set(index);
        }
        return bits;
    }

    private static float[] zeroed(float[] values, BitSet keep) {
        for (int i = 0; i < values.length; ++i) {
            values[i] = keep.get(i) ? values[i] : 0;
        }
        return values;
    }
}
