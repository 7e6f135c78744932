package dev.bonsai.quantization;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import dev.bonsai.core.ActivationTransform;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.core.TransformState;
import dev.bonsai.encoding.ActivationGrid;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What rounds an activation, without a model. */
public class ActivationRangeTest extends ManagerTestBase {

    private record Fixed(Mode mode) implements ForwardPass {

        @Override
        public NDArray value(Parameter own) {
            return own.getArray();
        }
    }

    private static final Fixed TRAINING = new Fixed(Mode.TRAINING);
    private static final Fixed INFERENCE = new Fixed(Mode.INFERENCE);

    private NDArray normals(long seed, int... sizes) {
        long[] shape = Arrays.stream(sizes).asLongStream().toArray();
        Random random = new Random(seed);
        float[] values = new float[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, new Shape(shape));
    }

    private ActivationTransform transform(boolean learned, RangeEstimator by, NDArray first) {
        ActivationRanges ranges = new ActivationRanges(8, by);
        return learned
                ? new LearnedRange(ranges, "v", first, manager)
                : new RunningRange(ranges, "v", first, manager);
    }

    @DataProvider
    Object[][] transforms() {
        return dev.bonsai.Cross.of(
                new Boolean[] {false, true},
                new RangeEstimator[] {
                    RangeEstimator.minMax(),
                    RangeEstimator.movingAverage(0.5f),
                    RangeEstimator.percentile(99),
                    RangeEstimator.meanAndDeviation(3),
                    RangeEstimator.mse()
                },
                new Boolean[] {false, true});
    }

    @Test(dataProvider = "transforms")
    public void aValueBecomesTheNearestOfItsGrid(boolean learned, RangeEstimator by, boolean relu) {
        NDArray first = normals(1, 16, 10);
        ActivationTransform transform = transform(learned, by, relu ? first.maximum(0f) : first);
        ActivationGrid grid = transform.grid(INFERENCE);
        assertEquals(grid.zeroPoint() == 0, relu);
        NDArray value = normals(2, 8, 3, 2).mul(2);
        float[] before = value.toFloatArray();
        for (Fixed pass : new Fixed[] {INFERENCE, TRAINING}) {
            boolean inference = pass.mode() == Mode.INFERENCE;
            NDArray rounded = transform.apply(value, pass);
            ActivationGrid now = inference ? grid : transform.grid(INFERENCE);
            assertEquals(rounded.getShape(), value.getShape());
            assertEquals(value.toFloatArray(), before, "untouched");
            float[] values = rounded.toFloatArray();
            for (int i = 0; i < values.length; ++i) {
                double steps = Math.rint(before[i] / now.scale());
                double least = -now.zeroPoint();
                double most = now.highestCode() - now.zeroPoint();
                double expected = Math.max(least, Math.min(most, steps)) * now.scale();
                assertEquals(values[i], (float) expected, i + " " + before[i]);
                assertFalse(Float.floatToRawIntBits(values[i]) == 0x80000000, "no negative zero");
            }
        }
        NDArray once = transform.apply(value, INFERENCE);
        assertEquals(transform.apply(once, INFERENCE).toFloatArray(), once.toFloatArray());
    }

    @Test(dataProvider = "transforms")
    public void onlyTrainingMovesTheRangeAndNothingIsLeftBehind(
            boolean learned, RangeEstimator by, boolean relu) {
        NDArray first = normals(1, 16, 10);
        ActivationTransform transform = transform(learned, by, relu ? first.maximum(0f) : first);
        ActivationGrid before = transform.grid(INFERENCE);
        NDArray wide = normals(3, 16, 10).mul(5);
        int arrays = ((BaseNDManager) manager).getManagedArrays().size();
        transform.apply(wide, INFERENCE).close();
        assertEquals(transform.grid(INFERENCE), before);
        transform.apply(wide, TRAINING).close();
        assertEquals(transform.grid(INFERENCE).equals(before), learned, "the optimizer moves it");
        assertEquals(((BaseNDManager) manager).getManagedArrays().size(), arrays);
    }

