package dev.bonsai.thinning;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Costs are what they are by hand, and what is removed is what is saved. */
public class CostTest {

    @Test
    public void leNetCostsWhatItsPaperSays() {
        Graph graph = Samples.LENET.model().graph();
        // 24 x 24 places of 20 filters of 25, 8 x 8 of 50 of 500, 500 of 800, 10 of 500
        long each = 24 * 24 * 20 * 25 + 8 * 8 * 50 * 500 + 500 * 800 + 10 * 500;
        long parameters = 20 * 26 + 50 * 501 + 500 * 801 + 10 * 501;
        assertEquals(Cost.of(graph, List.of(Shape.of(1, 1, 28, 28))), new Cost(parameters, each));
        assertEquals(
                Cost.of(graph, List.of(Shape.of(3, 1, 28, 28))), new Cost(parameters, 3 * each));
    }

    @Test
    public void eachKindOfProductIsCounted() {
        Graph lstm = Samples.LSTM_CLASSIFIER.model().graph();
        long steps = 2 * 7 * (4 * 9 * (4 + 9) + 4 * 9 * (9 + 9));
        assertEquals(
                Cost.of(lstm, Samples.LSTM_CLASSIFIER.inputShapes()).multiplyAdds(),
                steps + 2 * 3 * 9);
        Graph encoder = Samples.ENCODER.model().graph();
        long projections = 4 * 12 * 16 * 16 + 2 * 12 * 16 * 24;
        long attention = 2 * (2 * 8 * 6 * 6 * 2);
        assertEquals(
                Cost.of(encoder, Samples.ENCODER.inputShapes()).multiplyAdds(),
                projections + attention);
        Graph turned = new Sketch(1, 6, 5, 5).turned(2, "y", "x", 6, 4, 2, 2).model().graph();
        assertEquals(
                Cost.of(turned, List.of(Shape.of(1, 6, 5, 5))),
                new Cost(6 * 4 * 4 + 8, 5 * 5 * 6 * 4 * 4));
    }

    @DataProvider
    Object[][] samples() {
        return java.util.Arrays.stream(Samples.values())
                .map(sample -> new Object[] {sample})
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "samples")
    public void aUnitCostsWhatIsSavedWithoutIt(Samples sample) {
        GraphModel model = sample.model();
        Cost whole = Cost.of(model.graph(), sample.inputShapes());
        for (ChannelGroup group : ChannelGroups.of(model.graph()).groups().subList(0, 1)) {
            Cost unit = Cost.ofUnit(model.graph(), group, sample.inputShapes());
            GraphModel thin = Thinner.remove(model, group, List.of(group.size() - 1));
            long left = thin.weights().values().stream().mapToLong(value -> value.size()).sum();
            assertEquals(whole.parameters() - unit.parameters(), left);
            assertEquals(whole.minus(unit), Cost.of(thin.graph(), sample.inputShapes()));
            assertTrue(unit.parameters() > 0 && unit.multiplyAdds() > 0, unit.toString());
        }
    }

    @Test
    public void sizesThatDontFitAreRefused() {
        Graph graph = Samples.LENET.model().graph();
        expectThrows(GraphException.class, () -> Cost.of(graph, List.of(Shape.of(1, 3, 28, 28))));
        expectThrows(ThinningException.class, () -> new Cost(1, 1).minus(new Cost(2, 0)));
    }
}
