package dev.bonsai.core;

import static org.testng.Assert.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** How far an output lies from the one that is expected. */
public class TensorsTest extends ManagerTestBase {

    private static final float NAN = Float.NaN;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private static float[] of(float... values) {
        return values;
    }

    @DataProvider
    Object[][] outputs() {
        return new Object[][] {
            {of(1, -4, 2), of(1, -4, 2), 0},
            {of(1, -4, 2), of(1, -3, 2.5f), 0.25},
            {of(1, 2), of(1, -6), 4},
            {of(0, 0), of(0, -0f), 0},
            {of(0, 0), of(1e-9f, 0), Double.POSITIVE_INFINITY},
            {of(), of(), 0},
            {of(NAN, INFINITY, 1), of(NAN, INFINITY, 1), 0},
            {of(NAN, 1), of(NAN, 2), Double.NaN},
            {of(NAN, 1), of(1, 1), Double.NaN},
            {of(1, 1), of(NAN, 1), Double.NaN},
            {of(1, 1), of(INFINITY, 1), Double.POSITIVE_INFINITY},
            {of(INFINITY), of(-INFINITY), INFINITY},
            {of(-INFINITY, 4), of(-INFINITY, 3), 0.25},
        };
    }

    @Test(dataProvider = "outputs")
    void theLargestDifferenceIsAPartOfTheLargestElement(
            float[] expected, float[] actual, double difference) {
        NDArray one = manager.create(expected);
        NDArray other = manager.create(actual);
        int arrays = manager.getManagedArrays().size();
        assertEquals(Tensors.difference(one, other), difference, 0);
        assertEquals(manager.getManagedArrays().size(), arrays, "nothing stays behind");
    }

    @Test
    void elementsOfAnyTypeAreCompared() {
        for (DataType type : new DataType[] {DataType.INT64, DataType.FLOAT64, DataType.UINT8}) {
            NDArray one = manager.create(new float[] {8, 3}).toType(type, false);
            NDArray other = manager.create(new float[] {8, 2}).toType(type, false);
            assertEquals(Tensors.difference(one, other), 1.0 / 8, 0);
        }
    }

    @Test
    void outputsOfOtherShapesHaveNoDifference() {
        NDArray one = manager.zeros(new Shape(2, 3));
        assertEquals(Tensors.difference(one, manager.zeros(new Shape(3, 2))), Double.NaN);
    }
}