    @Test(dataProvider = "transforms")
    public void widthsOnTheWayAreFiner(boolean learned, RangeEstimator by, boolean relu) {
        NDArray first = normals(1, 16, 10);
        NDArray value = relu ? first.maximum(0f) : first;
        float last = Float.POSITIVE_INFINITY;
        for (int bits : new int[] {2, 4, 8, 12, 16, 20, ActivationGrid.MOST_BITS}) {
            ActivationRanges ranges = new ActivationRanges(bits, by);
            ActivationTransform transform =
                    learned
                            ? new LearnedRange(ranges, "v", value, manager)
                            : new RunningRange(ranges, "v", value, manager);
            NDArray inside = value.mul(0.3f); // what no estimator clips
            float error =
                    transform.apply(inside, INFERENCE).sub(inside).abs().max().toFloatArray()[0];
            assertTrue(error < last, bits + " bits: " + error);
            last = error;
        }
    }

    @Test
    public void batchesAreJoinedAsTheEstimatorSays() {
        NDArray first = manager.create(new float[] {-1, 2});
        NDArray next = manager.create(new float[] {-4, 1});
        ActivationTransform outermost = transform(false, RangeEstimator.minMax(), first);
        outermost.apply(next, TRAINING);
        assertEquals(outermost.grid(INFERENCE), ActivationGrid.of(8, -4, 2));
        ActivationTransform average = transform(false, RangeEstimator.movingAverage(0.75f), first);
        average.apply(next, TRAINING);
        assertEquals(average.grid(INFERENCE), ActivationGrid.of(8, -1.75, 1.75));
    }

    @Test
    public void whatHasDivergedLeavesTheRangeAndANonFiniteStartIsRefused() {
        ActivationTransform transform = transform(false, RangeEstimator.minMax(), normals(1, 4, 4));
        ActivationGrid before = transform.grid(INFERENCE);
        transform.apply(manager.create(new float[] {1, Float.POSITIVE_INFINITY}), TRAINING);
        transform.apply(manager.create(new float[] {1, Float.NaN}), TRAINING);
        assertEquals(transform.grid(INFERENCE), before);
        for (boolean learned : new boolean[] {false, true}) {
            IllegalArgumentException e =
                    expectThrows(
                            IllegalArgumentException.class,
                            () ->
                                    transform(
                                            learned,
                                            RangeEstimator.minMax(),
                                            manager.create(
                                                    new float[] {0, Float.NEGATIVE_INFINITY})));
            assertTrue(e.getMessage().contains("'v'"), e.getMessage());
        }
    }

