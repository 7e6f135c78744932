package dev.bonsai.kernel;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import dev.bonsai.Toy;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.gate.Gate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What the user is left with is compared with what was judged. */
public class BakedModelTest {

    @DataProvider
    public Object[][] changes() {
        return new Object[][] {
            {1f, Math.nextUp(1f), true}, {1f, 1f, false}, {-0f, 0f, true}, {Float.NaN, 1f, true}
        };
    }

    @Test(dataProvider = "changes")
    public void aFileThatDiffersFromTheBlockInOneBitIsNoted(
            float held, float stored, boolean differs) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = Linear.builder().setUnits(2).build();
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
            ModelWeights weights =
                    new ModelWeights(
                            block, new ParameterStore(manager, false), manager.getDevice());
            List<NamedWeight> file = new ArrayList<>();
            for (Parameter parameter : block.getParameters().values()) {
                boolean last = file.size() == 1;
                float[] values = new float[(int) parameter.getArray().size()];
                Arrays.fill(values, 1);
                parameter.getArray().set(new NDIndex("..."), last ? held : 1);
                if (last) {
                    Arrays.fill(values, stored);
                }
                file.add(
                        new NamedWeight(
                                parameter.getName(),
                                NamedWeight.Role.WEIGHT,
                                new DenseWeight(new int[] {values.length}, values)));
            }
            Optional<String> note = BakedModel.differingFile(weights, file);
            assertEquals(note.isPresent(), differs, note.toString());
            note.ifPresent(
                    text -> assertTrue(text.contains("bias") && text.contains("1 of 2"), text));
        }
    }

    @DataProvider
    public Object[][] metrics() {
        return new Object[][] {
            {0.5, 0.5, 0},
            {0.5, 0.5 * (1 + 5e-7), 0}, // rounding
            {1e-7, 1e-7 * (1 + 5e-7), 0},
            {1e-7, 1.001e-7, 1},
            {0.5, 0.501, 1},
            {0.5, Double.NaN, 1},
            {0, 0, 0}
        };
    }

    @Test(dataProvider = "metrics")
    public void aMetricThatIsNotTheJudgedOneIsNotedInAnyUnit(
            double judged, double plain, int notes) {
        try (Toy toy = new Toy()) {
            List<Gate> gates = List.of(toy.gate().build());
            List<String> found =
                    BakedModel.differingMetrics(gates, new double[] {judged}, new double[] {plain});
            assertEquals(found.size(), notes, found.toString());
        }
    }
}
