package dev.bonsai.pruning;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Which elements of a kernel an N:M pattern takes together. */
public class StretchTest extends ManagerTestBase {

    private NDArray pruned(Stretch stretch, int n, int m, Shape shape, float[] values) {
        Pruning pruning = Pruning.builder().optPattern(pattern(n, m, stretch)).build();
        FakeProposal proposal = new FakeProposal(manager);
        TargetWeight weight = proposal.add("weight", shape, values);
        WeightTransform mask = pruning.propose(pruning.getLevels().target(), proposal).get(weight);
        NDArray latent = manager.create(values, shape);
        return mask.apply(latent, WeightTransformContract.pass(Mode.INFERENCE));
    }

    @DataProvider
    Object[][] cases() {
        List<Object[]> rows = new ArrayList<>();
        for (int inputs : new int[] {2, 4, 6, 9}) {
            for (int[] nm : new int[][] {{1, 2}, {2, 4}, {1, 4}}) {
                for (int[] kernel : new int[][] {{1, 1}, {3, 3}, {5, 2}}) {
                    rows.add(new Object[] {inputs, nm[0], nm[1], kernel[0], kernel[1]});
                }
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "cases")
    void alongInputChannelsIsFlattenedOfTheKernelWithItsChannelsLast(
            int inputs, int n, int m, int height, int width) {
        Shape shape = new Shape(3, inputs, height, width);
        Random random = new Random(inputs);
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = 1 + random.nextFloat();
        }
        NDArray along = pruned(Stretch.INPUT_CHANNELS, n, m, shape, values);
        // one row per output and position of the kernel, of input channels
        NDArray last = manager.create(values, shape).transpose(0, 2, 3, 1);
        NDArray rows = last.reshape(3L * height * width, inputs);
        NDArray flat = pruned(Stretch.FLATTENED, n, m, rows.getShape(), rows.toFloatArray());
        assertEquals(
                along.transpose(0, 2, 3, 1).toFloatArray(), flat.toFloatArray(), 0f, "the mask");
    }

    @Test
    void aLinearWeightIsTheSameEitherWay() {
        float[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3};
        for (Stretch stretch : Stretch.values()) {
            assertEquals(
                    pruned(stretch, 2, 4, new Shape(2, 6), values).toFloatArray(),
                    new float[] {0, 0, 3, 4, 0, 6, 0, 8, 9, 0, 0, 3},
                    0f);
        }
    }

    @Test
    void aKernelOfOneInputChannelIsRefusedAlongChannels() {
        float[] values = {1, 2, 3, 4, 5, 6, 7, 8};
        Shape shape = new Shape(2, 1, 2, 2);
        assertEquals(
                pruned(Stretch.FLATTENED, 2, 4, shape, values).toFloatArray(),
                new float[] {0, 0, 3, 4, 0, 0, 7, 8},
                0f);
        IllegalArgumentException e =
                expectThrows(
                        IllegalArgumentException.class,
                        () -> pruned(Stretch.INPUT_CHANNELS, 2, 4, shape, values));
        assertTrue(e.getMessage().contains("nmAlongInputChannels(2, 4)"), e.getMessage());
        assertTrue(e.getMessage().contains("WeightSelector"), e.getMessage());
    }

    private static SparsityPattern pattern(int n, int m, Stretch stretch) {
        return stretch == Stretch.FLATTENED
                ? SparsityPattern.nm(n, m)
                : SparsityPattern.nmAlongInputChannels(n, m);
    }
}
