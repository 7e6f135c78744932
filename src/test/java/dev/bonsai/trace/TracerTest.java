package dev.bonsai.trace;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.basicmodelzoo.cv.classification.GoogLeNet;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV1;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV2;
import ai.djl.basicmodelzoo.cv.classification.NiN;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.basicmodelzoo.cv.classification.SqueezeNet;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.Multiplication;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.GhostBatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.nn.transformer.BertBlock;
import ai.djl.nn.transformer.BertPretrainingBlock;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.examples.network.Network;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Whole networks become graphs that give the same outputs at any batch size and length. */
public class TracerTest extends ManagerTestBase {

    private static final long[] BATCHES = {1, 4};

    /** Types of blocks that a graph has another word for. */
    private static final Map<String, String> DJL_TYPES =
            Map.of("IdEmbedding", "Embedding", "RNN", "GRU", "GhostBatchNorm", "BatchNorm");

    /** Blocks whose parameters are no part of one of DJL's layers. */
    private static final Set<String> OWN_TYPES =
            Set.of("Own", "Multiplication", "BertBlock", "BertMaskedLanguageModelBlock");

    /** A network, a function that makes inputs of a batch, and the inputs of the graph. */
    private record Sample(
            String name,
            Supplier<Block> block,
            BiFunction<NDManager, Long, NDList> inputs,
            String graphInputs) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Sample of(String name, Supplier<Block> block, String inputs, long... shape) {
        return new Sample(
                name,
                block,
                (manager, batch) -> {
                    long[] sizes = shape.clone();
                    sizes[0] = batch;
                    return Traces.random(manager, new Shape(sizes));
                },
                inputs);
    }

    private static Block classifier(Block recurrent) {
        return new SequentialBlock()
                .add(recurrent)
                .add(new LambdaBlock(x -> new NDList(x.head().get(":, -1"))))
                .add(Linear.builder().setUnits(3).build());
    }

    private static Block branches() {
        Function<List<NDList>, NDList> join =
                lists ->
                        new NDList(
                                NDArrays.concat(
                                        new NDList(
                                                NDArrays.add(
                                                        lists.get(0).head(), lists.get(1).head()),
                                                lists.get(2).head()),
                                        1));
        return new ParallelBlock(join)
                .add(Linear.builder().setUnits(4).build())
                .add(Linear.builder().setUnits(4).optBias(false).build())
                .add(Activation.tanhBlock());
    }

    private static Block tied() {
        Linear shared = Linear.builder().setUnits(4).build();
        return new SequentialBlock()
                .add(shared)
                .add(Activation.reluBlock())
                .add(shared)
                .add(LayerNorm.builder().build());
    }

    /** A block of the user's own: arithmetic on a parameter, sizes that are read from shapes. */
    private static final class Own extends AbstractBlock {

