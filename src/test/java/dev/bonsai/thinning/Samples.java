package dev.bonsai.thinning;

import ai.djl.basicmodelzoo.cv.classification.MobileNetV1;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.examples.network.Network;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.onnx.OnnxImporter;
import dev.bonsai.runtime.Tensor;
import dev.bonsai.trace.Tracer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Networks with seeded weights, and inputs for them. */
enum Samples {
    LENET(Network.LENET5::newBlock, 1, 28, 28),
    RESNET(Samples::resNet, 3, 32, 32),
    MOBILENET(
            () -> MobileNetV1.builder().setOutSize(10).optWidthMultiplier(0.25f).build(),
            3,
            64,
            64),
    DENSENET(Samples::denseNet, 3, 12, 12),
    ENCODER(() -> new TransformerEncoderBlock(16, 8, 24, 0.1f, Activation::gelu), 6, 16),
    LSTM_CLASSIFIER(
            () ->
                    classifier(
                            LSTM.builder()
                                    .setStateSize(9)
                                    .setNumLayers(2)
                                    .optDropRate(0.2f)
                                    .build()),
            7,
            4),
    GRU_CLASSIFIER(() -> classifier(GRU.builder().setStateSize(9).setNumLayers(1).build()), 7, 4),
    TWO_WAYS(
            () ->
                    classifier(
                            LSTM.builder()
                                    .setStateSize(8)
                                    .setNumLayers(2)
                                    .optHasBiases(false)
                                    .optBidirectional(true)
                                    .build()),
            7,
            4),
    RNN_CLASSIFIER(
            () ->
                    classifier(
                            RNN.builder()
                                    .setStateSize(9)
                                    .setNumLayers(1)
                                    .setActivation(RNN.Activation.TANH)
                                    .build()),
            7,
            4),
    DIRECTION(null, 3, 48, 192);

    private final Supplier<Block> block;
    private final int[] sizes;
    private GraphModel model;

    Samples(Supplier<Block> block, int... sizes) {
        this.block = block;
        this.sizes = sizes;
    }

    synchronized GraphModel model() {
        if (model == null) {
            model = block == null ? imported() : traced();
        }
        return model;
    }

    private static GraphModel imported() {
        String file = "/models/ch_ppocr_mobile_v2.0_cls_infer.onnx";
        try (var in = Samples.class.getResourceAsStream(file)) {
            return OnnxImporter.read(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private GraphModel traced() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Shape shape = new Shape(shape(2)[0]).addAll(new Shape(tail()));
            NDList inputs = new NDList(manager.randomUniform(-1, 1, shape));
            Block made = block.get();
            made.initialize(manager, DataType.FLOAT32, inputs.getShapes());
            return seeded(Tracer.trace(made, inputs), 17 + List.of(values()).indexOf(this));
        }
    }

    private long[] tail() {
        return Arrays.stream(sizes).asLongStream().toArray();
    }

    private int[] shape(int batch) {
        int[] shape = new int[sizes.length + 1];
        shape[0] = batch;
        System.arraycopy(sizes, 0, shape, 1, sizes.length);
        return shape;
    }

    /** The shape of {@link #input}. */
    List<dev.bonsai.graph.type.Shape> inputShapes() {
        return List.of(dev.bonsai.graph.type.Shape.of(shape(batch())));
    }

    private int batch() {
        return sizes.length == 3 ? 1 : 2; // images take their time
    }

    Tensor input() {
        int[] shape = shape(batch());
        Random random = new Random(5);
        float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; ++i) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return Tensor.of(values, shape);
    }

    /** Weights of a size that keeps values neither small nor large; variances are positive. */
    static GraphModel seeded(GraphModel model, long seed) {
        Random random = new Random(seed);
        Map<String, EncodedWeight> weights = new LinkedHashMap<>();
        for (Graph.Weight weight : model.graph().weights()) {
            int[] shape = weight.shape().sizes();
            float[] values = new float[(int) weight.shape().elements().size()];
            boolean positive = weight.path().endsWith("Var") || weight.path().endsWith("gamma");
            double scale = shape.length < 2 ? 0.3 : Math.sqrt(2.0 * shape[0] / values.length);
            for (int i = 0; i < values.length; ++i) {
                values[i] =
                        positive
                                ? 0.5f + random.nextFloat()
                                : (float) (random.nextGaussian() * scale);
            }
            weights.put(weight.path(), new DenseWeight(shape, values));
        }
        return new GraphModel(model.graph(), weights);
    }

    private static Block resNet() {
        Shape image = new Shape(3, 32, 32);
        return ResNetV1.builder().setNumLayers(18).setImageShape(image).setOutSize(10).build();
    }

    private static Block classifier(Block recurrent) {
        return new SequentialBlock()
                .add(recurrent)
                .add(new LambdaBlock(x -> new NDList(x.head().get(":, -1"))))
                .add(Linear.builder().setUnits(3).build());
    }

    private static Block conv(int filters) {
        return new SequentialBlock()
                .add(BatchNorm.builder().build())
                .add(Activation::relu)
                .add(
                        Conv2d.builder()
                                .setKernelShape(new Shape(3, 3))
                                .optPadding(new Shape(1, 1))
                                .setFilters(filters)
                                .build());
    }

    private static Block joined(Block block) {
        return new ParallelBlock(
                        lists ->
                                new NDList(
                                        NDArrays.concat(
                                                new NDList(
                                                        lists.get(0).head(), lists.get(1).head()),
                                                1)))
                .add(Blocks.identityBlock())
                .add(block);
    }

    private static Block denseNet() {
        return new SequentialBlock()
                .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(8).build())
                .add(joined(conv(6)))
                .add(joined(conv(6)))
                .add(conv(9))
                .add(Pool.avgPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(joined(conv(7)))
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(5).build());
    }
}
