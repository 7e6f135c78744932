package dev.bonsai.graph.type;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.testng.annotations.Test;

/** Laws of sizes with free dimensions: what is told holds for whatever sizes these have. */
public class DimTest {

    private static final List<String> NAMES = List.of("a", "b", "c");

    private static List<Dim> dims() {
        Random random = new Random(7);
        List<Dim> dims = new ArrayList<>(List.of(Dim.of(0), Dim.of(1), Dim.of(-1), Dim.UNKNOWN));
        for (int i = 0; i < 40; ++i) {
            List<String> symbols = new ArrayList<>();
            for (int k = random.nextInt(3); k > 0; --k) {
                symbols.add(NAMES.get(random.nextInt(NAMES.size())));
            }
            dims.add(new Dim(random.nextInt(13) - 3, symbols));
        }
        return dims;
    }

    private static List<Map<String, Long>> sizes() {
        return List.of(
                Map.of("a", 1L, "b", 1L, "c", 1L),
                Map.of("a", 2L, "b", 3L, "c", 5L),
                Map.of("a", 7L, "b", 2L, "c", 9L));
    }

    @Test
    void arithmeticHoldsForAllSizes() {
        for (Dim a : dims()) {
            for (Dim b : dims()) {
                for (Map<String, Long> sizes : sizes()) {
                    check(a, b, sizes);
                }
            }
        }
    }

    private static void check(Dim a, Dim b, Map<String, Long> sizes) {
        if (!a.isKnown() || !b.isKnown()) {
            return;
        }
        long left = a.bind(sizes).size();
        long right = b.bind(sizes).size();
        assertEquals(a.times(b).bind(sizes).size(), left * right);
        if (a.plus(b).isKnown()) {
            assertEquals(a.plus(b).bind(sizes).size(), left + right);
        }
        if (a.minus(b).isKnown()) {
            assertEquals(a.minus(b).bind(sizes).size(), left - right);
        }
        a.dividedBy(b)
                .ifPresent(
                        quotient -> {
                            assertEquals(left % right, 0, a + " / " + b);
                            assertEquals(quotient.bind(sizes).size(), left / right);
                        });
        if (a.same(b)) {
            assertEquals(left, right);
        }
        if (a.differs(b)) {
            assertTrue(left != right);
        }
    }

    @Test
    void productsAndSumsCommuteAndInvert() {
        for (Dim a : dims()) {
            assertEquals(a.times(Dim.of(1)), a);
            assertEquals(a.plus(Dim.of(0)), a);
            assertEquals(a.times(Dim.of(0)), Dim.of(0));
            assertEquals(a.dividedBy(Dim.of(1)).orElseThrow(), a);
            for (Dim b : dims()) {
                assertEquals(a.times(b), b.times(a));
                assertEquals(a.plus(b), b.plus(a));
                if (a.isKnown() && b.isKnown() && b.factor() != 0) {
                    assertEquals(a.times(b).dividedBy(b).orElseThrow(), a);
                }
            }
            if (a.isKnown()) {
                assertEquals(a.minus(a), Dim.of(0));
                assertEquals(a.plus(a), a.times(Dim.of(2)));
            }
        }
    }

    @Test
    void equalDimensionsAreEqualWhateverTheOrderOfTheirNames() {
        List<String> names = new ArrayList<>(List.of("c", "a", "b", "a"));
        Dim first = new Dim(6, names);
        Collections.reverse(names);
        assertEquals(new Dim(6, names), first);
        assertEquals(new Dim(0, names), Dim.of(0));
        assertEquals(first.toString(), "6*a*a*b*c");
        assertEquals(Dim.free("a").toString(), "a");
    }

    @Test
    void whatIsUnknownIsNeitherTheSameNorDifferent() {
        assertFalse(Dim.UNKNOWN.same(Dim.UNKNOWN));
        assertFalse(Dim.UNKNOWN.differs(Dim.of(3)));
        assertFalse(Dim.free("a").differs(Dim.free("b")));
        assertFalse(Dim.free("a").differs(Dim.of(3)));
        assertEquals(Dim.UNKNOWN.minus(Dim.UNKNOWN), Dim.UNKNOWN);
        assertThrows(GraphException.class, () -> Dim.UNKNOWN.size());
        assertThrows(GraphException.class, () -> Dim.free(" "));
        assertThrows(GraphException.class, () -> Dim.free("?"));
    }

    @Test
    void someNamesCanBeBound() {
        Dim dim = new Dim(2, List.of("a", "b"));
        assertEquals(dim.bind(Map.of("a", 3L)), new Dim(6, List.of("b")));
        assertEquals(dim.bind(Map.of("a", 0L)), Dim.of(0));
        assertEquals(dim.bind(Map.of()), dim);
    }

    @Test
    void shapesHaveAxesFromBothEndsAndAProduct() {
        Shape shape = Shape.of(Dim.free("a"), Dim.of(3), Dim.of(4));
        for (int axis = 0; axis < 3; ++axis) {
            assertEquals(shape.get(axis), shape.get(axis - 3));
        }
        assertEquals(shape.elements(), new Dim(12, List.of("a")));
        assertEquals(shape.product(1, 3), Dim.of(12));
        assertEquals(shape.bind(Map.of("a", 2L)), Shape.of(2, 3, 4));
        assertEquals(shape.toString(), "(a, 3, 4)");
        assertEquals(Shape.SCALAR.elements(), Dim.of(1));
        assertThrows(GraphException.class, () -> shape.get(3));
        assertThrows(GraphException.class, () -> shape.get(-4));
        assertThrows(GraphException.class, () -> shape.sizes());
        assertThrows(GraphException.class, () -> Shape.of(2, -1));
    }
}