        private final Parameter gain =
                addParameter(
                        Parameter.builder()
                                .setName("gain")
                                .setType(Parameter.Type.GAMMA)
                                .optShape(new Shape(4))
                                .build());

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> params) {
            var x = inputs.head();
            var factor = store.getValue(gain, x.getDevice(), training);
            long batch = x.getShape().get(0);
            var scaled = x.mul(factor.add(1)).sub(x.mean(new int[] {1}, true));
            var folded = scaled.reshape(batch * 2, 2).square();
            var weights = x.getManager().arange(0f, (float) batch, 1f).reshape(batch, 1).add(1);
            var joined = folded.reshape(batch, 4).mul(2);
            return new NDList(joined.add(weights));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return inputShapes;
        }
    }

    private static BertBlock.Builder bert() {
        return BertBlock.builder()
                .setTokenDictionarySize(20)
                .optEmbeddingSize(8)
                .optTransformerBlockCount(2)
                .optAttentionHeadCount(2)
                .optHiddenSize(16)
                .optMaxSequenceLength(6);
    }

    private static NDList tokens(NDManager manager, long batch, boolean masked) {
        Shape shape = new Shape(batch, 6);
        NDList inputs =
                new NDList(
                        manager.randomInteger(0, 20, shape, DataType.INT64),
                        manager.randomInteger(0, 2, shape, DataType.INT64),
                        manager.randomInteger(0, 2, shape, DataType.INT64)
                                .toType(DataType.FLOAT32, false));
        if (masked) {
            inputs.add(manager.randomInteger(0, 6, new Shape(batch, 2), DataType.INT64));
        }
        return inputs;
    }

    @DataProvider
    Object[][] samples() {
        String image = "(batch, 3, 64, 64)";
        String sequence = "(batch, length, 4)";
        String row = "(batch, 4)";
        String ids = "(batch, 6)(batch, 6)(batch, 6)";
        Sample[] samples = {
            of("LeNet-5", Network.LENET5::newBlock, "(batch, 1, 28, 28)", 0, 1, 28, 28),
            of("LeNet-300", Network.LENET300::newBlock, "(batch, 1, 28, 28)", 0, 1, 28, 28),
            of("ResNet-18", TracerTest::resNet, "(batch, 3, 32, 32)", 0, 3, 32, 32),
            of("SqueezeNet", () -> SqueezeNet.squeezenet(10), image, 0, 3, 64, 64),
            of("MobileNet", TracerTest::mobileNet, image, 0, 3, 64, 64),
            of(
                    "MobileNet 2",
                    () -> MobileNetV2.builder().setOutSize(5).build(),
                    image,
                    0,
                    3,
                    64,
                    64),
            of("GoogLeNet", () -> GoogLeNet.builder().build(), "(batch, 1, 32, 32)", 0, 1, 32, 32),
            of("NiN", () -> NiN.builder().build(), "(batch, 1, 80, 80)", 0, 1, 80, 80),
            of("LSTM", () -> classifier(lstm(2, true)), sequence, 0, 7, 4),
            of("LSTM without biases, both ways", () -> classifier(both()), sequence, 0, 7, 4),
            of("GRU", () -> classifier(gru(2)), sequence, 0, 7, 4),
            of("RNN", () -> classifier(rnn(2, true, false)), sequence, 0, 7, 4),
            of("RNN, both ways", () -> classifier(rnn(1, false, true)), sequence, 0, 7, 4),
            of("encoder", TracerTest::encoder, "(batch, length, 8)", 0, 6, 8),
            of("tied", TracerTest::tied, row, 0, 4),
            of("branches", TracerTest::branches, row, 0, 4),
            of("own", Own::new, row, 0, 4),
            of("convolution of a sequence", TracerTest::convolution, "(batch, 4, 9)", 0, 4, 9),
            of("ghost batch norm", () -> GhostBatchNorm.builder().build(), row, 0, 4),
            of(
                    "batch norm of axis 2",
                    () -> BatchNorm.builder().optAxis(2).build(),
                    sequence,
                    0,
                    7,
                    4),
            of("dropout", () -> Dropout.builder().optRate(0.3f).build(), row, 0, 4),
            of("multiplication", () -> Multiplication.builder().setUnits(1).build(), row, 0, 4),
            new Sample("BERT", () -> bert().build(), (m, batch) -> tokens(m, batch, false), ids),
            new Sample(
                    "BERT with the embedding as its last weight",
                    () -> new BertPretrainingBlock(bert()),
                    (m, batch) -> tokens(m, batch, true),
                    ids + "(batch, 2)"),
        };
        return Arrays.stream(samples).map(one -> new Object[] {one}).toArray(Object[][]::new);
    }

    private static Block resNet() {
        Shape image = new Shape(3, 32, 32);
        return ResNetV1.builder().setNumLayers(18).setImageShape(image).setOutSize(10).build();
    }

    private static Block mobileNet() {
        return MobileNetV1.builder().setOutSize(10).optWidthMultiplier(0.25f).build();
    }

    private static Block lstm(int layers, boolean biases) {
        return LSTM.builder()
                .setStateSize(5)
                .setNumLayers(layers)
                .optHasBiases(biases)
                .optDropRate(0.2f)
                .build();
    }

    private static Block both() {
        return LSTM.builder()
                .setStateSize(5)
                .setNumLayers(2)
                .optHasBiases(false)
                .optBidirectional(true)
                .build();
    }

    private static Block gru(int layers) {
        return GRU.builder().setStateSize(5).setNumLayers(layers).build();
    }

    private static Block rnn(int layers, boolean biases, boolean both) {
        return RNN.builder()
                .setStateSize(5)
                .setNumLayers(layers)
                .setActivation(RNN.Activation.TANH)
                .optHasBiases(biases)
                .optBidirectional(both)
                .build();
    }

    private static Block encoder() {
        return new TransformerEncoderBlock(8, 2, 16, 0.1f, Activation::gelu);
    }

    private static Block convolution() {
        Shape three = new Shape(3);
        return Conv1d.builder().setFilters(5).setKernelShape(three).optStride(new Shape(2)).build();
    }

    private static String shapes(Graph graph) {
        StringBuilder shapes = new StringBuilder();
        graph.inputs().forEach(input -> shapes.append(input.shape()));
        return shapes.toString();
    }

    @Test(dataProvider = "samples")
    void aNetworkIsTraced(Sample sample) {
        Block block = sample.block.get();
        NDList inputs = sample.inputs.apply(manager, 2L);
        Traces.ready(block, manager, inputs);
        Map<String, List<Number>> before = Traces.parameters(block);
        int owned = manager.getManagedArrays().size();

        GraphModel model = Tracer.trace(block, inputs);

        assertEquals(manager.getManagedArrays().size(), owned, "No array is left behind");
        assertEquals(Traces.parameters(block), before, "The block is what it was");
        assertEquals(shapes(model.graph()), sample.graphInputs);
        assertEquals(Tracer.trace(block, inputs), model, "Two traces are equal");
        checkWeights(model, before);
        checkTypes(model, block);
        for (long batch : BATCHES) {
            if (batch > 1 || !sample.name.startsWith("BERT")) { // squeezes a batch of one away
                NDList other = sample.inputs.apply(manager, batch);
                Traces.assertRuntimeAgrees(model, block, other);
            }
        }
    }

    @Test
    void parametersOfOneArrayAreOneWeight() {
        Linear one = Linear.builder().setUnits(4).optBias(false).build();
        Linear other = Linear.builder().setUnits(4).optBias(false).build();
        NDList inputs = Traces.random(manager, new Shape(2, 4));
        Traces.ready(one, manager, inputs);
        other.getDirectParameters()
                .get("weight")
                .setArray(one.getDirectParameters().get("weight").getArray());
        Block block = new SequentialBlock().add(one).add(Activation::relu).add(other);
        block.initialize(manager, DataType.FLOAT32, inputs.getShapes());
        GraphModel model = Tracer.trace(block, inputs);
        assertEquals(model.weights().keySet(), Set.of("01Linear_weight"));
        Traces.assertRuntimeAgrees(model, block, inputs);
    }

    /** Selectors by the type of a block find in the graph what they find in the blocks. */
    private static void checkTypes(GraphModel model, Block block) {
        Map<String, String> expected = new TreeMap<>();
        for (TargetWeight weight : TargetWeight.allOf(block)) {
            String type = DJL_TYPES.getOrDefault(weight.blockType(), weight.blockType());
            if (model.weights().containsKey(weight.path()) && !OWN_TYPES.contains(type)) {
                expected.put(weight.path(), type);
            }
        }
        Map<String, String> actual = new TreeMap<>();
        for (TargetWeight weight : TargetWeight.allOf(GraphBlock.of(model))) {
            actual.put(weight.path(), weight.blockType());
        }
        actual.keySet().retainAll(expected.keySet());
        assertEquals(actual, expected);
    }

    /** The weights have paths and values of the block's parameters, a tied one once. */
    private static void checkWeights(GraphModel model, Map<String, List<Number>> parameters) {
        Map<String, List<Number>> values = new LinkedHashMap<>();
        model.weights()
                .forEach(
                        (path, weight) -> {
                            List<Number> list = new ArrayList<>();
                            for (float value : weight.decode()) {
                                list.add(value);
                            }
                            values.put(path, list);
                        });
        assertTrue(parameters.entrySet().containsAll(values.entrySet()));
        assertTrue(
                values.values().containsAll(parameters.values()), "All are there, once or twice");
        assertEquals(
                model.graph().weights().stream().map(Graph.Weight::path).toList(),
                List.copyOf(values.keySet()));
    }
}
