package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.encoding.ActivationGrid;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.onnx.HistogramRule.Bounds;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.testng.annotations.Test;

/** What a calibration counts, the ranges that it tells, and what it refuses. */
public class CalibrationTest {

    private static GraphModel model() {
        return IntegerModels.gemm(OnnxModels.floats(1, 3, 4), OnnxModels.floats(2, 3));
    }

    @Test
    public void noInputsAreAnError() {
        CalibrationException e =
                expectThrows(CalibrationException.class, () -> Calibration.of(model(), List.of()));
        assertTrue(e.getMessage().contains("got none"), e.getMessage());
    }

    @Test
    public void inputsThatDoNotFitAreAnErrorThatNamesTheBatch() {
        Tensor good = IntegerModels.normal(1, 2, 4);
        List<Tensor> wrong =
                List.of(
                        IntegerModels.normal(1, 2, 5),
                        Tensor.of(new long[] {1, 2, 3, 4}, 1, 4),
                        Tensor.of(new float[] {1, 2, Float.NaN, 4}, 1, 4));
        for (Tensor batch : wrong) {
            CalibrationException e =
                    expectThrows(
                            CalibrationException.class, () -> Calibration.of(model(), good, batch));
            assertTrue(e.getMessage().startsWith("Batch 1 "), e.getMessage());
        }
        expectThrows(
                CalibrationException.class,
                () -> Calibration.of(model(), List.of(List.of(good, good))));
    }

    @Test
    public void theOrderOfTheBatchesMakesNoDifference() {
        Random random = new Random(5);
        List<float[]> batches = new ArrayList<>();
        for (int i = 0; i < 12; ++i) {
            float[] values = new float[100];
            for (int j = 0; j < values.length; ++j) {
                values[j] = (float) (random.nextGaussian() * Math.pow(4, i - 6));
            }
            values[i] = i % 2 == 0 ? 1 << i : -1f / (1 << i);
            batches.add(values);
        }
        ValueHistogram first = counted(batches);
        Collections.shuffle(batches, random);
        ValueHistogram second = counted(batches);
        for (int i = 0; i < ValueHistogram.BINS; ++i) {
            assertEquals(second.count(i), first.count(i), "bin " + i);
        }
        assertEquals(first.total(), 1200);
        assertEquals(second.least(), first.least());
        assertEquals(second.greatest(), first.greatest());
    }

    private static ValueHistogram counted(List<float[]> batches) {
        ValueHistogram histogram = new ValueHistogram();
        batches.forEach(histogram::add);
        return histogram;
    }

    @Test
    public void aValueLiesInItsBin() {
        ValueHistogram histogram = new ValueHistogram();
        histogram.add(new float[] {0.3f, -0.9f, 0, 0});
        for (int i = 0; i < ValueHistogram.BINS; ++i) {
            boolean inside =
                    (histogram.edge(i) <= 0.3f && 0.3f < histogram.edge(i + 1))
                            || (histogram.edge(i) <= -0.9f && -0.9f < histogram.edge(i + 1));
            assertEquals(histogram.count(i), inside ? 1 : 0);
        }
    }

