package dev.bonsai.rewrite;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.onnx.OnnxImporter;
import dev.bonsai.onnx.OnnxImporter.Form;
import dev.bonsai.rewrite.Simplifier.Mode;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Models that nobody here wrote: how far they come down, and that they compute the same. */
public class RealModelsTest {

    /** Sums of thousands of products in another order, through dozens of layers. */
    private static final double TOLERANCE = 1e-4;

    @DataProvider
    Object[][] models() {
        return new Object[][] {
            {
                "/all-minilm-l6-v2.onnx",
                "LayerNormalization=13, Gelu=6, Reshape=25, Shape=1",
                195,
                new int[] {2, 5}
            },
            {
                "/models/ch_ppocr_mobile_v2.0_cls_infer.onnx",
                "Conv=53, HardSwish=18, HardSigmoid=9, Gemm=1, Reshape=1",
                125,
                new int[] {1, 3, 48, 64}
            },
            {
                "/models/ch_PP-OCRv3_det_infer.onnx",
                "Conv=72, BatchNormalization=1, HardSwish=20",
                170,
                new int[] {1, 3, 64, 96}
            },
            {
                "/models/ch_PP-OCRv3_rec_infer.onnx",
                "Conv=36, LayerNormalization=5, HardSwish=27",
                160,
                new int[] {1, 3, 48, 64}
            },
        };
    }

    @Test(dataProvider = "models")
    void aRealModelComesDownAndComputesTheSame(String name, String some, int nodes, int[] shape)
            throws IOException {
        GraphModel model = read(name);
        GraphModel after = Simplifier.simplify(model, Mode.INFERENCE);
        Map<String, Integer> counts = Law.counts(after.graph());
        for (String count : some.split(", ", -1)) {
            assertTrue(counts.toString().contains(count), count + " in " + counts);
        }
        assertTrue(after.graph().nodes().size() <= nodes, counts.toString());
        List<Tensor> inputs = inputs(model.graph(), shape);
        Tensor expected = run(new GraphModel(model.graph(), model.weights()), inputs);
        Tensor actual = run(after, inputs);
        assertEquals(actual.shape(), expected.shape());
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.size(); ++i) {
            largest = Math.max(largest, Math.abs(expected.floats()[i]));
            difference = Math.max(difference, Math.abs(expected.floats()[i] - actual.floats()[i]));
        }
        assertTrue(difference <= TOLERANCE * largest, difference + " of " + largest);
    }

    private static GraphModel read(String name) throws IOException {
        try (InputStream stream = RealModelsTest.class.getResourceAsStream(name)) {
            return OnnxImporter.read(stream.readAllBytes(), Form.LITERAL);
        }
    }

    private static Tensor run(GraphModel model, List<Tensor> inputs) {
        return PlainModel.of(model).run(inputs.toArray(new Tensor[0])).get(0);
    }

    private static List<Tensor> inputs(Graph graph, int[] shape) {
        Random random = new Random(3);
        int count = 1;
        for (int size : shape) {
            count *= size;
        }
        List<Tensor> inputs = new ArrayList<>();
        for (Graph.Input input : graph.inputs()) {
            float[] values = new float[count];
            for (int i = 0; i < count; ++i) {
                values[i] = random.nextFloat() * 2 - 1;
            }
            inputs.add(
                    input.type() == ElementType.FLOAT32
                            ? Tensor.of(values, shape)
                            : Tensor.of(input.type(), random.longs(count, 0, 2).toArray(), shape));
        }
        return inputs;
    }
}
