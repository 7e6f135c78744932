package dev.bonsai.rewrite;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import dev.bonsai.Cross;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Gelu;
import dev.bonsai.graph.operator.Gelu.Approximation;
import dev.bonsai.graph.operator.LayerNormalization;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.ParametricActivation;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.rewrite.Simplifier.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Layer normalisation, GELU and HardSwish in the forms in which files have them. */
public class RecognitionTest {

    /** Multiplies three values in some order. */
    private enum Order {
        LEFT,
        RIGHT,
        SWAPPED,
        LAST;

        String of(Sketch s, String a, String b, String c) {
            return switch (this) {
                case LEFT -> s.node(Binary.MUL, s.node(Binary.MUL, a, b), c);
                case RIGHT -> s.node(Binary.MUL, a, s.node(Binary.MUL, b, c));
                case SWAPPED -> s.node(Binary.MUL, s.node(Binary.MUL, b, c), a);
                case LAST -> s.node(Binary.MUL, b, s.node(Binary.MUL, c, a));
            };
        }
    }

    /** How the argument of the error function or the hyperbolic tangent is written. */
    private enum Argument {
        DIVIDED,
        MULTIPLIED,
        POWER,
        CUBE,
        FACTORED;

        Approximation meant() {
            return this == DIVIDED || this == MULTIPLIED ? Approximation.NONE : Approximation.TANH;
        }

        String of(Sketch s, String x) {
            String slope = s.scalar(0.7978845608);
            String cubic = s.scalar(0.044715);
            return switch (this) {
                case DIVIDED -> s.node(Binary.DIV, x, s.scalar(1.41421356));
                case MULTIPLIED -> s.node(Binary.MUL, s.scalar(0.70710678), x);
                case POWER -> {
                    String cube = s.node(Binary.POW, x, s.scalar(3));
                    String term = s.node(Binary.MUL, cubic, cube);
                    yield s.node(Binary.MUL, s.node(Binary.ADD, x, term), slope);
                }
                case CUBE -> {
                    String cube = s.node(Binary.MUL, s.node(Binary.MUL, x, x), x);
                    String term = s.node(Binary.MUL, cube, cubic);
                    yield s.node(Binary.MUL, slope, s.node(Binary.ADD, term, x));
                }
                case FACTORED -> {
                    String square = s.node(Binary.MUL, s.node(Binary.MUL, cubic, x), x);
                    String factor = s.node(Binary.ADD, s.scalar(1), square);
                    yield s.node(Binary.MUL, s.node(Binary.MUL, x, slope), factor);
                }
            };
        }
    }

    private static Sketch gelu(Argument argument, Order order, boolean divided) {
        Sketch s = new Sketch(1);
        String x = s.node(Unary.IDENTITY, s.input("x", "batch", "length", 6));
        Operator function = argument.meant() == Approximation.NONE ? Unary.ERF : Unary.TANH;
        String value = s.node(function, argument.of(s, x));
        String sum = s.node(Binary.ADD, value, s.scalar(1));
        if (divided) {
            s.node(Binary.DIV, s.node(Binary.MUL, x, sum), s.scalar(2));
        } else {
            order.of(s, s.scalar(0.5), x, sum);
        }
        return s;
    }

    @DataProvider
    Object[][] gelus() {
        return Cross.of(Argument.values(), Order.values(), new Boolean[] {false, true});
    }

    @Test(dataProvider = "gelus")
    void geluIsRecognised(Argument argument, Order order, boolean divided) {
        Sketch s = gelu(argument, order, divided);
        checkOneNode(s, new Gelu(argument.meant()));
    }

    @Test(dataProvider = "gelus")
    void geluIsLeftWhereSomethingInsideIsUsed(Argument argument, Order order, boolean divided) {
        checkNothingInsideIsUsed(() -> gelu(argument, order, divided), Gelu.class);
    }

    @DataProvider
    Object[][] otherNumbers() {
        return new Object[][] {{0.49, 1.0, 1.4142135}, {0.5, 1.01, 1.4142135}, {0.5, 1.0, 1.41}};
    }

