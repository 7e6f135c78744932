package dev.bonsai.tensorboard;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.Cross;
import dev.bonsai.Jdks;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What a histogram counts, whatever the values, their number and their type. */
public class HistogramTest {

    private static final int MANY = 100_000_000;

    @DataProvider
    Object[][] values() {
        return Cross.of(
                new Object[] {1L, 2L, 3L},
                new Object[] {1e-300, 1e-38, 1.0, 1e38, 1e300},
                new Object[] {-1.0, 0.0, 1.0},
                new Object[] {0.0, 0.5, 1.0},
                new Object[] {0, 1, 1000});
    }

    @Test(dataProvider = "values")
    void bucketsHoldEachValueOnce(long seed, double scale, double shift, double zeros, int size) {
        Random random = new Random(seed);
        double[] values =
                DoubleStream.generate(
                                () ->
                                        random.nextDouble() < zeros
                                                ? 0
                                                : scale * (random.nextGaussian() + shift))
                        .limit(size)
                        .toArray();
        Histogram histogram = of(values);
        assertEquals(histogram.count(), size);
        assertEquals(histogram.sum(), DoubleStream.of(values).reduce(0, Double::sum));
        double squares = DoubleStream.of(values).map(v -> v * v).reduce(0, Double::sum);
        assertEquals(histogram.sumOfSquares(), squares);
        assertEquals(histogram.min(), DoubleStream.of(values).min().orElse(0));
        assertEquals(histogram.max(), DoubleStream.of(values).max().orElse(0));
        checkBuckets(histogram, values);
    }

    private static void checkBuckets(Histogram histogram, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int next = 0;
        double lower = Double.NEGATIVE_INFINITY;
        for (Histogram.Bucket bucket : histogram.buckets()) {
            assertTrue(bucket.limit() > lower, bucket.limit() + " is above " + lower);
            for (long i = 0; i < bucket.count(); ++i) {
                double value = sorted[next++];
                assertTrue(value >= lower && value <= bucket.limit(), value + " in " + bucket);
            }
            lower = bucket.limit();
        }
        assertEquals(next, values.length);
    }

    private static Histogram of(double... values) {
        Histogram histogram = new Histogram();
        DoubleStream.of(values).forEach(histogram::add);
        return histogram;
    }

    @Test
    void bucketsAreAnEighthOfAPowerOfTwoWide() {
        for (double value = 1; value < 4096; value *= 1.01) {
            List<Histogram.Bucket> buckets = of(value, value * 2).buckets();
            double width = buckets.get(2).limit() - buckets.get(1).limit();
            assertEquals(width, Math.scalb(0.125, Math.getExponent(value * 2)), 0);
        }
    }

    @Test
    void whatIsNotFiniteIsCountedApart() {
        Histogram histogram = of(1, Double.NaN, 1 / 0.0, -1 / 0.0, -2);
        assertEquals(histogram.notFinite(), 3);
        assertEquals(histogram.count(), 2);
        assertEquals(histogram.sum(), -1.0);
        checkBuckets(histogram, new double[] {1, -2});
        assertEquals(of(Double.NaN).buckets(), List.of());
        assertEquals(of(Double.NaN).min(), 0.0);
    }

    @Test
    void limitsAreFiniteWhateverTheValues() {
        double[] extremes = {Double.MAX_VALUE, -Double.MAX_VALUE, Double.MIN_VALUE, -0.0, 0};
        Histogram histogram = of(extremes);
        checkBuckets(histogram, extremes);
        assertTrue(histogram.buckets().stream().allMatch(b -> Double.isFinite(b.limit())));
    }

    @DataProvider
    Object[][] arrays() {
        return Cross.of(
                new Object[] {
                    DataType.FLOAT32,
                    DataType.FLOAT64,
                    DataType.FLOAT16,
                    DataType.INT64,
                    DataType.INT32,
                    DataType.INT8,
                    DataType.UINT8,
                    DataType.BOOLEAN
                },
                new Object[] {
                    new Shape(), new Shape(0), new Shape(1), new Shape(7), new Shape(2, 3, 4)
                });
    }

    @Test(dataProvider = "arrays")
    void arrayOfAnyTypeAndShapeIsCounted(DataType type, Shape shape) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.ones(shape).toType(type, true);
            int owned = manager.getManagedArrays().size();
            Histogram histogram = WeightHistogram.of(array);
            assertEquals(histogram.count(), shape.size());
            assertEquals(histogram.sum(), (double) shape.size());
            assertEquals(manager.getManagedArrays().size(), owned);
        }
    }

    @Test
    void arrayThatIsNotInRowMajorOrderIsCounted() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.arange(12f).reshape(3, 4).transpose().get("1:, :2");
            Histogram histogram = WeightHistogram.of(array);
            assertEquals(histogram.sum(), (double) array.sum().getFloat());
            assertEquals(histogram.count(), 6);
        }
    }

    /** The heap of the other process holds a tenth of the weights at most. */
    @Test
    void hundredMillionWeightsTakeLittleMemory() throws IOException, InterruptedException {
        String counted = Jdks.run(Jdks.own(), List.of("-Xmx64m"), Many.class.getName());
        assertEquals(counted, MANY + " " + 2.0 * MANY);
    }

    /** Counts many weights and prints their number and sum. */
    static final class Many {

        private Many() {}

        public static void main(String[] none) {
            try (NDManager manager = NDManager.newBaseManager()) {
                NDArray weights = manager.full(new Shape(MANY / 100, 100), 2f);
                Histogram histogram = WeightHistogram.of(weights);
                System.out.println(histogram.count() + " " + histogram.sum());
            }
        }
    }
}
