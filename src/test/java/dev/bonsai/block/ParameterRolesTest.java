package dev.bonsai.block;

import static org.testng.Assert.assertEquals;

import dev.bonsai.core.TargetWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.type.Shape;
import java.util.List;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Biases and scales are none of the weights that techniques take, however many axes they have. */
public class ParameterRolesTest {

    private static Graph.Weight weight(String path, long... shape) {
        return new Graph.Weight(path, ElementType.FLOAT32, Shape.of(shape));
    }

    private static Graph graph(Shape input, List<Graph.Weight> weights, Node node) {
        Graph.Input x = new Graph.Input("x", ElementType.FLOAT32, input);
        return new Graph(List.of(x), weights, Map.of(), List.of(node), node.outputs());
    }

    @DataProvider
    Object[][] graphs() {
        Recurrence lstm =
                new Recurrence(Recurrence.Kind.LSTM, 5, Recurrence.Direction.FORWARD, true, false);
        return new Object[][] {
            {
                "LSTM",
                graph(
                        Shape.of(4, 2, 3),
                        List.of(weight("w", 1, 20, 3), weight("r", 1, 20, 5), weight("b", 1, 40)),
                        Node.of(lstm, "y", "x", "w", "r", "b")),
                List.of("w", "r")
            },
            {
                "Gemm",
                graph(
                        Shape.of(2, 3),
                        List.of(weight("w", 6, 3), weight("b", 1, 6)),
                        Node.of(new Gemm(1, 1, false, true), "y", "x", "w", "b")),
                List.of("w")
            },
            {
                "PRelu",
                graph(
                        Shape.of(2, 3, 4, 4),
                        List.of(weight("slope", 3, 1, 1)),
                        Node.of(Plain.PRELU, "y", "x", "slope")),
                List.of()
            },
            { // what is added may be an embedding of places
                "Add",
                graph(
                        Shape.of(2, 3),
                        List.of(weight("places", 2, 3)),
                        Node.of(Binary.ADD, "y", "x", "places")),
                List.of("places")
            },
        };
    }

    @Test(dataProvider = "graphs")
    public void onlyWeightsAreWeights(String name, Graph graph, List<String> weights) {
        List<String> found =
                TargetWeight.allOf(new GraphBlock(graph)).stream()
                        .filter(TargetWeight::isWeight)
                        .map(TargetWeight::path)
                        .toList();
        assertEquals(found, weights, name);
    }
}