    @Test
    public void aPercentileLeavesOutWhatItSays() {
        float[] values = new float[1000];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (i + 1) / 10f;
        }
        values[999] = 1e4f;
        ValueHistogram histogram = counted(List.of(values));
        assertEquals(ActivationRange.minMax().of(histogram), new Bounds(0, 1e4));
        assertEquals(ActivationRange.percentile(100).of(histogram), new Bounds(0, 1e4));
        double bin = histogram.edge(1) - histogram.edge(0);
        Bounds bounds = ActivationRange.percentile(99.9).of(histogram);
        assertEquals(bounds.low(), 0.0);
        assertTrue(bounds.high() >= 99.9 && bounds.high() <= 99.9 + bin, bounds.toString());
        expectThrows(IllegalArgumentException.class, () -> ActivationRange.percentile(50));
        expectThrows(IllegalArgumentException.class, () -> ActivationRange.percentile(101));
    }

    @Test
    public void theLeastErrorClipsOneOutlierAndNoUniformValues() {
        float[] uniform = new float[200_000];
        for (int i = 0; i < uniform.length; ++i) {
            uniform[i] = i / 200_000f;
        }
        assertEquals(
                ActivationRange.mse().of(counted(List.of(uniform))).high(),
                (double) (199_999 / 200_000f));
        float[] outlier = uniform.clone();
        outlier[0] = 3f;
        double high = ActivationRange.mse().of(counted(List.of(outlier))).high();
        assertTrue(high < 2.9, "high " + high);
    }

    @Test
    public void zeroHasACodeOfItsOwn() {
        for (double[] range : new double[][] {{0, 0}, {0, 5}, {-3, 0}, {-1, 2}, {-1e-40, 1e-40}}) {
            ActivationGrid grid = ActivationGrid.of(8, range[0], range[1]);
            assertTrue(grid.zeroPoint() >= 0 && grid.zeroPoint() <= 255);
            assertTrue(grid.scale() >= Float.MIN_NORMAL);
            double low = -grid.zeroPoint() * (double) grid.scale();
            double high = (255 - grid.zeroPoint()) * (double) grid.scale();
            assertTrue(low <= range[0] + grid.scale() * 0.51);
            assertTrue(high >= range[1] - grid.scale() * 0.51);
        }
    }

    /**
     * A convolution on a grid with batch normalisation, some of whose factors are negative or 0.
     */
    private static GraphModel normalised(GridWeight weight) {
        int channels = weight.shape()[0];
        Map<String, EncodedWeight> values = new LinkedHashMap<>();
        values.put("weight", weight);
        values.put("scale", OnnxModels.floats(1, channels));
        values.put("shift", OnnxModels.floats(2, channels));
        values.put("mean", OnnxModels.floats(3, channels));
        float[] scale = values.get("scale").decode();
        scale[1] = 0;
        scale[2] = -1;
        scale[3] = 2;
        values.put("scale", new DenseWeight(new int[] {channels}, scale));
        float[] variance = OnnxModels.floats(4, channels).decode();
        for (int i = 0; i < channels; ++i) {
            variance[i] = variance[i] * variance[i] + 0.1f;
        }
        values.put("variance", new DenseWeight(new int[] {channels}, variance));
        List<Weight> weights = new ArrayList<>();
        values.forEach(
                (name, value) ->
                        weights.add(
                                new Weight(
                                        name,
                                        dev.bonsai.encoding.ElementType.FLOAT32,
                                        Shape.of(value.shape()))));
        return new GraphModel(
                new Graph(
                        List.of(
                                new Input(
                                        "x",
                                        dev.bonsai.encoding.ElementType.FLOAT32,
                                        Shape.of(
                                                Dim.free("batch"),
                                                Dim.of(weight.shape()[1]),
                                                Dim.of(6),
                                                Dim.of(6)))),
                        weights,
                        Map.of(),
                        List.of(
                                Node.of(new Conv(Window.of(List.of()), 1), "c", "x", "weight"),
                                Node.of(
                                        Operators.of("BatchNormalization", Attributes.NONE),
                                        "n",
                                        "c",
                                        "scale",
                                        "shift",
                                        "mean",
                                        "variance"),
                                Node.of(Unary.RELU, "y", "n")),
                        List.of("y")),
                values);
    }

    @Test
    public void batchNormalisationBecomesPartOfAGrid() {
        GridWeight weight = IntegerModels.grid(9, 8, 6, 2, 3, 3);
        GraphModel model = normalised(weight);
        Tensor x = IntegerModels.normal(10, 2, 2, 6, 6);
        Calibration calibration = Calibration.of(model, x);
        assertEquals(calibration.model().graph().nodes().size(), 2);
        GridWeight folded = (GridWeight) calibration.model().weights().get("weight");
        float[] scale = model.weights().get("scale").decode();
        for (int i = 0; i < folded.size(); ++i) {
            int sign = (int) Math.signum(scale[i / 18]);
            assertEquals(folded.codes().get(i), sign * weight.codes().get(i));
        }
        float[] expected = PlainModel.of(model).run(x).get(0).floats();
        float[] given = calibration.outputs(0).get(0).decode();
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, value);
        }
        for (int i = 0; i < expected.length; ++i) {
            assertEquals(given[i], expected[i], 1e-5f * largest);
        }
    }
}
