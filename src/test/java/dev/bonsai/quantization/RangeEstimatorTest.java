package dev.bonsai.quantization;

import static dev.bonsai.quantization.Fixtures.apply;
import static dev.bonsai.quantization.Fixtures.normals;
import static dev.bonsai.quantization.Fixtures.quantize;
import static dev.bonsai.quantization.Fixtures.transform;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.RestorationContract;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.WeightError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class RangeEstimatorTest {

    private static final AffineQuantizer AFFINE = new AffineQuantizer(8, Mapping.AFFINE);

    private NDManager manager;

    @BeforeClass
    void open() {
        manager = NDManager.newBaseManager();
    }

    @AfterClass
    void close() {
        manager.close();
    }

    @Test
    void minMaxIsTheRangeOfEachRow() {
        float[] range = range(RangeEstimator.minMax(), new Shape(2, 3), 1, -2, 0.5f, 4, 5, 6);
        assertEquals(range, new float[] {-2, 1, 4, 6}, 0f); // values of the weight
    }

    @Test
    void minMaxOfLongRowsIsThatOfShortOnes() {
        for (long length : new long[] {256, 250, 255, 2 * 257}) {
            Shape shape = new Shape(400, length);
            float[] values = normals(shape, length);
            float[] expected = new float[400];
            for (int i = 0; i < values.length; ++i) {
                int row = (int) (i / length);
                expected[row] = Math.max(expected[row], Math.abs(values[i]));
            }
            try (NDManager scratch = manager.newSubManager()) {
                Range range =
                        RangeEstimator.minMax()
                                .estimate(
                                        scratch.create(values, shape),
                                        new AffineQuantizer(8, Mapping.SYMMETRIC),
                                        Mode.INFERENCE);
                assertEquals(range.high().toFloatArray(), expected, 0f); // values of the weight
            }
        }
    }

    @Test
    void percentileLeavesOutAsManyAtEitherEnd() {
        float[] values = new float[40];
        for (int i = 0; i < 40; ++i) {
            values[i] = (i * 7) % 40 - 19.5f; // each of -19.5 to 19.5 once
        }
        Shape shape = new Shape(1, 40);
        assertEquals(
                range(RangeEstimator.percentile(95), shape, values), new float[] {-17.5f, 17.5f});
        assertEquals(
                range(RangeEstimator.percentile(100), shape, values), new float[] {-19.5f, 19.5f});
    }

    @Test
    void percentileCountsWithoutZeros() {
        float[] values = new float[100];
        for (int i = 0; i < 10; ++i) {
            values[i * 10] = i + 1; // 90 are pruned
        }
        float[] range = range(RangeEstimator.percentile(90), new Shape(1, 100), values);
        assertEquals(range, new float[] {0, 9}, 0f); // values of the weight: 1 of 10 is left out
    }

    @Test
    void percentileIsNotLedByAnOutlier() {
        Shape shape = new Shape(2, 200);
        float[] values = normals(shape, 1);
        values[17] = 100;
        float[] clipped = quantize(options(RangeEstimator.percentile(99)), shape, values);
        float[] all = quantize(options(RangeEstimator.minMax()), shape, values);
        assertTrue(clipped[17] < 4, "the outlier is clipped: " + clipped[17]);
        values[17] = clipped[17] = all[17] = 0;
        double good = WeightError.of(values, clipped).mse();
        double bad = WeightError.of(values, all).mse();
        assertTrue(good < bad / 2, good + " and " + bad);
    }

    @Test
    void meanAndDeviationSpansWhatItSays() {
        // The mean is 3, the deviation 2; 0 is pruned and does not count.
        Shape shape = new Shape(1, 6);
        float[] values = {1, 5, 0, 1, 5, 0};
        float[] range = range(RangeEstimator.meanAndDeviation(0.5f), shape, values);
        assertEquals(range, new float[] {2, 4}, 0f); // small integers are exact
        float[] wide = range(RangeEstimator.meanAndDeviation(9), shape, values);
        assertEquals(wide, new float[] {0, 5}, 0f); // at most all values
    }

    @Test
    void rootMeanSquareSpansWhatItSaysWhateverTheGreatestElement() {
        // The root mean square is 5; 0 is pruned and does not count.
        Shape shape = new Shape(2, 4);
        float[] values = {1, -7, 0, 0, 5, 5, -5, -5};
        float[] range = range(RangeEstimator.rootMeanSquare(3), shape, values);
        assertEquals(range, new float[] {-15, 15, -15, 15}, 0f); // small integers are exact
        assertEquals(range(RangeEstimator.rootMeanSquare(3), new Shape(1, 1), 0f)[1], 0f);
    }

    @Test
    void aWideGridOfCoarseStepsTakesNoMoreBitsForTheSameErrorAndClipsNothing() {
        Shape shape = new Shape(1, 40_000);
        Random random = new Random(5);
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; ++i) { // Laplacian
            double tail = Math.log(1 - random.nextDouble());
            values[i] = (float) (random.nextBoolean() ? tail : -tail);
        }
        float[] wide =
                quantize(options(RangeEstimator.rootMeanSquare(30)).setBits(5), shape, values);
        float[] narrow = quantize(options(RangeEstimator.mse()).setBits(2), shape, values);
        assertTrue(entropy(wide) < entropy(narrow), entropy(wide) + " and " + entropy(narrow));
        double error = WeightError.of(values, wide).mse();
        assertTrue(error < WeightError.of(values, narrow).mse(), "mean error " + error);
        // a step is 2 root mean squares, which are the root of 2: none is off by more than half
        assertTrue(largestError(values, wide) < 1.45, "largest " + largestError(values, wide));
        assertTrue(largestError(values, narrow) > 3, "largest " + largestError(values, narrow));
    }

    private static float largestError(float[] values, float[] quantized) {
        float largest = 0;
        for (int i = 0; i < values.length; ++i) {
            largest = Math.max(largest, Math.abs(values[i] - quantized[i]));
        }
        return largest;
    }

    /** The bits of an element that a coder needs which knows how often each value occurs. */
    private static double entropy(float[] values) {
        Map<Float, Integer> counts = new HashMap<>();
        for (float value : values) {
            counts.merge(value, 1, Integer::sum);
        }
        return counts.values().stream()
                .mapToDouble(count -> (double) count / values.length)
                .map(share -> -share * Math.log(share) / Math.log(2))
                .sum();
    }

    @Test
    void mseIsNeverWorseThanMinMax() {
        Shape shape = new Shape(5, 60);
        for (int seed = 0; seed < 10; ++seed) {
            float[] values = normals(shape, seed);
            for (int bits = 2; bits <= 6; ++bits) {
                for (Mapping mapping : Mapping.values()) {
                    double best = mse(RangeEstimator.mse(), bits, mapping, shape, values);
                    double plain = mse(RangeEstimator.minMax(), bits, mapping, shape, values);
                    // The search compares sums of 32-bit floats, which may take equals for better.
                    assertTrue(best <= plain * (1 + 1e-5), best + " and " + plain);
                    if (bits == 2 && mapping == Mapping.SYMMETRIC) {
                        assertTrue(best < 0.8 * plain, "normals are clipped for 2 bits");
                    }
                }
            }
        }
    }

    /** The mean of all ranges so far; its state is of the user's own. */
    private record Mean(float[] sums, boolean isKept) implements RangeEstimator {

        @Override
        public Range estimate(NDArray groups, AffineQuantizer quantizer, Mode mode) {
            float greatest = Fixtures.greatest(groups.toFloatArray());
            if (sums.length > 0 && mode == Mode.TRAINING) {
                sums[0] += greatest;
                ++sums[1];
            }
            float mean = sums.length == 0 || sums[1] == 0 ? greatest : sums[0] / sums[1];
            NDArray high = groups.getManager().full(new Shape(groups.getShape().get(0), 1), mean);
            return new Range(high.neg(), high);
        }

        @Override
        public RangeEstimator start(NDArray groups, AffineQuantizer quantizer, NDManager state) {
            return new Mean(new float[2], isKept);
        }

        @Override
        public float[] getState() {
            return isKept ? sums : new float[0];
        }

        @Override
        public RangeEstimator restore(float[] numbers, long groups, NDManager state) {
            return new Mean(numbers.clone(), isKept);
        }
    }

    @Test
    void anEstimatorOfOnesOwnIsRestoredOrSaysThatItIsNot() {
        Shape shape = new Shape(3, 10);
        float[] values = normals(shape, 5);
        try (NDManager state = manager.newSubManager()) {
            Quantization kept = options(new Mean(new float[0], true)).build();
            WeightTransform transform = transform(kept, state, shape, values);
            FakeProposal proposal = new FakeProposal(state);
            TargetWeight weight = proposal.add("weight", shape, values);
            RestorationContract.of(kept).check(Map.of(weight, transform), Map.of(weight, values));
            Quantization lost = options(new Mean(new float[0], false)).build();
            String message =
                    expectThrows(
                                    UnsupportedOperationException.class,
                                    () -> transform(lost, state, shape, values).getState())
                            .getMessage();
            assertTrue(message.contains("override getState"), message);
        }
    }

    @Test
    void movingAverageMovesInTrainingOnly() {
        Shape shape = new Shape(1, 2);
        try (NDManager state = manager.newSubManager()) {
            WeightTransform transform =
                    transform(
                            options(RangeEstimator.movingAverage(0.75f)).setBits(2).build(),
                            state,
                            shape,
                            4,
                            0);
            // With 2 bits the greatest value on the grid is the range itself.
            assertEquals(apply(transform, Mode.INFERENCE, shape, 8, 0)[0], 4f);
            assertEquals(apply(transform, Mode.INFERENCE, shape, 8, 0)[0], 4f);
            assertEquals(apply(transform, Mode.TRAINING, shape, 8, 0)[0], 5f); // 3/4 4 + 1/4 8
            // a second batch before the step sees the same weight, and counts no more
            assertEquals(apply(transform, Mode.TRAINING, shape, 8, 0)[0], 5f);
            assertEquals(apply(transform, Mode.TRAINING, shape, 8, 1)[0], 5.75f);
            assertEquals(apply(transform, Mode.INFERENCE, shape, 8, 0)[0], 5.75f);
        }
    }

    @Test
    void deviationsFulfilTheContractButForQuantizingTwice() {
        Shape shape = new Shape(4, 30);
        float[] values = normals(shape, 2);
        for (RangeEstimator estimator :
                List.of(RangeEstimator.meanAndDeviation(2), RangeEstimator.rootMeanSquare(5))) {
            try (NDManager state = NDManager.newBaseManager()) {
                WeightTransform transform =
                        transform(options(estimator).build(), state, shape, values);
                WeightTransformContract.of(transform, state, shape, values)
                        .idempotentWithin(4) // the second grid is another: any value may move
                        .check();
            }
        }
    }

    @Test
    void aRangeOfOnesOwnIsOneFunction() {
        Shape shape = new Shape(1, 3);
        RangeEstimator unit =
                (groups, quantizer, mode) -> {
                    var ones = groups.max(new int[] {1}, true).onesLike();
                    return new Range(ones.neg(), ones);
                };
        assertEquals(
                quantize(options(unit).setBits(2), shape, 9, -9, 0.2f), new float[] {1, -1, 0}, 0f);
    }

    @DataProvider
    Object[][] wrong() {
        return new Object[][] {
            {(Runnable) () -> RangeEstimator.movingAverage(1), "1.0"},
            {(Runnable) () -> RangeEstimator.movingAverage(Float.NaN), "NaN"},
            {(Runnable) () -> RangeEstimator.percentile(50), "50.0"},
            {(Runnable) () -> RangeEstimator.percentile(100.1f), "100.1"},
            {(Runnable) () -> RangeEstimator.rootMeanSquare(0), "0.0"},
            {(Runnable) () -> RangeEstimator.rootMeanSquare(Float.NaN), "NaN"},
            {(Runnable) () -> RangeEstimator.meanAndDeviation(0), "0.0"},
            {(Runnable) () -> RangeEstimator.meanAndDeviation(Float.POSITIVE_INFINITY), "Infinity"},
        };
    }

    @Test(dataProvider = "wrong")
    void aWrongParameterIsNamedWithARemedy(Runnable call, String received) {
        String message = expectThrows(IllegalArgumentException.class, call::run).getMessage();
        assertTrue(message.contains("but got " + received) && message.contains(": use"), message);
    }

    private static Quantization.Builder options(RangeEstimator estimator) {
        return Quantization.builder().setBits(4).optRangeEstimator(estimator);
    }

    private static double mse(
            RangeEstimator estimator, int bits, Mapping mapping, Shape shape, float[] values) {
        Quantization.Builder options = options(estimator).setBits(bits).optMapping(mapping);
        return WeightError.of(values, quantize(options, shape, values)).mse();
    }

    /** The low and high of each row. */
    private float[] range(RangeEstimator estimator, Shape shape, float... values) {
        try (NDManager scratch = manager.newSubManager()) {
            Range range = estimator.estimate(scratch.create(values, shape), AFFINE, Mode.INFERENCE);
            return range.low().concat(range.high(), 1).toFloatArray();
        }
    }
}
