package dev.bonsai.graph;

import static org.testng.Assert.assertEquals;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.Slice;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/**
 * Rules against what is written here by hand: block and runtime ask the very same rules, so that
 * they would agree on a wrong one.
 */
public class LiteralRulesTest {

    /** Slices element by element; a start outside is moved to the nearest element. */
    private static List<Integer> sliced(int size, long start, long end, long step) {
        long first = start < 0 ? start + size : start;
        long behind = end < 0 ? end + size : end;
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < size; ++i) {
            int at = step > 0 ? i : size - 1 - i;
            long low = Math.max(0, first);
            long high = Math.max(0, Math.min(size - 1, first));
            boolean in =
                    step > 0
                            ? at >= low && at < behind && (at - low) % step == 0
                            : at <= high && at > behind && (high - at) % -step == 0;
            if (in) {
                taken.add(at);
            }
        }
        return taken;
    }

    @Test
    void aSliceTakesTheElementsThatItNames() {
        for (int size = 0; size <= 6; ++size) {
            for (long start = -8; start <= 8; ++start) {
                for (long end = -8; end <= 8; ++end) {
                    for (long step : new long[] {-3, -2, -1, 1, 2, 3, Long.MAX_VALUE}) {
                        Slice.Part part = Slice.Part.of(size, start, end, step);
                        List<Integer> taken = new ArrayList<>();
                        for (int i = 0; i < part.count(); ++i) {
                            taken.add(part.start() + i * part.step());
                        }
                        assertEquals(
                                taken,
                                sliced(size, start, end, step),
                                List.of(size, start, end, step).toString());
                    }
                }
            }
        }
    }

    @Test
    void padsAreAllThoseBeforeAndThenAllThoseBehind() {
        int[][] amounts = Pad.amounts(Shape.of(5, 6, 7), List.of(1L, 2L, 3L, 4L), List.of(-1L, 0L));
        assertEquals(amounts, new int[][] {{2, 0, 1}, {4, 0, 3}});
    }

    /** The free dimension is 1 or the fixed one, and the result is the fixed one in both cases. */
    @Test
    void aFreeDimensionBesideAFixedOneIsTheFixedOne() {
        for (List<String> operands : List.of(List.of("x", "w"), List.of("w", "x"))) {
            Graph graph =
                    new Graph(
                            List.of(
                                    new Graph.Input(
                                            "x",
                                            ElementType.FLOAT32,
                                            Shape.of(Dim.free("batch"), Dim.of(1)))),
                            List.of(new Graph.Weight("w", ElementType.FLOAT32, Shape.of(4, 3))),
                            Map.of(),
                            List.of(new Node(Binary.ADD, operands, List.of("y"))),
                            List.of("y"));
            assertEquals(graph.values().get("y").toString(), "float32(4, 3)");
        }
    }
}
