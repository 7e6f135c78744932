package dev.bonsai.runtime;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotSame;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.runtime.OperatorCases.Case;
import dev.bonsai.runtime.arithmetic.Arithmetic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** An array is used again only when nobody needs what is in it, and what was in it is lost. */
public class SparesTest {

    private static final Arguments.Prepared NOTHING =
            new Arguments.Prepared(new boolean[0], new boolean[0]);

    @Test
    void kernelsWriteAllOfAnArrayThatTheyTake() {
        int used = 0;
        for (Arithmetic arithmetic : Arithmetic.all()) {
            for (Case test : OperatorCases.all()) {
                Spares spares = new Spares();
                List<Tensor> fresh = run(test, arithmetic, spares);
                List<Tensor> expected = fresh.stream().map(SparesTest::copy).toList();
                List<float[]> arrays = new ArrayList<>();
                for (Tensor result : fresh) {
                    if (result.data() instanceof float[] array && !isOperand(test, array)) {
                        spares.hold(result);
                        spares.release(result);
                        Arrays.fill(array, Float.NaN);
                        arrays.add(array);
                    }
                }
                List<Tensor> again = run(test, arithmetic, spares);
                assertEquals(again, expected, test.toString());
                used += again.stream().anyMatch(t -> arrays.contains(t.data())) ? 1 : 0;
            }
        }
        assertTrue(used > 100 * Arithmetic.all().size(), used + " cases used an array again");
    }

    /** Each operand is the last use of its array, or only one is. */
    @Test
    void resultsInPlaceOfOperandsAreTheSame() {
        int used = 0;
        for (Arithmetic arithmetic : Arithmetic.all()) {
            for (Case test : OperatorCases.all()) {
                List<Tensor> expected = run(test, arithmetic, new Spares());
                int count = test.operands().size();
                for (int only = -1; only < count; ++only) {
                    Spares spares = new Spares();
                    Tensor[] operands = new Tensor[count];
                    boolean[] last = new boolean[count];
                    for (int i = 0; i < count; ++i) {
                        operands[i] = taken(test.operands().get(i), spares);
                        last[i] = only < 0 || only == i;
                    }
                    Tensor[] before = new Tensor[count];
                    for (int i = 0; i < count; ++i) {
                        before[i] = operands[i] == null ? null : copy(operands[i]);
                    }
                    Arguments.Prepared prepared = new Arguments.Prepared(new boolean[0], last);
                    List<Tensor> found =
                            Kernels.compute(
                                            test.operator(),
                                            new Arguments(
                                                    operands,
                                                    test.results(),
                                                    arithmetic,
                                                    prepared,
                                                    spares))
                                    .subList(0, test.results());
                    assertEquals(found, expected, test + " in place of " + only);
                    for (int i = 0; i < count; ++i) {
                        if (!last[i]) {
                            assertEquals(operands[i], before[i], test.toString());
                        } else if (operands[i] != null
                                && found.get(0).data() == operands[i].data()) {
                            ++used;
                        }
                    }
                }
            }
        }
        assertTrue(used > 60 * Arithmetic.all().size(), used + " in place");
    }

    /** The same value in an array that was taken and is held once. */
    private static Tensor taken(Tensor value, Spares spares) {
        if (value == null || !(value.data() instanceof float[] numbers)) {
            return value;
        }
        float[] array = spares.take(numbers.length);
        System.arraycopy(numbers, 0, array, 0, numbers.length);
        Tensor taken = Tensor.of(value.type(), array, value.dims());
        spares.hold(taken);
        return taken;
    }

    private static List<Tensor> run(Case test, Arithmetic arithmetic, Spares spares) {
        Tensor[] operands = test.operands().toArray(Tensor[]::new);
        return Kernels.compute(
                        test.operator(),
                        new Arguments(operands, test.results(), arithmetic, NOTHING, spares))
                .subList(0, test.results());
    }

    private static boolean isOperand(Case test, float[] array) {
        return test.operands().stream().anyMatch(t -> t != null && t.data() == array);
    }

    private static Tensor copy(Tensor value) {
        return value.data() instanceof float[] array
                ? Tensor.of(value.type(), array.clone(), value.dims())
                : value;
    }

    @Test
    void arrayIsFreeWhenItsLastHolderIsGone() {
        Spares spares = new Spares();
        float[] array = spares.take(6);
        Tensor value = Tensor.of(array, 6);
        Tensor view = value.withShape(2, 3);
        spares.hold(value);
        spares.hold(view);
        spares.release(value);
        assertNotSame(spares.take(6), array);
        spares.release(view);
        assertNotSame(spares.take(7), array);
        assertSame(spares.take(6), array);
    }

    @Test
    void arrayFromElsewhereIsNeverTaken() {
        Spares spares = new Spares();
        float[] array = new float[6];
        Tensor value = Tensor.of(array, 6);
        spares.hold(value);
        spares.release(value);
        spares.give(array);
        assertNotSame(spares.take(6), array);
    }

    @Test
    void fewArraysAreKept() {
        Spares spares = new Spares();
        List<float[]> arrays = new ArrayList<>();
        for (int i = 0; i < 20; ++i) {
            arrays.add(spares.take(i));
        }
        arrays.forEach(spares::give);
        assertSame(spares.take(19), arrays.get(19));
        assertNotSame(spares.take(0), arrays.get(0));
    }

    /** Values that share an array, of which one is an output, before more of the same size. */
    @Test
    void resultsAndInputsOfAModelStay() {
        Graph graph =
                new Graph(
                        List.of(new Input("x", ElementType.FLOAT32, Shape.of(6))),
                        List.of(),
                        Map.of("shape", Tensor.of(new long[] {2, 3}, 2).encode()),
                        List.of(
                                Node.of(new Reshape(false), "turned", "x", "shape"),
                                Node.of(Unary.RELU, "a", "x"),
                                Node.of(new Reshape(false), "kept", "a", "shape"),
                                Node.of(Unary.NEG, "b", "a"),
                                Node.of(Unary.EXP, "c", "b"),
                                Node.of(Unary.NEG, "d", "c"),
                                Node.of(Unary.ABS, "e", "turned"),
                                Node.of(Unary.NEG, "f", "e")),
                        List.of("kept", "d", "f"));
        float[] numbers = {1, -2, 3, -4, 5, -6};
        PlainModel model = PlainModel.of(new GraphModel(graph, Map.of()));
        List<Tensor> results = model.run(Tensor.of(numbers, 6));
        assertEquals(results.get(0).floats(), new float[] {1, 0, 3, 0, 5, 0});
        assertEquals(results.get(1).floats()[1], -1f);
        assertEquals(results.get(2).floats(), new float[] {-1, -2, -3, -4, -5, -6});
        assertEquals(numbers, new float[] {1, -2, 3, -4, 5, -6});
        List<Tensor> before = results.stream().map(SparesTest::copy).toList();
        model.run(Tensor.of(new float[] {9, 9, 9, 9, 9, 9}, 6));
        assertEquals(results, before);
    }
}
