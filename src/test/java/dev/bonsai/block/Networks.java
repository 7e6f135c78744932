package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.util.Pair;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.AutoPad;
import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.operator.WindowPool;
import dev.bonsai.graph.type.Dim;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network as DJL's blocks and as a graph, with the same weights. */
final class Networks {

    static final int SIZE = 8;
    static final int CLASSES = 3;

    private Networks() {}

    /** Convolution, batch norm, ReLU, max pooling, and two linear layers. */
    static SequentialBlock convolutional() {
        return new SequentialBlock()
                .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).build())
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(6).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(CLASSES).build());
    }

    /** The graph of {@link #convolutional} for initialised weights. */
    static Graph convolutionalGraph(Block block) {
        Dim batch = Dim.free("batch");
        return new Graph(
                List.of(
                        new Input(
                                "x",
                                ElementType.FLOAT32,
                                dev.bonsai.graph.type.Shape.of(
                                        batch, Dim.of(1), Dim.of(SIZE), Dim.of(SIZE)))),
                weights(block),
                Map.of(),
                List.of(
                        Node.of(
                                new Conv(Window.of(List.of(3, 3)), 1),
                                "conv",
                                "x",
                                "01Conv2d_weight",
                                "01Conv2d_bias"),
                        Node.of(
                                new BatchNormalization(1e-5f, 0.9f),
                                "norm",
                                "conv",
                                "02BatchNorm_gamma",
                                "02BatchNorm_beta",
                                "02BatchNorm_runningMean",
                                "02BatchNorm_runningVar"),
                        Node.of(Unary.RELU, "relu", "norm"),
                        Node.of(
                                new WindowPool(
                                        WindowPool.Kind.MAX,
                                        new Window(
                                                AutoPad.NOTSET,
                                                List.of(2, 2),
                                                List.of(2, 2),
                                                List.of(),
                                                List.of()),
                                        false,
                                        false),
                                "pool",
                                "relu"),
                        Node.of(new Flatten(1), "flat", "pool"),
                        Node.of(
                                new Gemm(1, 1, false, true),
                                "hidden",
                                "flat",
                                "06Linear_weight",
                                "06Linear_bias"),
                        Node.of(Unary.RELU, "active", "hidden"),
                        Node.of(
                                new Gemm(1, 1, false, true),
                                "y",
                                "active",
                                "08Linear_weight",
                                "08Linear_bias")),
                List.of("y"));
    }

    static List<Weight> weights(Block block) {
        return block.getParameters().stream()
                .map(
                        pair ->
                                new Weight(
                                        pair.getKey(),
                                        ElementType.FLOAT32,
                                        dev.bonsai.graph.type.Shape.of(
                                                pair.getValue().getArray().getShape().getShape())))
                .toList();
    }

    static Map<String, EncodedWeight> values(Block block) {
        Map<String, EncodedWeight> values = new LinkedHashMap<>();
        for (Pair<String, Parameter> pair : block.getParameters()) {
            NDArray array = pair.getValue().getArray();
            values.put(
                    pair.getKey(),
                    new DenseWeight(Tensors.dimensions(array.getShape()), array.toFloatArray()));
        }
        return values;
    }

    /** Returns a block of the graph with the weights of an initialised block. */
    static GraphBlock graphBlock(Block block, NDManager manager) {
        GraphBlock made = GraphBlock.of(new GraphModel(convolutionalGraph(block), values(block)));
        made.initialize(manager);
        return made;
    }

    static SequentialBlock initialised(NDManager manager) {
        SequentialBlock block = convolutional();
        block.initialize(manager, DataType.FLOAT32, new Shape(2, 1, SIZE, SIZE));
        return block;
    }

    static NDList images(NDManager manager, int count) {
        return new NDList(
                manager.randomUniform(-1, 1, new Shape(count, 1, SIZE, SIZE), DataType.FLOAT32));
    }
}
