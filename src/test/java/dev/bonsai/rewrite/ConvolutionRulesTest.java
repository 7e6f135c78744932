package dev.bonsai.rewrite;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.Cross;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.rewrite.Simplifier.Mode;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What becomes part of a convolution or a product of matrices. */
public class ConvolutionRulesTest {

    private static final int CHANNELS = 4;

    private static Window window(int spatial) {
        return Window.of(Collections.nCopies(spatial, 2));
    }

    private static int[] weightShape(int spatial, int group, int outputs) {
        int[] shape = new int[spatial + 2];
        Arrays.fill(shape, 2);
        shape[0] = outputs;
        shape[1] = CHANNELS / group;
        return shape;
    }

    private static String x(Sketch s, int spatial) {
        return spatial == 1
                ? s.input("x", "batch", CHANNELS, 5)
                : s.input("x", "batch", CHANNELS, 5, 6);
    }

    private static String normalised(Sketch s, String x, int channels) {
        return s.node(
                new BatchNormalization(1e-3f, 0.9f),
                x,
                s.weight("gamma", channels),
                s.weight("beta", channels),
                s.weight("mean", channels),
                s.weight("variance", 0.5f, 2f, channels));
    }

    @DataProvider
    Object[][] convolutions() {
        return Cross.of(
                new Integer[] {1, 2}, new Integer[] {1, 2, CHANNELS}, new Boolean[] {false, true});
    }

    private static Sketch normalisedConvolution(int spatial, int group, boolean bias) {
        Sketch s = new Sketch(5);
        String x = x(s, spatial);
        String weight = s.weight("weight", weightShape(spatial, group, 8));
        Operator conv = new Conv(window(spatial), group);
        String y = bias ? s.node(conv, x, weight, s.weight("bias", 8)) : s.node(conv, x, weight);
        normalised(s, y, 8);
        return s;
    }

    @Test(dataProvider = "convolutions")
    void batchNormalizationBecomesPartOfTheConvolution(int spatial, int group, boolean bias) {
        Sketch s = normalisedConvolution(spatial, group, bias);
        Graph graph = s.graph("n1");
        GraphModel after = Law.simplified(graph, s.weights(), Mode.INFERENCE);
        assertEquals(Law.operators(after.graph()), List.of("Conv"));
        assertEquals(
                List.copyOf(after.weights().keySet()),
                List.of("weight", bias ? "bias" : "beta"),
                "paths stay");
        assertEquals(
                Law.operators(Law.simplified(graph, s.weights(), Mode.TRAINING).graph()),
                List.of("Conv", "BatchNormalization"));
    }

    @Test
    void batchNormalizationStaysWhereSomethingElseUsesTheConvolutionOrItsWeight() {
        Sketch s = normalisedConvolution(2, 1, false);
        assertStays(s.graph("n1", "n0"), s.weights());
        s = normalisedConvolution(2, 1, false);
        s.node(Unary.EXP, "weight");
        assertStays(s.graph("n1", "n2"), s.weights());
        s = normalisedConvolution(2, 1, true);
        s.node(Unary.EXP, "bias");
        assertStays(s.graph("n1", "n2"), s.weights());
    }

    @Test
    void batchNormalizationStaysWhereTheWeightHasAnEncoding() {
        Sketch s = normalisedConvolution(1, 1, false);
        Map<String, EncodedWeight> weights = new LinkedHashMap<>(s.weights());
        int[] shape = weights.get("weight").shape();
        weights.put(
                "weight", new DenseWeight(shape, new float[8 * CHANNELS * 2], FloatFormat.FLOAT16));
        assertStays(s.graph("n1"), weights);
    }

    private static void assertStays(Graph graph, Map<String, EncodedWeight> weights) {
        Graph after = Law.simplified(graph, weights, Mode.INFERENCE).graph();
        assertTrue(Law.operators(after).contains("BatchNormalization"), after.toString());
    }

    @Test(dataProvider = "convolutions")
    void aNumberPerChannelBecomesTheBias(int spatial, int group, boolean constant) {
        for (boolean transpose : new boolean[] {false, true}) {
            Sketch s = new Sketch(6);
            String x = x(s, spatial);
            int outputs = transpose ? CHANNELS : 8;
            String weight = s.weight("weight", weightShape(spatial, group, outputs));
            Operator conv =
                    transpose
                            ? new ConvTranspose(window(spatial), group, List.of(), List.of())
                            : new Conv(window(spatial), group);
            int channels = transpose ? CHANNELS / group * group : 8;
            int[] shape = spatial == 1 ? new int[] {channels, 1} : new int[] {1, channels, 1, 1};
            String y = s.node(conv, x, weight);
            String bias;
            if (constant) {
                float[] values = new float[channels];
                values[1] = 3f;
                bias = s.constant(new DenseWeight(shape, values));
            } else {
                String target =
                        s.integers(spatial == 1 ? new long[] {-1, 1} : new long[] {1, -1, 1, 1});
                bias = s.node(new Reshape(false), s.weight("bias", channels), target);
            }
            String sum = s.node(Binary.ADD, bias, y);
            Graph after = Law.simplified(s.graph(sum), s.weights(), Mode.TRAINING).graph();
            assertEquals(Law.operators(after).size(), 1, after.toString());
        }
    }

