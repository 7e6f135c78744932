package dev.bonsai.graph;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class GraphModelTest {

    private static final Graph GRAPH =
            new Graph(
                    List.of(new Graph.Input("x", ElementType.FLOAT32, Shape.of(2))),
                    List.of(
                            new Graph.Weight("b", ElementType.FLOAT32, Shape.of(2)),
                            new Graph.Weight("a", ElementType.FLOAT32, Shape.of(2))),
                    Map.of(),
                    List.of(Node.of(Binary.ADD, "s", "x", "b"), Node.of(Binary.MUL, "y", "s", "a")),
                    List.of("y"));

    private static Map<String, EncodedWeight> values() {
        Map<String, EncodedWeight> values = new LinkedHashMap<>();
        values.put("a", Constants.floats(1, 2));
        values.put("other", Constants.floats(1, 2, 3));
        values.put("b", Constants.floats(3, 4));
        return values;
    }

    @Test
    void itHasTheValuesOfTheGraphInItsOrderAndNoOthers() {
        Map<String, EncodedWeight> given = values();
        GraphModel model = new GraphModel(GRAPH, given);
        given.clear();
        assertEquals(List.copyOf(model.weights().keySet()), List.of("b", "a"));
        assertEquals(model.weights().get("b"), Constants.floats(3, 4));
        assertThrows(UnsupportedOperationException.class, () -> model.weights().clear());
        assertEquals(model, new GraphModel(GRAPH, values()));
    }

    @DataProvider
    Object[][] unfit() {
        return new Object[][] {
            {null, "no value of that path, only of [a, other]"},
            {Constants.floats(1), "float32(1)"},
            {new DenseWeight(new int[] {1, 2}, new float[2]), "float32(1, 2)"},
            {Constants.integers(1, 2), "int64(2)"},
        };
    }

    @Test(dataProvider = "unfit")
    void aValueThatDoesNotFitIsRefusedWithTheRemedy(EncodedWeight value, String message) {
        Map<String, EncodedWeight> given = values();
        given.remove("b");
        if (value != null) {
            given.put("b", value);
        }
        GraphException e = expectThrows(GraphException.class, () -> new GraphModel(GRAPH, given));
        assertTrue(e.getMessage().contains("weight b: float32(2)"), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertTrue(e.getMessage().contains("give graph and weights of one model"));
    }
}
