package dev.bonsai.core;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Native memory worked on by plain Java: every element once, whatever the rows. */
public class NativeFloatsTest extends ManagerTestBase {

    @DataProvider
    Object[][] shapes() {
        return new Object[][] {
            {1, 1},
            {3, 7},
            {1000, 1},
            {1, 1000},
            {70, 1 << 10},
            {2, 1 << 15},
            {3, (1 << 14) + 1},
            {1, 200_003},
            {100_003, 2}
        };
    }

    private static float[] values(int size) {
        Random random = new Random(size);
        float[] values = new float[size];
        for (int i = 0; i < size; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test(dataProvider = "shapes")
    public void eachElementIsChangedOnceWithTheNumberOfItsRow(int rows, int length) {
        float[] values = values(rows * length);
        NDArray array = manager.create(values, new Shape(rows, length));
        NativeFloats.of(array)
                .orElseThrow()
                .update(
                        length,
                        (row, part, count) -> {
                            for (int i = 0; i < count; ++i) {
                                part[i] = part[i] * 2 + row;
                            }
                        });
        for (int i = 0; i < values.length; ++i) {
            int row = i / length;
            values[i] = values[i] * 2 + row;
        }
        assertEquals(array.toFloatArray(), values);
    }

    @Test(dataProvider = "shapes")
    public void theGreatestOfEachRowIsFoundAndAnotherArrayIsWritten(int rows, int length) {
        float[] values = values(rows * length);
        NDArray array = manager.create(values, new Shape(rows, length));
        NDArray target = manager.create(new Shape(rows, length));
        NativeFloats from = NativeFloats.of(array).orElseThrow();
        float[] greatest = from.greatest(length, NativeFloatsTest::greatest);
        assertEquals(greatest, array.max(new int[] {1}).toFloatArray());
        from.write(
                NativeFloats.of(target).orElseThrow(),
                length,
                (row, part, count) -> {
                    for (int i = 0; i < count; ++i) {
                        part[i] -= greatest[row];
                    }
                });
        assertEquals(array.toFloatArray(), values, "untouched");
        assertEquals(
                target.toFloatArray(), array.sub(array.max(new int[] {1}, true)).toFloatArray());
    }

    private static float greatest(float[] values, int length) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < length; ++i) {
            greatest = Math.max(greatest, values[i]);
        }
        return greatest;
    }

    @Test
    public void whatCannotBeWrittenInPlaceIsNotOffered() {
        NDArray matrix = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
        assertFalse(NativeFloats.of(matrix.transpose()).isPresent(), "another order");
        assertFalse(NativeFloats.of(matrix.toType(DataType.FLOAT64, true)).isPresent());
        assertEquals(NativeFloats.of(matrix).orElseThrow().size(), 6);
    }

    @Test
    public void nothingStaysBehind() {
        NDArray matrix = manager.create(new Shape(2, 3));
        int before = manager.getManagedArrays().size();
        NativeFloats.of(matrix);
        NativeFloats.of(matrix.transpose());
        assertEquals(manager.getManagedArrays().size(), before + 1, "the transposed array");
    }
}