    @Test(dataProvider = "otherNumbers")
    void otherNumbersAreNoGelu(double half, double one, double root) {
        Sketch s = new Sketch(1);
        String x = s.input("x", "batch", 6);
        String value = s.node(Unary.ERF, s.node(Binary.DIV, x, s.scalar(root)));
        String sum = s.node(Binary.ADD, value, s.scalar(one));
        Order.LEFT.of(s, x, sum, s.scalar(half));
        Graph graph = s.graph(last(s));
        assertEquals(
                Law.operators(Law.simplified(graph, s.weights(), Mode.INFERENCE).graph()).size(),
                5);
    }

    private static Sketch swish(int form) {
        Sketch s = new Sketch(2);
        String x = s.node(Unary.IDENTITY, s.input("x", "batch", 3, "height", 2));
        String sixth = s.scalar(1.0 / 6);
        String clip = "";
        if (form < 3) {
            String sum = s.node(Binary.ADD, s.scalar(3), x);
            clip = s.node(Plain.CLIP, sum, s.scalar(0), s.scalar(6));
        }
        switch (form) {
            case 0 -> s.node(Binary.DIV, s.node(Binary.MUL, x, clip), s.scalar(6));
            case 1 -> s.node(Binary.MUL, s.node(Binary.MUL, clip, sixth), x);
            case 2 -> s.node(Binary.MUL, x, s.node(Binary.DIV, clip, s.scalar(6)));
            default ->
                    s.node(
                            Binary.MUL,
                            s.node(
                                    new ParametricActivation(
                                            ParametricActivation.Kind.HARD_SIGMOID, 1f / 6, 0.5f),
                                    x),
                            x);
        }
        return s;
    }

    @DataProvider
    Object[][] swishes() {
        return Cross.of(new Integer[] {0, 1, 2, 3});
    }

    @Test(dataProvider = "swishes")
    void hardSwishIsRecognised(int form) {
        checkOneNode(swish(form), Unary.HARD_SWISH);
    }

    @Test(dataProvider = "swishes")
    void hardSwishIsLeftWhereSomethingInsideIsUsed(int form) {
        checkNothingInsideIsUsed(() -> swish(form), Unary.class);
    }

    @Test
    void hardSigmoidIsRecognised() {
        Sketch s = new Sketch(2);
        String sum = s.node(Binary.ADD, s.input("x", "batch", 4), s.scalar(3));
        String clip = s.node(Plain.CLIP, sum, s.scalar(0), s.scalar(6));
        s.node(Binary.DIV, clip, s.scalar(6));
        checkOneNode(
                s, new ParametricActivation(ParametricActivation.Kind.HARD_SIGMOID, 1f / 6, 0.5f));
    }

    private enum Square {
        POW,
        MUL
    }

    private enum Root {
        DIVIDED,
        RECIPROCAL,
        POWER
    }

    private enum Ends {
        NONE,
        SCALE,
        SHIFT,
        BOTH,
        SCALE_FIRST
    }

    private static Sketch normalization(Square square, Root root, Ends ends, int axes) {
        Sketch s = new Sketch(3);
        String x = s.node(Unary.IDENTITY, s.input("x", "batch", "length", 3, 4));
        List<Integer> last = axes == 1 ? List.of(-1) : List.of(3, 2);
        int[] shape = axes == 1 ? new int[] {4} : new int[] {3, 4};
        Operator mean = new Reduce(Reduce.Kind.MEAN, last, true, false);
        String centred = s.node(Binary.SUB, x, s.node(mean, x));
        String squared =
                square == Square.POW
                        ? s.node(Binary.POW, centred, s.scalar(2))
                        : s.node(Binary.MUL, centred, centred);
        String variance = s.node(Binary.ADD, s.node(mean, squared), s.scalar(1e-3));
        UnaryOperator<String> scaled = v -> s.node(Binary.MUL, v, s.weight("scale", shape));
        String result =
                switch (root) {
                    case DIVIDED -> {
                        String deviation = s.node(Unary.SQRT, variance);
                        yield ends == Ends.SCALE_FIRST
                                ? s.node(Binary.DIV, scaled.apply(centred), deviation)
                                : s.node(Binary.DIV, centred, deviation);
                    }
                    case RECIPROCAL -> {
                        String inverse = s.node(Unary.RECIPROCAL, s.node(Unary.SQRT, variance));
                        yield s.node(
                                Binary.MUL,
                                centred,
                                ends == Ends.SCALE_FIRST ? scaled.apply(inverse) : inverse);
                    }
                    case POWER -> {
                        String inverse = s.node(Binary.POW, variance, s.scalar(-0.5));
                        yield s.node(
                                Binary.MUL,
                                ends == Ends.SCALE_FIRST ? scaled.apply(inverse) : inverse,
                                centred);
                    }
                };
        if (ends == Ends.SCALE || ends == Ends.BOTH) {
            result = scaled.apply(result);
        }
        if (ends != Ends.NONE && ends != Ends.SCALE) {
            s.node(Binary.ADD, s.weight("shift", shape), result);
        }
        return s;
    }

