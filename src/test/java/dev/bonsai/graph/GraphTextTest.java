package dev.bonsai.graph;

import static org.testng.Assert.assertEquals;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.operator.AutoPad;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.operator.WindowPool;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** A graph reads like a page. */
public class GraphTextTest {

    private static final Gemm LINEAR = new Gemm(1f, 1f, false, true);

    private static Graph leNet() {
        Window five = Window.of(List.of(5, 5));
        Window padded =
                new Window(
                        AutoPad.NOTSET, List.of(5, 5), List.of(), List.of(2, 2, 2, 2), List.of());
        Window two = new Window(AutoPad.NOTSET, List.of(2, 2), List.of(2, 2), List.of(), List.of());
        WindowPool pool = new WindowPool(WindowPool.Kind.AVERAGE, two, false, true);
        List<Weight> weights = new ArrayList<>();
        weight(weights, "01Conv2d", 6, 1, 5, 5);
        weight(weights, "04Conv2d", 16, 6, 5, 5);
        weight(weights, "08Linear", 120, 400);
        weight(weights, "10Linear", 84, 120);
        weight(weights, "12Linear", 10, 84);
        return new Graph(
                List.of(image()),
                weights,
                Map.of(),
                List.of(
                        layer(new Conv(padded, 1), "conv1", "image", "01Conv2d"),
                        Node.of(Unary.SIGMOID, "active1", "conv1"),
                        Node.of(pool, "pooled1", "active1"),
                        layer(new Conv(five, 1), "conv2", "pooled1", "04Conv2d"),
                        Node.of(Unary.SIGMOID, "active2", "conv2"),
                        Node.of(pool, "pooled2", "active2"),
                        Node.of(new Flatten(1), "flat", "pooled2"),
                        layer(LINEAR, "linear1", "flat", "08Linear"),
                        Node.of(Unary.SIGMOID, "active3", "linear1"),
                        layer(LINEAR, "linear2", "active3", "10Linear"),
                        Node.of(Unary.SIGMOID, "active4", "linear2"),
                        layer(LINEAR, "scores", "active4", "12Linear")),
                List.of("scores"));
    }

    private static Input image() {
        Shape shape = Shape.of(Dim.free("batch"), Dim.of(1), Dim.of(28), Dim.of(28));
        return new Input("image", ElementType.FLOAT32, shape);
    }

    private static void weight(List<Weight> weights, String path, long... shape) {
        weights.add(new Weight(path + "_weight", ElementType.FLOAT32, Shape.of(shape)));
        weights.add(new Weight(path + "_bias", ElementType.FLOAT32, Shape.of(shape[0])));
    }

    private static Node layer(Operator operator, String output, String input, String path) {
        return Node.of(operator, output, input, path + "_weight", path + "_bias");
    }

    @Test
    void leNetIsAPage() {
        assertEquals(
                leNet().toString(),
                """
                input   image            float32(batch, 1, 28, 28)
                weight  01Conv2d_weight  float32(6, 1, 5, 5)
                weight  01Conv2d_bias    float32(6)
                weight  04Conv2d_weight  float32(16, 6, 5, 5)
                weight  04Conv2d_bias    float32(16)
                weight  08Linear_weight  float32(120, 400)
                weight  08Linear_bias    float32(120)
                weight  10Linear_weight  float32(84, 120)
                weight  10Linear_bias    float32(84)
                weight  12Linear_weight  float32(10, 84)
                weight  12Linear_bias    float32(10)
                        conv1            = Conv(image, 01Conv2d_weight, 01Conv2d_bias; kernel_shape=[5, 5], pads=[2, 2, 2, 2])  float32(batch, 6, 28, 28)
                        active1          = Sigmoid(conv1)                                                                       float32(batch, 6, 28, 28)
                        pooled1          = AveragePool(active1; count_include_pad=1, kernel_shape=[2, 2], strides=[2, 2])       float32(batch, 6, 14, 14)
                        conv2            = Conv(pooled1, 04Conv2d_weight, 04Conv2d_bias; kernel_shape=[5, 5])                   float32(batch, 16, 10, 10)
                        active2          = Sigmoid(conv2)                                                                       float32(batch, 16, 10, 10)
                        pooled2          = AveragePool(active2; count_include_pad=1, kernel_shape=[2, 2], strides=[2, 2])       float32(batch, 16, 5, 5)
                        flat             = Flatten(pooled2)                                                                     float32(batch, 400)
                        linear1          = Gemm(flat, 08Linear_weight, 08Linear_bias; transB=1)                                 float32(batch, 120)
                        active3          = Sigmoid(linear1)                                                                     float32(batch, 120)
                        linear2          = Gemm(active3, 10Linear_weight, 10Linear_bias; transB=1)                              float32(batch, 84)
                        active4          = Sigmoid(linear2)                                                                     float32(batch, 84)
                        scores           = Gemm(active4, 12Linear_weight, 12Linear_bias; transB=1)                              float32(batch, 10)
                output  scores""");
    }

    @Test
    void shortConstantsStandWhereTheyAreUsed() {
        Map<String, EncodedWeight> constants =
                Map.of(
                        "six", Constants.scalar(6),
                        "target", Constants.integers(0, -1));
        Graph graph =
                new Graph(
                        List.of(image()),
                        List.of(),
                        constants,
                        List.of(
                                Node.of(Plain.CLIP, "clipped", "image", "", "six"),
                                Node.of(new Reshape(false), "flat", "clipped", "target")),
                        List.of("flat", "six"));
        assertEquals(
                graph.toString(),
                """
                input     image    float32(batch, 1, 28, 28)
                constant  six      float32() = 6.0
                          clipped  = Clip(image, -, six)        float32(batch, 1, 28, 28)
                          flat     = Reshape(clipped, [0, -1])  float32(batch, 784)
                output    flat, six""");
    }
}
