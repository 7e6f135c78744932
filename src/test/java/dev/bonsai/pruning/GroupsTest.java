package dev.bonsai.pruning;

import static org.testng.Assert.assertEquals;

import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import org.testng.annotations.Test;

public class GroupsTest {

    private static final float DEAD = Float.NEGATIVE_INFINITY;

    /** Such as a row of weights of which one reads a pixel that is always zero. */
    @Test
    void aGroupIsDeadWhereAllOfItIs() {
        Groups rows = Groups.of(new Shape(3, 2), 1, 2);
        float[] values = {DEAD, 4, DEAD, DEAD, 1, 2};
        assertEquals(rows.means(FloatBuffer.wrap(values)).array(), new float[] {2, DEAD, 1.5f});
    }
}
