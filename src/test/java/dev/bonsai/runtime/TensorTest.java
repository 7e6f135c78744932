package dev.bonsai.runtime;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.type.GraphException;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A tensor holds what it is given, in its type. */
public class TensorTest {

    private static final long[] NUMBERS = {-200, -3, 0, 1, 2, 127, 300, 70_000, 1L << 33};

    @DataProvider
    Object[][] types() {
        return ElementType.EXACT.stream().map(type -> new Object[] {type}).toArray(Object[][]::new);
    }

    @Test(dataProvider = "types")
    void weightOfATensorIsThatTensor(ElementType type) {
        Tensor cast = cast(Tensor.of(NUMBERS.clone(), 3, 3), type);
        assertEquals(cast.type(), type);
        assertEquals(Tensor.of(cast.encode()), cast);
    }

    private static Tensor cast(Tensor tensor, ElementType type) {
        return Kernels.apply(new Cast(type), List.of(Optional.of(tensor)), 1).get(0);
    }

    @Test
    void castOfIntegersKeepsTheLowerBits() {
        Tensor numbers = Tensor.of(NUMBERS.clone(), NUMBERS.length);
        assertEquals(
                cast(numbers, ElementType.INT8).longs(),
                new long[] {56, -3, 0, 1, 2, 127, 44, 112, 0});
        assertEquals(
                cast(numbers, ElementType.UINT8).longs(),
                new long[] {56, 253, 0, 1, 2, 127, 44, 112, 0});
        assertEquals(
                cast(numbers, ElementType.BOOLEAN).longs(), new long[] {1, 1, 0, 1, 1, 1, 1, 1, 1});
    }

    @Test
    void infinitiesAreInfiniteInEveryTypeOfFloats() {
        float infinite = Float.POSITIVE_INFINITY;
        Tensor masks = Tensor.of(new float[] {-infinite, infinite, 70_000f, -1f}, 4);
        for (ElementType type : List.of(ElementType.FLOAT16, ElementType.BFLOAT16)) {
            Tensor cast = cast(masks, type);
            float large = type == ElementType.FLOAT16 ? infinite : 70_144f;
            assertEquals(cast.floats(), new float[] {-infinite, infinite, large, -1f});
            assertEquals(Tensor.of(cast.encode()), cast);
        }
    }

    @Test
    void castOfFloatsRoundsTowardsZero() {
        Tensor numbers = Tensor.of(new float[] {-1.9f, -0.5f, 0f, 0.5f, 1.9f}, 5);
        assertEquals(cast(numbers, ElementType.INT64).longs(), new long[] {-1, 0, 0, 0, 1});
        assertEquals(cast(numbers, ElementType.BOOLEAN).longs(), new long[] {1, 1, 0, 1, 1});
    }

    @Test
    void unfitShapeIsRefused() {
        assertThrows(GraphException.class, () -> Tensor.of(new float[5], 2, 3));
        assertThrows(GraphException.class, () -> Tensor.of(new float[2]));
        assertThrows(GraphException.class, () -> Tensor.of(new float[1], -1, -1));
        assertThrows(GraphException.class, () -> Tensor.of(new float[0], 1 << 20, 1 << 20));
        assertEquals(Tensor.of(new float[0], 0, 3).size(), 0);
    }

    @Test
    void elementsOfAnotherTypeAreRefusedWithTheRemedy() {
        Tensor floats = Tensor.of(new float[] {1}, 1);
        String told = expectThrows(GraphException.class, floats::longs).getMessage();
        assertTrue(told.contains("float32(1)") && told.contains("floats()"), told);
        assertThrows(GraphException.class, Tensor.of(new long[] {1L << 40}, 1)::ints);
        assertEquals(Tensor.of(new int[] {-7}, 1).ints(), new int[] {-7});
    }
}
