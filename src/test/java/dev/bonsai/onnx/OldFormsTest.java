package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Law: a form of any operator set means what ONNX Runtime takes it to mean. */
public class OldFormsTest {

    /** ONNX Runtime and plain Java add floats in other orders. */
    private static final double TOLERANCE = 1e-5;

    private static final List<String> X = List.of("x");
    private static final List<String> Y = List.of("y");

    @DataProvider
    Object[][] forms() {
        return new Object[][] {
            {7, "Clip", new Object[] {"min", -0.5f, "max", 0.25f}},
            {10, "Clip", new Object[] {"max", 0.25f}},
            {
                9,
                "Slice",
                new Object[] {
                    "axes",
                    new int[] {1, 2},
                    "starts",
                    new int[] {1, -2},
                    "ends",
                    new int[] {100, -1}
                }
            },
            {7, "Slice", new Object[] {"starts", new int[] {0}, "ends", new int[] {1}}},
            {7, "Unsqueeze", new Object[] {"axes", new int[] {0, 3}}},
            {12, "Unsqueeze", new Object[] {"axes", new int[] {-1}}},
            {10, "Pad", new Object[] {"pads", new int[] {0, 1, 2, 0, 0, 1}, "value", 1.5f}},
            {10, "Pad", new Object[] {"mode", "reflect", "pads", new int[] {0, 1, 1, 0, 0, 1}}},
            {8, "Softmax", new Object[] {}},
            {12, "Softmax", new Object[] {"axis", 0}},
            {12, "Softmax", new Object[] {"axis", 2}},
            {12, "Softmax", new Object[] {"axis", -2}},
            {11, "LogSoftmax", new Object[] {"axis", 1}},
            {12, "ReduceSum", new Object[] {"axes", new int[] {1}, "keepdims", 0}},
            {12, "ReduceMean", new Object[] {"axes", new int[] {0, -1}}},
            {11, "ReduceMax", new Object[] {}},
            {9, "Dropout", new Object[] {"ratio", 0.3f}},
            {11, "Dropout", new Object[] {}},
            {9, "Flatten", new Object[] {"axis", 2}},
            {7, "Upsample", new Object[] {"scales", new float[] {1, 1, 2}}},
            {10, "ReduceL2", new Object[] {"axes", new int[] {1}}},
        };
    }

    @Test(dataProvider = "forms")
    public void meansWhatOnnxRuntimeTakesItToMean(int version, String operator, Object[] attributes)
            throws Exception {
        check(
                OnnxModels.of(version)
                        .input("x", OnnxModels.FLOAT, "n", 3, 4)
                        .node(operator, X, Y, attributes)
                        .output("y"));
    }

    @Test
    public void aSqueezeWithAttributes() throws Exception {
        check(
                OnnxModels.of(11)
                        .input("x", OnnxModels.FLOAT, "n", 3, 4)
                        .node("Unsqueeze", X, List.of("u"), "axes", new int[] {1})
                        .node("Squeeze", List.of("u"), Y, "axes", new int[] {1})
                        .output("y"));
    }

    /** From the very operator set on in which they moved. */
    @Test
    public void axesAndBoundsThatAreOperands() throws Exception {
        check(
                OnnxModels.of(13)
                        .input("x", OnnxModels.FLOAT, "n", 3, 4)
                        .weight("both", Constants.integers(1, 2))
                        .weight("first", Constants.integers(1))
                        .node("Unsqueeze", List.of("x", "both"), List.of("u"))
                        .node("Squeeze", List.of("u", "first"), Y)
                        .output("y"));
        check(
                OnnxModels.of(11)
                        .input("x", OnnxModels.FLOAT, "n", 3, 4)
                        .weight("low", Constants.scalar(-0.25f))
                        .weight("high", Constants.scalar(0.5f))
                        .node("Clip", List.of("x", "low", "high"), Y)
                        .output("y"));
    }

    @Test
    public void aSplitWithAttributes() throws Exception {
        check(
                OnnxModels.of(11)
                        .input("x", OnnxModels.FLOAT, "n", 3, 4)
                        .node("Split", X, List.of("a", "b"), "axis", 2, "split", new int[] {1, 3})
                        .output("b", "a"));
    }

    @Test
    public void anUpsampleWithScales() throws Exception {
        for (String mode : List.of("nearest", "linear")) {
            check(
                    OnnxModels.of(9)
                            .input("x", OnnxModels.FLOAT, "n", 3, 4)
                            .weight("scales", floats(1, 2, 1.5f))
                            .node("Upsample", List.of("x", "scales"), Y, "mode", mode)
                            .output("y"));
        }
    }

    @Test
    public void aResizeWithoutCoordinates() throws Exception {
        check(
                OnnxModels.of(10)
                        .input("x", OnnxModels.FLOAT, "n", 3, 4)
                        .weight("scales", floats(1, 2, 0.5f))
                        .node("Resize", List.of("x", "scales"), Y, "mode", "nearest")
                        .output("y"));
    }

    @Test
    public void aBatchNormalizationWithTheStatisticsOfTraining() throws Exception {
        OnnxModels model = OnnxModels.of(9).input("x", OnnxModels.FLOAT, "n", 3, 4);
        for (String name : List.of("scale", "shift", "mean", "variance")) {
            model.weight(name, floats(0.5f, 1, 2));
        }
        check(
                model.node(
                                "BatchNormalization",
                                List.of("x", "scale", "shift", "mean", "variance"),
                                Y,
                                "epsilon",
                                0.01f)
                        .output("y"));
    }

    private static EncodedWeight floats(float... values) {
        return Constants.floats(values);
    }

    private static void check(OnnxModels model) throws Exception {
        byte[] bytes = model.bytes();
        for (OnnxImporter.Form form : OnnxImporter.Form.values()) {
            GraphModel imported = OnnxImporter.read(bytes, form);
            EncodedWeight x = OnnxModels.floats(5, 2, 3, 4);
            List<EncodedWeight> expected;
            try (OrtSession session = new OrtSession(bytes)) {
                expected = session.run(Map.of("x", x));
            }
            List<Tensor> given = PlainModel.of(imported).run(Tensor.of(x));
            for (int i = 0; i < expected.size(); ++i) {
                EncodedWeight own = given.get(i).encode();
                assertEquals(
                        Arrays.toString(own.shape()), Arrays.toString(expected.get(i).shape()));
                float[] left = own.decode();
                float[] right = expected.get(i).decode();
                for (int j = 0; j < left.length; ++j) {
                    assertTrue(
                            Math.abs(left[j] - right[j]) <= TOLERANCE,
                            form + ": " + left[j] + " instead of " + right[j] + " at " + j);
                }
            }
        }
    }
}