    @DataProvider
    Object[][] normalizations() {
        return Cross.of(Square.values(), Root.values(), Ends.values(), new Integer[] {1, 2});
    }

    @Test(dataProvider = "normalizations")
    void layerNormalizationIsRecognised(Square square, Root root, Ends ends, int axes) {
        Sketch s = normalization(square, root, ends, axes);
        checkOneNode(s, new LayerNormalization(-axes, 1e-3f));
    }

    @Test(dataProvider = "normalizations")
    void layerNormalizationIsLeftWhereSomethingInsideIsUsed(
            Square square, Root root, Ends ends, int axes) {
        Sketch s = normalization(square, root, ends, axes);
        for (Node node : s.nodes().subList(1, s.nodes().size() - 1)) {
            String inside = node.output();
            Graph graph = s.graph(last(s), inside);
            Graph after = Law.simplified(graph, s.weights(), Mode.TRAINING).graph();
            boolean normalised = node.operator() == Binary.DIV || node.operator() == Binary.MUL;
            if (!normalised) {
                assertFalse(Law.operators(after).contains("LayerNormalization"), inside);
            }
        }
    }

    @Test
    void aScaleThatIsBroadcastIsNoScaleOfLayerNormalization() {
        for (int[] shape : new int[][] {{1}, {3, 1}, {1, 4}, {3, 4}}) {
            Sketch s = normalization(Square.POW, Root.DIVIDED, Ends.NONE, 1);
            s.node(Binary.MUL, last(s), s.weight("scale", shape));
            Graph graph = s.graph(last(s));
            assertEquals(
                    Law.operators(Law.simplified(graph, s.weights(), Mode.TRAINING).graph()),
                    List.of("LayerNormalization", "Mul"));
        }
    }

    @Test
    void aScalarOfHigherRankDoesNotChangeTheShape() {
        Sketch s = new Sketch(4);
        String x = s.input("x", "batch", 6);
        String one = s.constant(new DenseWeight(new int[] {1, 1, 1}, new float[] {1}));
        String sum =
                s.node(
                        Binary.ADD,
                        s.node(Unary.ERF, s.node(Binary.DIV, x, s.scalar(1.4142135))),
                        one);
        Order.LEFT.of(s, x, sum, s.scalar(0.5));
        Graph after = Law.simplified(s.graph(last(s)), s.weights(), Mode.INFERENCE).graph();
        assertFalse(Law.operators(after).contains("Gelu"));
    }

    private static String last(Sketch s) {
        return s.nodes().get(s.nodes().size() - 1).output();
    }

    private static void checkOneNode(Sketch s, Operator operator) {
        for (Mode mode : Mode.values()) {
            Graph graph = s.graph(last(s));
            Graph after = Law.simplified(graph, s.weights(), mode).graph();
            assertEquals(after.nodes().size(), 1, after.toString());
            assertEquals(after.nodes().get(0).operator(), operator);
        }
    }

    /** Makes each value inside an output, and then an operand of something else. */
    private static void checkNothingInsideIsUsed(
            Supplier<Sketch> sketch, Class<? extends Operator> fused) {
        int size = sketch.get().nodes().size();
        for (int i = 1; i < size - 1; ++i) {
            for (boolean output : new boolean[] {false, true}) {
                Sketch s = sketch.get();
                String result = last(s);
                String inside = s.nodes().get(i).output();
                List<String> outputs = new ArrayList<>(List.of(result));
                outputs.add(output ? inside : s.node(Unary.EXP, inside));
                Graph graph = s.graph(outputs.toArray(new String[0]));
                Graph after = Law.simplified(graph, s.weights(), Mode.TRAINING).graph();
                assertTrue(
                        after.nodes().stream()
                                .map(Node::operator)
                                .noneMatch(
                                        o ->
                                                fused.isInstance(o)
                                                        && o != Unary.EXP
                                                        && o != Unary.ERF
                                                        && o != Unary.TANH),
                        inside + " in " + after);
            }
        }
    }
}