    @Test(dataProvider = "transforms")
    public void theGradientPassesInsideAndIsZeroWhereClipped(
            boolean learned, RangeEstimator by, boolean relu) {
        NDArray first = manager.create(new float[] {relu ? 0 : -1, 1}).reshape(1, 2);
        ActivationTransform transform = transform(learned, RangeEstimator.minMax(), first);
        NDArray value = manager.create(new float[] {-0.5f, 0.25f, 0.9f, 3, -3});
        value.setRequiresGradient(true);
        NDArray weights = manager.create(new float[] {2, 3, 5, 7, 11});
        if (!learned) { // the range must not grow with the value
            transform = transform(false, RangeEstimator.movingAverage(0.9999f), first);
        }
        try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
            collector.backward(transform.apply(value, TRAINING).mul(weights).sum());
        }
        float[] expected = {relu ? 0 : 2, 3, 5, 0, 0};
        assertEquals(value.getGradient().toFloatArray(), expected, by.toString());
    }

    /** Esser et al.: inside, the rounding error in steps; outside, the bound in steps. */
    @Test
    public void theScaleLearnsByTheGradientOfThePaper() {
        LearnedRange range =
                new LearnedRange(
                        new ActivationRanges(4, RangeEstimator.minMax()),
                        "v",
                        manager.create(new float[] {0, 15}).reshape(1, 2),
                        manager);
        float[] values = {0.3f, 7.6f, 14.9f, 40, -3, 2.5f};
        float[] weights = {1, 2, 3, 4, 5, 6};
        NDArray value = manager.create(values, new Shape(2, 3));
        value.setRequiresGradient(true);
        try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
            NDArray factors = manager.create(weights, new Shape(2, 3));
            collector.backward(range.apply(value, TRAINING).mul(factors).sum());
        }
        double expected = 0;
        for (int i = 0; i < values.length; ++i) { // the scale is 1
            double steps = Math.max(0, Math.min(15, Math.rint(values[i])));
            double inside = values[i] > -0.5 && values[i] < 15.5 ? values[i] : 0;
            expected += weights[i] * (steps - inside);
        }
        expected /= Math.sqrt(3 * 15); // three elements a sample
        NDArray gradient = range.getParameters().get(0).getArray().getGradient();
        assertEquals(gradient.toFloatArray()[0], expected, 1e-4, "sums of floats");
    }

    @Test
    public void aStateIsGoneOnFromAndOthersAreRefused() {
        for (Scales scales : new Scales[] {Scales.FREE, Scales.LEARNED}) {
            ActivationQuantization technique =
                    ActivationQuantization.builder().setBits(8).optScales(scales).build();
            ActivationTransform transform =
                    transform(scales == Scales.LEARNED, RangeEstimator.mse(), normals(1, 9, 9));
            transform.apply(normals(2, 9, 9).mul(3), TRAINING);
            TransformState state = transform.getState();
            ActivationTransform restored =
                    technique.restoreActivations(Map.of("v", state), manager).get("v");
            assertEquals(restored.grid(INFERENCE), transform.grid(INFERENCE));
            assertEquals(
                    restored.apply(normals(3, 9, 9), TRAINING).toFloatArray(),
                    transform.apply(normals(3, 9, 9), TRAINING).toFloatArray());
            ActivationQuantization other =
                    ActivationQuantization.builder()
                            .setBits(8)
                            .optScales(scales == Scales.FREE ? Scales.LEARNED : Scales.FREE)
                            .build();
            IllegalArgumentException e =
                    expectThrows(
                            IllegalArgumentException.class,
                            () -> other.restoreActivations(Map.of("v", state), manager));
            assertTrue(e.getMessage().contains("restore it"), e.getMessage());
        }
    }

    @DataProvider
    Object[][] wrong() {
        return new Object[][] {
            {1, new int[0], Scales.FREE, "2 to 8 bits"},
            {9, new int[0], Scales.FREE, "2 to 8 bits"},
            {8, new int[] {4}, Scales.FREE, "Steps end at the target"},
            {4, new int[] {20, 8}, Scales.FREE, "2 to 16 bits"},
            {4, new int[] {6, 8}, Scales.FREE, "Steps go down"},
            {8, new int[0], Scales.POWER_OF_TWO, "FREE or LEARNED"}
        };
    }

    @Test(dataProvider = "wrong")
    public void whatMakesNoSenseIsRefused(int bits, int[] steps, Scales scales, String reason) {
        IllegalArgumentException e =
                expectThrows(
                        IllegalArgumentException.class,
                        () ->
                                ActivationQuantization.builder()
                                        .setBits(bits)
                                        .optSteps(steps)
                                        .optScales(scales)
                                        .build());
        assertTrue(e.getMessage().contains(reason), e.getMessage());
        assertTrue(
                expectThrows(
                                IllegalArgumentException.class,
                                () -> ActivationQuantization.builder().build())
                        .getMessage()
                        .contains("setBits(8)"));
    }

    @Test
    public void theLevelsAreTheSteps() {
        ActivationQuantization technique =
                ActivationQuantization.builder().setBits(4).optSteps(8, 6).build();
        assertEquals(technique.getLevels().format(technique.getLevels().start()), "32-bit floats");
        assertEquals(technique.getLevels().next(32).getAsDouble(), 8.0);
        assertEquals(technique.getLevels().target(), 4.0);
        assertEquals(technique.getLevels().format(6), "6 bits");
    }
}
