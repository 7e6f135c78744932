package dev.bonsai.rewrite;

import static org.testng.Assert.assertEquals;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.ShapeOf;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testng.annotations.Test;

public class SimplifierTest {

    private static final Input X =
            new Input(
                    "x",
                    ElementType.FLOAT32,
                    Shape.of(Dim.free("batch"), Dim.free("length"), Dim.of(12)));

    private static Graph graph(Map<String, EncodedWeight> constants, Node... nodes) {
        return new Graph(List.of(X), List.of(), constants, List.of(nodes), List.of("y"));
    }

    private static List<String> nodes(Graph graph) {
        return nodes(graph, Simplifier.Mode.INFERENCE);
    }

    private static List<String> nodes(Graph graph, Simplifier.Mode mode) {
        return Simplifier.simplify(new GraphModel(graph, Map.of()), mode).graph().nodes().stream()
                .map(Node::toString)
                .toList();
    }

    @Test
    void whatDoesNothingIsDroppedAndTheOutputKeepsItsName() {
        Graph graph =
                graph(
                        Map.of(),
                        Node.of(Unary.IDENTITY, "a", "x"),
                        Node.of(Unary.RELU, "b", "a"),
                        Node.of(Plain.DROPOUT, "c", "b"),
                        Node.of(new Cast(ElementType.FLOAT32), "d", "c"),
                        Node.of(new Transpose(List.of(0, 2, 1)), "e", "d"),
                        Node.of(new Transpose(List.of(0, 2, 1)), "f", "e"),
                        Node.of(new Concat(1), "y", "f"));
        assertEquals(nodes(graph), List.of("y = Relu(x)"));
        assertEquals(
                nodes(graph, Simplifier.Mode.TRAINING), List.of("b = Relu(x)", "y = Dropout(b)"));
    }

    @Test
    void shapeArithmeticBecomesAPlainReshape() {
        Graph graph =
                graph(
                        Map.of(
                                "0", Constants.integer(0),
                                "1", Constants.integer(1),
                                "axes", Constants.integers(0),
                                "heads", Constants.integers(3, 4)),
                        Node.of(new ShapeOf(0, Optional.empty()), "s", "x"),
                        Node.of(new Gather(0), "b", "s", "0"),
                        Node.of(Plain.UNSQUEEZE, "b1", "b", "axes"),
                        Node.of(new ShapeOf(0, Optional.empty()), "s2", "x"),
                        Node.of(new Gather(0), "l", "s2", "1"),
                        Node.of(Plain.UNSQUEEZE, "l1", "l", "axes"),
                        Node.of(new Concat(0), "target", "b1", "l1", "heads"),
                        Node.of(new Reshape(false), "y", "x", "target"));
        assertEquals(nodes(graph), List.of("y = Reshape(x, y.shape)"));
    }
}
