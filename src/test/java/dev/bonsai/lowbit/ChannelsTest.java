package dev.bonsai.lowbit;

import static dev.bonsai.lowbit.Weights.encode;
import static dev.bonsai.lowbit.Weights.normals;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.Levels;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.GridWeight;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.testng.annotations.Test;

/** What a level means: which channels of which weights, and how they are stored. */
public class ChannelsTest {

    @Test
    void allAtOnceByDefaultAndHalvedWhereThatFails() {
        Levels levels = Binarization.builder().build().getLevels();
        assertEquals(levels.next(0), OptionalDouble.of(1));
        assertEquals(levels.between(0, 1), OptionalDouble.of(0.5));
        assertEquals(levels.between(0.5, 0.53125), OptionalDouble.empty());
        assertEquals(levels.format(0), "off");
        assertEquals(levels.format(0.5), "binary 0.5000");
        assertEquals(levels.format(1), "binary");
        assertEquals(Ternarization.builder().build().getLevels().format(1), "ternary");
    }

    @Test
    void goesThroughTheStepsToAll() {
        Levels levels = Ternarization.builder().optSteps(0.5f, 0.7f).build().getLevels();
        assertEquals(levels.next(0.5), OptionalDouble.of(0.7));
        assertEquals(levels.next(0.7), OptionalDouble.of(1));
        assertEquals(levels.target(), 1.0);
        assertEquals(Binarization.builder().optSteps(1).build().getLevels().target(), 1.0);
    }

    @Test
    void stepsThatTurnBackOrLeaveTheRangeAreRefused() {
        for (float[] steps : new float[][] {{0}, {0.5f, 0.5f}, {0.5f, 1.1f}, {Float.NaN}}) {
            String message =
                    expectThrows(
                                    IllegalArgumentException.class,
                                    () -> Binarization.builder().optSteps(steps))
                            .getMessage();
            assertTrue(message.contains(Arrays.toString(steps)), message);
        }
    }

    @Test
    void theLargestWeightsComeFirstAndOnlyOneIsInBetween() {
        try (NDManager manager = NDManager.newBaseManager()) {
            FakeProposal proposal = new FakeProposal(manager);
            TargetWeight small = proposal.add("small", new Shape(5, 2), new float[10]);
            TargetWeight large = proposal.add("large", new Shape(4, 10), new float[40]);
            TargetWeight second = proposal.add("second", new Shape(10, 4), new float[40]);
            TargetWeight bias = proposal.add("bias", new Shape(10), new float[10]);
            List<TargetWeight> weights = proposal.weights();
            assertEquals(Channels.at(0, weights), Map.of());
            assertEquals(Channels.at(0.3, weights), Map.of(large, new Channels(3, 4, 10)));
            assertEquals(
                    Channels.at(0.6, weights),
                    Map.of(large, new Channels(4, 4, 10), second, new Channels(5, 10, 4)));
            assertEquals(
                    Channels.at(0.85, weights),
                    Map.of(
                            large,
                            new Channels(4, 4, 10),
                            second,
                            new Channels(10, 10, 4),
                            small,
                            new Channels(3, 5, 2))); // 2.5 channels: a half goes up
            assertEquals(List.copyOf(Channels.at(1, weights).keySet()), weights);
            assertEquals(Channels.at(1, weights).get(bias), new Channels(1, 1, 10));
            int last = 0;
            for (int i = 0; i <= 32; ++i) {
                Map<TargetWeight, Channels> shares = Channels.at(i / 32.0, weights);
                int mapped = shares.values().stream().mapToInt(Channels::elements).sum();
                assertTrue(mapped >= last, "no level takes less than the one before");
                assertTrue(
                        shares.values().stream().filter(channels -> !channels.isAll()).count()
                                <= 1);
                assertEquals(
                        mapped, 100 * i / 32.0, 5, "half of the longest channel is left or over");
                last = mapped;
            }
        }
    }

    @Test
    void rowsThatAreNotMappedYetStayAsTheyAre() {
        Shape shape = new Shape(4, 10);
        float[] values = normals(shape, 3);
        for (Technique technique : LowBitContractTest.variants()) {
            float[] half = encode(technique, 0.5, shape, values).decode();
            assertEquals(
                    Arrays.copyOfRange(half, 20, 40),
                    Arrays.copyOfRange(values, 20, 40),
                    0f); // copies
            assertTrue(encode(technique, 0.5, shape, values) instanceof DenseWeight);
        }
    }

    @Test
    void codesAreMinusOneZeroAndOne() {
        Shape shape = new Shape(4, 10);
        float[] values = normals(shape, 3);
        values[7] = 0;
        for (Technique technique :
                List.of(Binarization.builder().build(), Ternarization.builder().build())) {
            GridWeight grid = (GridWeight) encode(technique, 1, shape, values);
            assertEquals(grid.bits(), 2);
            assertEquals(grid.scales().length, 4);
            assertEquals(grid.codes().get(7), 0);
            assertTrue(Arrays.stream(grid.codes().toArray()).allMatch(code -> Math.abs(code) <= 1));
        }
        Technique trained = Ternarization.builder().optScale(TernaryScale.TRAINED).build();
        CodebookWeight shared = (CodebookWeight) encode(trained, 1, shape, values);
        assertEquals(shared.codebook().length, 3);
        assertEquals(shared.bits(), 2);
    }
}
