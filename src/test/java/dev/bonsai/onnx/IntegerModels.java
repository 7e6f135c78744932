package dev.bonsai.onnx;

import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.ScaleLayout;
import dev.bonsai.examples.network.Network;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.runtime.Tensor;
import dev.bonsai.trace.Tracer;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Models and inputs whose integers are known, from seeds. */
final class IntegerModels {

    private IntegerModels() {}

    static GraphModel traced(Block block, long... sizes) {
        try (NDManager manager = NDManager.newBaseManager()) {
            manager.getEngine().setRandomSeed(7);
            Shape shape = new Shape(sizes);
            block.initialize(manager, DataType.FLOAT32, shape);
            return Tracer.trace(block, new NDList(manager.randomNormal(shape)));
        }
    }

    static Tensor normal(long seed, int... shape) {
        return Tensor.of(OnnxModels.floats(seed, shape));
    }

    static GraphModel lenet() {
        return traced(Network.LENET5.newBlock(), 3, 1, 28, 28);
    }

    /** A convolution behind another, both with batch normalisation. */
    static GraphModel residual() {
        return traced(
                ResNetV1.builder()
                        .setImageShape(new Shape(3, 16, 16))
                        .setNumLayers(8)
                        .setOutSize(10)
                        .build(),
                3,
                3,
                16,
                16);
    }

    static GraphModel gemm(EncodedWeight weight, EncodedWeight bias) {
        int[] shape = weight.shape();
        return new GraphModel(
                new Graph(
                        List.of(
                                new Input(
                                        "x",
                                        ElementType.FLOAT32,
                                        dev.bonsai.graph.type.Shape.of(
                                                Dim.free("batch"), Dim.of(shape[1])))),
                        List.of(
                                new Weight(
                                        "weight",
                                        ElementType.FLOAT32,
                                        dev.bonsai.graph.type.Shape.of(weight.shape())),
                                new Weight(
                                        "bias",
                                        ElementType.FLOAT32,
                                        dev.bonsai.graph.type.Shape.of(bias.shape()))),
                        Map.of(),
                        List.of(Node.of(new Gemm(1, 1, false, true), "y", "x", "weight", "bias")),
                        List.of("y")),
                Map.of("weight", weight, "bias", bias));
    }

    /** A weight of powers of two as scales, so that all is exact. */
    static GridWeight grid(long seed, int bits, int... shape) {
        Random random = new Random(seed);
        int size = 1;
        for (int dim : shape) {
            size *= dim;
        }
        int highest = -1 - GridWeight.lowestCode(bits);
        int[] codes = random.ints(size, -highest, highest + 1).toArray();
        float[] scales = new float[shape[0]];
        for (int i = 0; i < scales.length; ++i) {
            scales[i] = 1f / (1 << (2 + i % 3));
        }
        return new GridWeight(
                shape,
                bits,
                new ScaleLayout(shape[0], size / shape[0], size / shape[0]),
                codes,
                scales,
                new int[shape[0]]);
    }

    /** Multiples of 1/16 from -6 to 255/16 - 6, both ends among them. */
    static Tensor onGrid(long seed, int... shape) {
        Tensor values = normal(seed, shape);
        float[] numbers = values.floats();
        for (int i = 0; i < numbers.length; ++i) {
            numbers[i] = Math.round(Math.min(100, Math.abs(numbers[i] * 40))) / 16f - 6;
        }
        numbers[0] = -6;
        numbers[1] = 255f / 16 - 6;
        return Tensor.of(numbers, shape);
    }

    static GraphModel convolution(EncodedWeight weight, boolean relu) {
        Conv conv = new Conv(Window.of(List.of()), 1);
        List<Node> nodes =
                relu
                        ? List.of(
                                Node.of(conv, "product", "x", "weight"),
                                Node.of(Unary.RELU, "y", "product"))
                        : List.of(Node.of(conv, "y", "x", "weight"));
        return new GraphModel(
                new Graph(
                        List.of(
                                new Input(
                                        "x",
                                        ElementType.FLOAT32,
                                        dev.bonsai.graph.type.Shape.of(
                                                Dim.free("batch"),
                                                Dim.of(weight.shape()[1]),
                                                Dim.of(9),
                                                Dim.of(9)))),
                        List.of(
                                new Weight(
                                        "weight",
                                        ElementType.FLOAT32,
                                        dev.bonsai.graph.type.Shape.of(weight.shape()))),
                        Map.of(),
                        nodes,
                        List.of("y")),
                Map.of("weight", weight));
    }
}
