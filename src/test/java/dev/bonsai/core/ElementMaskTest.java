package dev.bonsai.core;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Masks give the same bits whether the engine or plain Java does the work. */
public class ElementMaskTest extends ManagerTestBase {

    @DataProvider
    Object[][] sizes() {
        // the last three are large ones, of which no array is made; the keep bits end early
        return new Object[][] {
            {1, 1.0}, {130, 0.3}, {5000, 0.9}, {(1 << 22) + 65, 0.1}, {1 << 22, 0.9}, {1 << 22, 0}
        };
    }

    @Test(dataProvider = "sizes")
    void whatIsNotKeptIsPlusZeroAndAllElseStays(int size, double kept) {
        Random random = new Random(size);
        float[] values = new float[size];
        BitSet keep = new BitSet();
        for (int i = 0; i < size; ++i) {
            values[i] = i % 7 == 0 ? -0f : (float) random.nextGaussian();
            keep.set(i, i < size - 70 && random.nextDouble() < kept);
        }
        float[] expected = new float[size];
        for (int i = 0; i < size; ++i) {
            expected[i] = keep.get(i) ? values[i] + 0f : 0f;
        }
        Shape shape = new Shape(size);
        ElementMask mask = new ElementMask(keep, shape, DataType.FLOAT32, manager);
        NDArray weight = Tensors.constant(manager, values, shape);
        assertBits(mask.applyTo(weight), expected);
        assertBits(weight, values); // it is not changed
        Optional<NDArray> copy = mask.clearedCopy(weight);
        copy.ifPresent(cleared -> assertBits(cleared, expected));
        assertBits(weight, values);
        mask.project(weight);
        assertBits(weight, expected);
    }

    private static void assertBits(NDArray array, float[] expected) {
        int at = Arrays.mismatch(array.toFloatArray(), expected);
        assertTrue(at < 0, "element " + at);
        assertEquals(array.size(), expected.length);
    }
}
