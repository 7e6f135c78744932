package dev.bonsai;

import static org.testng.Assert.assertEquals;

import ai.djl.Model;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.testng.annotations.Test;

/** How large the inputs are that weights are multiplied with, against networks done by hand. */
public class InputMagnitudeTest extends InputMagnitudeTestBase {

    private static float[] linear(float[] x, float[] weight, float[] bias) {
        float[] y = bias.clone();
        for (int o = 0; o < y.length; ++o) {
            for (int i = 0; i < x.length; ++i) {
                y[o] += weight[o * x.length + i] * x[i];
            }
        }
        return y;
    }

    private static float[] relu(float[] x) {
        float[] y = x.clone();
        for (int i = 0; i < y.length; ++i) {
            y[i] = Math.max(0, y[i]);
        }
        return y;
    }

    private static float[] plus(float[] x, float[] other) {
        float[] y = x.clone();
        for (int i = 0; i < y.length; ++i) {
            y[i] += other[i];
        }
        return y;
    }

    private static float[][] map(float[][] rows, UnaryOperator<float[]> f) {
        float[][] mapped = new float[rows.length][];
        for (int i = 0; i < rows.length; ++i) {
            mapped[i] = f.apply(rows[i]);
        }
        return mapped;
    }

    /** Checks a weight of the shape (outputs, inputs). */
    private static void assertLinear(float[] signal, double[] means) {
        for (int i = 0; i < signal.length; ++i) {
            assertEquals(signal[i], means[i % means.length], ROUNDING, "element " + i);
        }
    }

    @Test
    public void aLinearWeightHasTheMeanOverTheSamples() throws Exception {
        List<float[]> p = pass(new Shape(8), Toy.mlp());
        float[][] x = points();
        assertLinear(told.get(0), means(x));
        assertLinear(told.get(1), means(map(x, v -> relu(linear(v, p.get(0), p.get(1))))));
    }

    @Test
    public void leadingDimensionsAreAveragedToo() throws Exception {
        pass(new Shape(4, 2), image(Linear.builder().setUnits(3).build()));
        double[] m = means(points());
        double[] folded = {(m[0] + m[2] + m[4] + m[6]) / 4, (m[1] + m[3] + m[5] + m[7]) / 4};
        assertLinear(told.get(0), folded);
    }

    @Test
    public void aConvolutionHasTheMeanOverSamplesAndPositions() throws Exception {
        pass(new Shape(2, 2, 2), image(convolution(3, 1)));
        double[] m = means(points());
        double[] channels = {(m[0] + m[1] + m[2] + m[3]) / 4, (m[4] + m[5] + m[6] + m[7]) / 4};
        float[] signal = told.get(0);
        assertEquals(signal.length, 3 * 2 * 4);
        for (int i = 0; i < signal.length; ++i) {
            assertEquals(signal[i], channels[i / 4 % 2], ROUNDING, "element " + i);
        }
    }

    @Test
    public void aFilterOfAGroupSeesTheChannelsOfItsGroup() throws Exception {
        pass(new Shape(4, 2, 1), image(convolution(6, 2)));
        double[] m = means(points());
        float[] signal = told.get(0);
        assertEquals(signal.length, 6 * 2 * 4);
        for (int i = 0; i < signal.length; ++i) {
            int group = i / 8 / 3; // three filters each
            int channel = 2 * group + i / 4 % 2;
            double mean = (m[2 * channel] + m[2 * channel + 1]) / 2;
            assertEquals(signal[i], mean, ROUNDING, "element " + i);
        }
    }

    @Test
    public void whatBranchesAndMeetsAgainIsFollowed() throws Exception {
        Block residual =
                new ParallelBlock(
                                lists ->
                                        new NDList(
                                                NDArrays.add(
                                                        lists.get(0).head(), lists.get(1).head())))
                        .add(Linear.builder().setUnits(Toy.FEATURES).build())
                        .add(Blocks.identityBlock());
        Block net =
                new SequentialBlock()
                        .add(residual)
                        .add(Linear.builder().setUnits(Toy.CLASSES).build());
        List<float[]> p = pass(new Shape(8), net);
        float[][] x = points();
        assertLinear(told.get(0), means(x));
        assertLinear(told.get(1), means(map(x, v -> plus(linear(v, p.get(0), p.get(1)), v))));
    }

    @Test
    public void aTiedWeightHasTheMeanOverBothPlaces() throws Exception {
        Linear twice = Linear.builder().setUnits(Toy.FEATURES).build();
        Block net =
                new SequentialBlock()
                        .add(twice)
                        .add(Activation::relu)
                        .add(twice)
                        .add(Linear.builder().setUnits(Toy.CLASSES).build());
        List<float[]> p = pass(new Shape(8), net);
        float[][] x = points();
        double[] first = means(x);
        double[] second = means(map(x, v -> relu(linear(v, p.get(0), p.get(1)))));
        double[] both = new double[first.length];
        Arrays.setAll(both, i -> (first[i] + second[i]) / 2);
        assertLinear(told.get(0), both);
    }

    @Test
    public void theEffectiveWeightsAreGoneThrough() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(FakeTechnique.single("wiping", FakeTransforms.wiping()))
                        .addTechnique(listening())
                        .optGate(open())
                        .build();
        Block withoutBias =
                new SequentialBlock()
                        .add(Linear.builder().setUnits(5).optBias(false).build())
                        .add(Linear.builder().setUnits(Toy.CLASSES).build());
        try (Model model = Toy.model(withoutBias)) {
            toy.train(model, 3, listener);
        }
        assertLinear(told.get(0), means(points()));
        assertEquals(told.get(1), new float[told.get(1).length], "nothing comes through zeros");
    }
}
