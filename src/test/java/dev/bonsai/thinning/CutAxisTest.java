package dev.bonsai.thinning;

import static org.testng.Assert.assertEquals;

import java.nio.FloatBuffer;
import java.util.BitSet;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Which elements of a weight lie at which place of an axis. */
public class CutAxisTest {

    private static final int[] SHAPE = {2, 3, 4};
    private static final int SIZE = 24;

    @DataProvider
    Object[][] axes() {
        return new Object[][] {{0}, {1}, {2}};
    }

    /** The place of an element, by its indices. */
    private static int place(int element, int axis) {
        int[] indices = {element / 12, element / 4 % 3, element % 4};
        return indices[axis];
    }

    @Test(dataProvider = "axes")
    void eachElementLiesAtItsPlace(int axis) {
        CutAxis cut = CutAxis.of(SHAPE, axis);
        assertEquals(cut.length(), SHAPE[axis]);
        double[] sums = new double[SHAPE[axis]];
        float[] values = new float[SIZE];
        for (int i = 0; i < SIZE; ++i) {
            values[i] = i * i;
            sums[place(i, axis)] += values[i];
            BitSet one = new BitSet();
            one.set(i);
            BitSet found = new BitSet();
            found.set(place(i, axis));
            assertEquals(cut.places(one), found);
        }
        assertEquals(cut.sums(FloatBuffer.wrap(values)), sums, 0.0);
    }

    @Test(dataProvider = "axes")
    void aPlaceIsDeadWhereAllOfItIs(int axis) {
        float[] values = new float[SIZE];
        double[] sums = new double[SHAPE[axis]];
        for (int i = 0; i < SIZE; ++i) {
            boolean dead = place(i, axis) == 1 || i == 0;
            values[i] = dead ? Float.NEGATIVE_INFINITY : i;
            sums[place(i, axis)] += dead ? 0 : i;
        }
        sums[1] = Double.NEGATIVE_INFINITY;
        assertEquals(CutAxis.of(SHAPE, axis).sums(FloatBuffer.wrap(values)), sums, 0.0);
    }

    @Test(dataProvider = "axes")
    void theElementsOfSomePlacesAreCleared(int axis) {
        BitSet places = new BitSet();
        places.set(1, SHAPE[axis]);
        BitSet elements = new BitSet();
        elements.set(2, SIZE);
        CutAxis.of(SHAPE, axis).clear(elements, places);
        for (int i = 0; i < SIZE; ++i) {
            assertEquals(elements.get(i), i >= 2 && place(i, axis) == 0, "element " + i);
        }
    }

    @Test
    void aVectorHasOneAxis() {
        assertEquals(CutAxis.of(new int[] {5}, 0), new CutAxis(5, 1, 5));
    }
}
