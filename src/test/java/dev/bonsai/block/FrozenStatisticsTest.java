package dev.bonsai.block;

import static org.testng.Assert.assertEquals;

import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class FrozenStatisticsTest extends ManagerTestBase {

    private NDList run(GraphBlock block, NDList inputs, boolean training) {
        return block.forward(new ParameterStore(manager, false), inputs, training);
    }

    @DataProvider
    Object[][] frozen() {
        return new Object[][] {
            {Set.of("mean", "variance")}, {Set.of("mean")}, {Set.of("variance")}
        };
    }

    /** As in a file whose batch normalisation was frozen for fine-tuning. */
    @Test(dataProvider = "frozen")
    void statisticsThatAreNoWeightsStandStillAndAreUsedInTraining(Set<String> constant) {
        Map<String, EncodedWeight> values = new LinkedHashMap<>();
        values.put("scale", Constants.floats(1, 2));
        values.put("shift", Constants.floats(0.5f, -1));
        values.put("mean", Constants.floats(3, -4));
        values.put("variance", Constants.floats(2, 0.5f));
        Map<String, EncodedWeight> constants = new LinkedHashMap<>(values);
        constants.keySet().retainAll(constant);
        Graph graph =
                new Graph(
                        List.of(
                                new Graph.Input(
                                        "x",
                                        ElementType.FLOAT32,
                                        Shape.of(Dim.free("batch"), Dim.of(2)))),
                        values.keySet().stream()
                                .filter(name -> !constant.contains(name))
                                .map(
                                        name ->
                                                new Graph.Weight(
                                                        name, ElementType.FLOAT32, Shape.of(2)))
                                .toList(),
                        constants,
                        List.of(
                                Node.of(
                                        Operators.of("BatchNormalization", Attributes.NONE),
                                        "y",
                                        "x",
                                        "scale",
                                        "shift",
                                        "mean",
                                        "variance")),
                        List.of("y"));
        GraphBlock block = GraphBlock.of(new GraphModel(graph, values));
        block.initialize(manager);
        NDList x = new NDList(manager.randomNormal(new ai.djl.ndarray.types.Shape(5, 2)));
        float[] expected = run(block, x, false).head().toFloatArray();
        for (int step = 0; step < 2; ++step) {
            NDList trained = run(block, x, true);
            assertEquals(trained.head().toFloatArray(), expected, 1e-6f);
        }
        assertEquals(run(block, x, false).head().toFloatArray(), expected);
    }
}
