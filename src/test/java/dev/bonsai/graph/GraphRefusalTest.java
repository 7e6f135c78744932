package dev.bonsai.graph;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.AutoPad;
import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Comparison;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.LayerNormalization;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.operator.Recurrence.Direction;
import dev.bonsai.graph.operator.Recurrence.Kind;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.ShapeOf;
import dev.bonsai.graph.operator.Softmax;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Variadic;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.operator.WindowPool;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A graph that can't be is refused when it is made, with what, where and a remedy. */
public class GraphRefusalTest {

    private static final Input X =
            new Input("x", ElementType.FLOAT32, Shape.of(Dim.free("batch"), Dim.of(4)));

    private static Graph graph(List<Node> nodes, String... outputs) {
        return new Graph(List.of(X), List.of(), Map.of(), nodes, List.of(outputs));
    }

    private static void assertRefused(List<Node> nodes, String output, String... parts) {
        String message =
                expectThrows(GraphException.class, () -> graph(nodes, output)).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void namesAreDefinedOnceAndBeforeTheyAreUsed() {
        Node relu = Node.of(Unary.RELU, "a", "x");
        assertRefused(List.of(Node.of(Unary.RELU, "y", "z")), "y", "y = Relu(z)", "'z'");
        assertRefused(List.of(Node.of(Unary.TANH, "y", "a"), relu), "y", "y = Tanh(a)", "order");
        assertRefused(List.of(relu, Node.of(Unary.TANH, "a", "x")), "a", "'a' is defined twice");
        assertRefused(List.of(Node.of(Unary.TANH, "x", "x")), "x", "'x' is defined twice");
        assertRefused(
                List.of(Node.of(Unary.TANH, "a", "b"), Node.of(Unary.TANH, "b", "a")),
                "b",
                "a = Tanh(b)",
                "cycle");
        assertRefused(List.of(Node.of(Unary.TANH, "a", "a")), "a", "a = Tanh(a)", "cycle");
        assertRefused(List.of(relu), "y", "'y'");
    }

    @Test
    void inputsWeightsAndConstantsShareTheNames() {
        List<Weight> weights = List.of(new Weight("x", ElementType.FLOAT32, Shape.of(1)));
        Map<String, EncodedWeight> constants = Map.of("x", Constants.scalar(1));
        List<Input> inputs = List.of(X);
        List<String> outputs = List.of("x");
        assertThrows(
                GraphException.class,
                () -> new Graph(inputs, weights, Map.of(), List.of(), outputs));
        assertThrows(
                GraphException.class,
                () -> new Graph(inputs, List.of(), constants, List.of(), outputs));
        assertThrows(
                GraphException.class,
                () -> new Graph(List.of(), weights, constants, List.of(), outputs));
        assertThrows(
                GraphException.class,
                () -> new Graph(List.of(X, X), List.of(), Map.of(), List.of(), outputs));
        assertThrows(
                GraphException.class,
                () -> new Graph(inputs, List.of(), Map.of(), List.of(), List.of()));
        assertThrows(
                GraphException.class,
                () -> new Weight("w", ElementType.FLOAT32, Shape.of(Dim.free("batch"))));
    }

    @Test
    void aTransposedConvolutionHasAPadAndASizeForEachAxisOrNone() {
        Object[][] cases = {
            {List.of(1), List.of(), false},
            {List.of(1, 0, 0), List.of(), false},
            {List.of(), List.of(7), false},
            {List.of(), List.of(7, 7, 7), false},
            {List.of(1, 0), List.of(), true},
            {List.of(), List.of(9, 9), true},
            {List.of(), List.of(1, 2, 9, 9), true},
        };
        for (Object[] each : cases) {
            Window strided =
                    new Window(AutoPad.NOTSET, List.of(), List.of(2, 2), List.of(), List.of());
            ConvTranspose operator =
                    new ConvTranspose(strided, 1, integers(each[0]), integers(each[1]));
            Executable make =
                    () ->
                            new Graph(
                                    List.of(image("x", 1, 3, 4, 4), image("w", 3, 2, 2, 2)),
                                    List.of(),
                                    Map.of(),
                                    List.of(Node.of(operator, "y", "x", "w")),
                                    List.of("y"));
            if ((boolean) each[2]) {
                make.run();
            } else {
                String message = expectThrows(GraphException.class, make::run).getMessage();
                assertTrue(message.contains("for each or for none"), message);
            }
        }
    }

    private interface Executable {
        void run();
    }

    @SuppressWarnings("unchecked")
    private static List<Integer> integers(Object list) {
        return (List<Integer>) list;
    }

    private static Input image(String name, long... shape) {
        return new Input(name, ElementType.FLOAT32, Shape.of(shape));
    }

    /**
     * Such as a table of places of which those at the end are left out: {@code table[:-length]}.
     */
    @Test
    void aSliceMayEndAtMinusAFreeDimension() {
        Input tokens = new Input("x", ElementType.INT64, Shape.of(Dim.of(1), Dim.free("length")));
        Graph graph =
                new Graph(
                        List.of(tokens),
                        List.of(new Weight("table", ElementType.FLOAT32, Shape.of(512, 4))),
                        Map.of(
                                "one", Constants.integers(1),
                                "two", Constants.integers(2),
                                "zero", Constants.integers(0)),
                        List.of(
                                Node.of(new ShapeOf(0, Optional.empty()), "shape", "x"),
                                Node.of(Plain.SLICE, "length", "shape", "one", "two"),
                                Node.of(Unary.NEG, "end", "length"),
                                Node.of(Plain.SLICE, "y", "table", "zero", "end", "zero")),
                        List.of("y"));
        Shape shape = graph.values().get("y").shape().orElseThrow();
        assertEquals(shape.get(1), Dim.of(4));
        assertFalse(shape.get(0).isFixed());
    }

    @Test
    void aNodeHasAsManyOperandsAndResultsAsItsOperatorAllows() {
        assertArity(() -> Node.of(Unary.RELU, "y"), "Relu takes 1 operands, but got 0");
        assertArity(() -> Node.of(Binary.ADD, "y", "x"), "Add takes 2 operands, but got 1");
        assertArity(() -> Node.of(Plain.CLIP, "y", "x", "x", "x", "x"), "Clip takes 1 to 3");
        assertArity(() -> Node.of(Variadic.SUM, "y"), "Sum takes at least 1 operands");
        assertArity(() -> new Node(Unary.RELU, List.of("x"), List.of("y", "z")), "has 1 results");
        assertArity(() -> new Node(Unary.RELU, List.of("x"), List.of()), "name one");
    }

    private static void assertArity(ThrowingMaker maker, String part) {
        String message = expectThrows(GraphException.class, maker::make).getMessage();
        assertTrue(message.contains(part), message);
    }

    @FunctionalInterface
    private interface ThrowingMaker {

        Object make();
    }

    @DataProvider
    Object[][] wrongAttributes() {
        return new Object[][] {
            {"Relu", Attributes.NONE.with("alpha", 1f)},
            {"Conv", Attributes.NONE.with("group", 0)},
            {"Conv", Attributes.NONE.with("group", 1L << 40)},
            {"Conv", Attributes.NONE.with("group", "one")},
            {"Conv", Attributes.NONE.with("strides", List.of(0))},
            {"Conv", Attributes.NONE.with("pads", List.of(-1, 0))},
            {"Conv", Attributes.NONE.with("auto_pad", "SAME")},
            {"Conv", Attributes.NONE.with("auto_pad", "VALID").with("pads", List.of(1, 1))},
            {"MaxPool", Attributes.NONE},
            {"AveragePool", Attributes.NONE.with("ceil_mode", 2)},
            {"Concat", Attributes.NONE},
            {"Cast", Attributes.NONE},
            {"Cast", Attributes.NONE.with("to", 8)},
            {"Transpose", Attributes.NONE.with("perm", List.of(0, 0))},
            {"Transpose", Attributes.NONE.with("perm", List.of(1f, 0f))},
            {"Pad", Attributes.NONE.with("mode", "wrap")},
            {"Gelu", Attributes.NONE.with("approximate", "sigmoid")},
            {"Resize", Attributes.NONE.with("mode", "cubic")},
            {"LSTM", Attributes.NONE},
            {"LSTM", Attributes.NONE.with("hidden_size", 2).with("direction", "back")},
            {"GRU", Attributes.NONE.with("hidden_size", 2).with("activations", List.of("Relu"))},
            {"LSTM", Attributes.NONE.with("hidden_size", 2).with("input_forget", 1)},
            {"BatchNormalization", Attributes.NONE.with("training_mode", 1)},
            {"ConstantOfShape", Attributes.NONE.with("value", 0.5f).with("type", 7)},
            {"NoSuchOperator", Attributes.NONE},
        };
    }

    @Test(dataProvider = "wrongAttributes")
    void wrongAttributesAreRefusedWithTheOperatorNamed(String name, Attributes attributes) {
        String message =
                expectThrows(GraphException.class, () -> Operators.of(name, attributes))
                        .getMessage();
        assertTrue(message.contains(name), message);
    }

    private static Window window() {
        return Window.of(List.of(3, 3));
    }

    private static OperatorCase recurrent(int rows, int features, int hidden) {
        return OperatorCase.of(new Recurrence(Kind.LSTM, 4, Direction.FORWARD, false, false))
                .in("length", "batch", 3)
                .floats(1, rows, features)
                .floats(1, 16, hidden);
    }

    @DataProvider
    Object[][] unfit() {
        Object[] image = {"batch", 4, 8, 8};
        Window strided = new Window(AutoPad.NOTSET, List.of(9, 9), List.of(), List.of(), List.of());
        OperatorCase[] cases = {
            OperatorCase.of(Binary.ADD).in("batch", 3).in("batch", 4),
            OperatorCase.of(Binary.ADD).in(ElementType.INT64, 3).in(3),
            OperatorCase.of(Binary.ADD).in(ElementType.BOOLEAN, 3).in(ElementType.BOOLEAN, 3),
            OperatorCase.of(Unary.SQRT).in(ElementType.INT64, 3),
            OperatorCase.of(Unary.NEG).in(ElementType.BOOLEAN, 3),
            OperatorCase.of(Unary.NOT).in(3),
            OperatorCase.of(Comparison.AND).in(3).in(3),
            OperatorCase.of(Comparison.LESS).in(ElementType.BOOLEAN, 3).in(ElementType.BOOLEAN, 3),
            OperatorCase.of(Plain.WHERE).in(3).in(3).in(3),
            OperatorCase.of(Plain.PRELU).in("batch", 1, 4).floats(3, 1),
            OperatorCase.of(Plain.CLIP).in("batch", 3).floats(3),
            OperatorCase.of(new Conv(window(), 1)).in(image).floats(6, 3, 3, 3),
            OperatorCase.of(new Conv(window(), 2)).in(image).floats(5, 2, 3, 3),
            OperatorCase.of(new Conv(window(), 1)).in(image).floats(6, 4, 5, 5),
            OperatorCase.of(new Conv(window(), 1)).in(image).floats(6, 4, 3),
            OperatorCase.of(new Conv(window(), 1)).in(image).floats(6, 4, 3, 3).floats(4),
            OperatorCase.of(new Conv(window(), 1)).in(image).floats(6, 4, 3, 3).floats(6, 1),
            OperatorCase.of(new ConvTranspose(window(), 1, List.of(), List.of()))
                    .in(image)
                    .floats(3, 2, 3, 3),
            OperatorCase.of(new ConvTranspose(window(), 1, List.of(), List.of()))
                    .in(image)
                    .floats(4, 2, 3, 3)
                    .floats(4),
            OperatorCase.of(new WindowPool(WindowPool.Kind.MAX, strided, false, false)).in(image),
            OperatorCase.of(new WindowPool(WindowPool.Kind.AVERAGE, window(), false, false))
                    .in("batch", 4, 8),
            OperatorCase.of(new Gemm(1, 1, false, false)).in("batch", 3).floats(4, 5),
            OperatorCase.of(new Gemm(1, 1, false, false)).in("batch", 3, 1).floats(3, 5),
            OperatorCase.of(new Gemm(1, 1, false, false)).in(1, 3).floats(3, 5).floats(2, 5),
            OperatorCase.of(Plain.MATMUL).in("batch", 3).in(4, 5),
            OperatorCase.of(Plain.MATMUL).in(2, 4, 3).in(3, 3, 5),
            OperatorCase.of(new BatchNormalization(1e-5f, 0.9f))
                    .in("batch", 3)
                    .floats(3)
                    .floats(3)
                    .floats(3)
                    .floats(4),
            OperatorCase.of(new LayerNormalization(-1, 1e-5f)).in("batch", 4).floats(5),
            OperatorCase.of(new Softmax(Softmax.Kind.SOFTMAX, 2)).in("batch", 4),
            OperatorCase.of(new Reshape(false)).in(3, 4).numbers(5, -1),
            OperatorCase.of(new Reshape(false)).in(3, 4).numbers(-1, -1),
            OperatorCase.of(new Reshape(false)).in(3, 4).numbers(3, 4, 0),
            OperatorCase.of(new Reshape(false)).in(3, 4).numbers(3, -4),
            OperatorCase.of(new Reshape(false)).in(3, 4).floats(2),
            OperatorCase.of(new Transpose(List.of(0, 2, 1))).in("batch", 4),
            OperatorCase.of(Plain.SQUEEZE).in("batch", 4).numbers(1),
            OperatorCase.of(Plain.UNSQUEEZE).in("batch", 4).numbers(1, 1),
            OperatorCase.of(Plain.UNSQUEEZE).in("batch", 4).numbers(4),
            OperatorCase.of(new Concat(1)).in("batch", 4, 2).in("batch", 4, 3),
            OperatorCase.of(new Concat(0)).in("batch", 4).in("batch", 4, 3),
            OperatorCase.of(new Split(1)).in("batch", 4).numbers(1, 2).results(2),
            OperatorCase.of(new Split(1)).in("batch", 4).numbers(5, -1).results(2),
            OperatorCase.of(Plain.SLICE).in("batch", 4).numbers(0).numbers(1, 2),
            OperatorCase.of(Plain.SLICE).in("batch", 4).numbers(0).numbers(1).numbers(2),
            OperatorCase.of(Plain.SLICE).in(2, 4).numbers(0).numbers(1).numbers(1).numbers(0),
            OperatorCase.of(new Gather(2)).in("batch", 4).numbers(0),
            OperatorCase.of(new Gather(0)).in("batch", 4).floats(1),
            OperatorCase.of(new Pad(Pad.Mode.CONSTANT)).in("batch", 4).numbers(1, 1),
            OperatorCase.of(new Pad(Pad.Mode.CONSTANT)).in("batch", 4).numbers(0, -5, 0, 0),
            recurrent(12, 3, 4),
            recurrent(16, 2, 4),
            recurrent(16, 3, 3),
            recurrent(16, 3, 4).floats(1, 16),
            recurrent(16, 3, 4).floats(1, 32).numbers(1),
            recurrent(16, 3, 4).absent().absent().in(2, "batch", 4),
            OperatorCase.of(new Recurrence(Kind.GRU, 4, Direction.BIDIRECTIONAL, false, true))
                    .in("length", "batch", 3)
                    .floats(1, 12, 3)
                    .floats(1, 12, 4),
        };
        Object[][] rows = new Object[cases.length][];
        for (int i = 0; i < cases.length; ++i) {
            rows[i] = new Object[] {cases[i].operator().onnxName(), cases[i]};
        }
        return rows;
    }

    @Test(dataProvider = "unfit")
    void operandsThatDoNotFitAreRefusedWithTheNodeNamed(String name, OperatorCase made) {
        String message = expectThrows(GraphException.class, made::graph).getMessage();
        assertTrue(message.startsWith("y0"), message);
        assertTrue(message.contains(" = " + name + "("), message);
    }

    @Test
    void inputsThatDoNotFitAreRefused() {
        Graph graph = graph(List.of(Node.of(Unary.RELU, "y", "x")), "y");
        assertThrows(GraphException.class, () -> graph.values(List.of()));
        assertThrows(GraphException.class, () -> graph.values(List.of(Shape.of(2, 5))));
        assertThrows(GraphException.class, () -> graph.values(List.of(Shape.of(2, 4, 1))));
        assertEquals(
                graph.values(List.of(Shape.of(2, 4))).get("y").shape().orElseThrow(),
                Shape.of(2, 4));
    }

    @Test
    void freeDimensionsOfOneNameHaveOneSize() {
        Input y = new Input("y", ElementType.FLOAT32, X.shape());
        Graph graph =
                new Graph(
                        List.of(X, y),
                        List.of(),
                        Map.of(),
                        List.of(Node.of(Binary.ADD, "sum", "x", "y")),
                        List.of("sum"));
        assertThrows(
                GraphException.class, () -> graph.values(List.of(Shape.of(2, 4), Shape.of(3, 4))));
    }

    @Test
    void freeDimensionsOfInputsHaveNames() {
        for (Dim dim : List.of(Dim.UNKNOWN, Dim.free("a").times(Dim.of(2)))) {
            assertThrows(
                    GraphException.class, () -> new Input("x", ElementType.FLOAT32, Shape.of(dim)));
        }
    }
}
