package dev.bonsai.page;

import static org.testng.Assert.assertEquals;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.type.Shape;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

public class LayerTest {

    /** Such as an LSTM of which the last state alone is read. */
    @Test
    public void theFirstResultMayBeOneThatNobodyUses() {
        Recurrence lstm =
                new Recurrence(Recurrence.Kind.LSTM, 4, Recurrence.Direction.FORWARD, false, false);
        Graph graph =
                new Graph(
                        List.of(new Input("x", ElementType.FLOAT32, Shape.of(3, 1, 2))),
                        List.of(
                                new Weight("w", ElementType.FLOAT32, Shape.of(1, 16, 2)),
                                new Weight("r", ElementType.FLOAT32, Shape.of(1, 16, 4))),
                        Map.of(),
                        List.of(new Node(lstm, List.of("x", "w", "r"), List.of("", "h"))),
                        List.of("h"));
        assertEquals(Layer.of(graph).get(0).shape(), "(1, 1, 4)");
    }
}