    /** Or it would be computed twice. */
    @Test
    void aConvolutionThatSomethingElseUsesTakesNoBias() {
        Sketch s = new Sketch(7);
        String y = s.node(new Conv(window(1), 1), x(s, 1), s.weight("weight", 4, 4, 2));
        String bias = s.constant(new DenseWeight(new int[] {4, 1}, new float[] {1, 2, 3, 4}));
        String sum = s.node(Binary.ADD, y, bias);
        Graph after = Law.simplified(s.graph(sum, y), s.weights(), Mode.TRAINING).graph();
        assertEquals(Law.operators(after), List.of("Conv", "Add"));
    }

    @Test
    void aNumberPerColumnIsNoBiasOfAConvolution() {
        Sketch s = new Sketch(7);
        String y = s.node(new Conv(window(1), 1), x(s, 1), s.weight("weight", 4, 4, 2));
        String sum =
                s.node(Binary.ADD, y, s.constant(new DenseWeight(new int[] {4}, new float[4])));
        Graph after = Law.simplified(s.graph(sum), s.weights(), Mode.TRAINING).graph();
        assertEquals(Law.operators(after), List.of("Conv", "Add"));
    }

    @DataProvider
    Object[][] products() {
        return Cross.of(
                new Boolean[] {false, true},
                new Boolean[] {false, true},
                new int[][] {{}, {1}, {3}, {1, 3}, {1, 1}});
    }

    @Test(dataProvider = "products")
    void aProductOfMatricesWithASumIsGemm(boolean swapped, boolean transposed, int[] shape) {
        Sketch s = new Sketch(8);
        String x = s.input("x", "batch", 5);
        String weight =
                transposed
                        ? s.node(new Transpose(List.of(1, 0)), s.weight("weight", 3, 5))
                        : s.weight("weight", 5, 3);
        String y = s.node(Plain.MATMUL, x, weight);
        String c = s.weight("c", shape);
        String sum = swapped ? s.node(Binary.ADD, c, y) : s.node(Binary.ADD, y, c);
        Graph after = Law.simplified(s.graph(sum), s.weights(), Mode.TRAINING).graph();
        assertEquals(after.nodes().size(), 1, after.toString());
        assertEquals(after.nodes().get(0).operator(), new Gemm(1, 1, false, transposed));
    }

    @Test
    void aProductThatSomethingElseUsesTakesNoSum() {
        Sketch s = new Sketch(9);
        String y = s.node(Plain.MATMUL, s.input("x", "batch", 5), s.weight("weight", 5, 3));
        String sum = s.node(Binary.ADD, y, s.weight("c", 3));
        Graph after = Law.simplified(s.graph(sum, y), s.weights(), Mode.TRAINING).graph();
        assertEquals(Law.operators(after), List.of("MatMul", "Add"));
    }

    @Test
    void whatIsLargerThanTheProductOrOfHigherRankIsNoPartOfIt() {
        for (int[] shape : new int[][] {{2, 3}, {1, 1, 3}}) {
            Sketch s = new Sketch(9);
            s.input("x", 1, 5);
            String y = s.node(Plain.MATMUL, "x", s.weight("weight", 5, 3));
            String sum = s.node(Binary.ADD, y, s.weight("c", shape));
            Graph after = Law.simplified(s.graph(sum), s.weights(), Mode.TRAINING).graph();
            assertEquals(Law.operators(after), List.of("MatMul", "Add"));
        }
        Sketch s = new Sketch(9);
        String y = s.node(Plain.MATMUL, s.input("x", "batch", 2, 5), s.weight("weight", 5, 3));
        String sum = s.node(Binary.ADD, y, s.weight("c", 3));
        Graph after = Law.simplified(s.graph(sum), s.weights(), Mode.TRAINING).graph();
        assertEquals(Law.operators(after), List.of("MatMul", "Add"));
    }

    @Test
    void unusedWeightsAreLeftOutAndUnusedInputsStay() {
        Sketch s = new Sketch(10);
        s.input("x", "batch", 2);
        s.input("unused", "batch", 2);
        s.node(Unary.RELU, s.weight("lost", 3));
        String y = s.node(Binary.MUL, "x", s.weight("kept", 2));
        GraphModel after = Law.simplified(s.graph(y), s.weights(), Mode.TRAINING);
        assertEquals(List.copyOf(after.weights().keySet()), List.of("kept"));
        assertEquals(after.graph().weights().size(), 1);
        assertEquals(after.graph().inputs().size(), 2);
    }
}
