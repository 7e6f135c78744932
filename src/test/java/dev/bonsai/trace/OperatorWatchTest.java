package dev.bonsai.trace;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
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
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.transformer.IdEmbedding;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.ManagerTestBase;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class OperatorWatchTest extends ManagerTestBase {

    private final List<Operator> seen = new ArrayList<>();

    @BeforeMethod
    void open() {
        seen.clear();
    }

    private NDArray watch(NDArray array) {
        return new OperatorWatch(seen::add).over(new NDList(array)).head();
    }

    private List<String> names() {
        return seen.stream().map(Operator::name).toList();
    }

    private static Block residual() {
        return new ParallelBlock(
                        lists -> new NDList(NDArrays.add(lists.get(0).head(), lists.get(1).head())))
                .add(Blocks.identityBlock())
                .add(Linear.builder().setUnits(4).build());
    }

    private static Block dense() {
        return new ParallelBlock(
                        lists ->
                                new NDList(
                                        NDArrays.concat(
                                                new NDList(
                                                        lists.get(0).head(), lists.get(1).head()),
                                                1)))
                .add(Linear.builder().setUnits(3).build())
                .add(Activation.geluBlock());
    }

    @DataProvider
    Object[][] blocks() {
        Shape flat = new Shape(3, 4);
        Shape image = new Shape(3, 2, 6, 6);
        Shape sequence = new Shape(3, 5, 4);
        Block convolution = Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).build();
        return new Object[][] {
            {flat, Linear.builder().setUnits(3).build(), "linear"},
            {flat, Activation.reluBlock(), "relu"},
            {flat, new LambdaBlock(x -> new NDList(x.head().softmax(1))), "softmax"},
            {flat, residual(), "add"},
            {flat, dense(), "concat"},
            {flat, LayerNorm.builder().build(), "layerNorm"},
            {flat, Dropout.builder().build(), "dropout"},
            {image, convolution, "convolution"},
            {image, BatchNorm.builder().build(), "batchNorm"},
            {image, Pool.maxPool2dBlock(new Shape(2, 2)), "maxPool"},
            {image, Pool.globalAvgPool2dBlock(), "globalAvgPool"},
            {image, Blocks.batchFlattenBlock(), "reshape"},
            {sequence, LSTM.builder().setStateSize(3).setNumLayers(2).build(), "lstm"},
            {sequence, GRU.builder().setStateSize(3).setNumLayers(1).build(), "gru"},
            {sequence, new TransformerEncoderBlock(4, 2, 8, 0, Activation::relu), "matMul"},
        };
    }

    @Test(dataProvider = "blocks")
    void aWatchedPassGivesTheSameBitsAndTellsItsOperators(
            Shape shape, Block block, String operator) {
        block.initialize(manager, DataType.FLOAT32, shape);
        ParameterStore store = new ParameterStore(manager, false);
        NDList inputs = new NDList(manager.randomNormal(shape));
        float[] expected = block.forward(store, inputs, false).head().toFloatArray();
        OperatorWatch watch = new OperatorWatch(seen::add);
        NDList output = block.forward(watch.over(store), watch.over(inputs), false);
        assertEquals(output.head().toFloatArray(), expected);
        assertTrue(names().contains(operator), names().toString());
    }

    @Test(dataProvider = "blocks")
    void watchingOwnsNothing(Shape shape, Block block, String operator) {
        block.initialize(manager, DataType.FLOAT32, shape);
        ParameterStore store = new ParameterStore(manager, false);
        int[] left = new int[2];
        for (int i = 0; i < 2; ++i) {
            try (NDManager pass = manager.newSubManager()) {
                NDList inputs = new NDList(pass.ones(shape));
                OperatorWatch watch = new OperatorWatch(seen::add);
                ParameterStore asked = i == 0 ? store : watch.over(store);
                block.forward(asked, i == 0 ? inputs : watch.over(inputs), false);
                left[i] = ((BaseNDManager) pass).getManagedArrays().size();
            }
        }
        assertEquals(left[1], left[0], operator);
    }

    @Test
    void anOperatorIsToldWithPlainArrays() {
        NDArray one = manager.create(new float[] {1, 2});
        NDArray two = manager.create(new float[] {3, 4});
        NDList watched = new OperatorWatch(seen::add).over(new NDList(one, two));
        NDArray sum = watched.get(0).add(watched.get(1));
        Operator add = seen.get(0);
        assertEquals(add.name(), "add");
        assertSame(add.receiver(), one);
        assertSame(add.arguments().get(0), two);
        assertEquals(((NDArray) add.result()).toFloatArray(), sum.toFloatArray());
        sum.neg();
        assertSame(seen.get(1).receiver(), add.result(), "results are watched in turn");
    }

    @Test
    void anOperatorInPlaceReturnsTheSameWatchedArray() {
        NDArray plain = manager.create(new float[] {1, 2});
        NDArray watched = watch(plain);
        assertSame(watched.addi(1), watched);
        assertSame(seen.get(0).result(), plain);
        assertEquals(plain.toFloatArray(), new float[] {2, 3});
    }

    @Test
    void whatIsNoOperatorIsNotTold() {
        NDArray watched = watch(manager.ones(new Shape(2, 3)));
        assertEquals(watched.getShape(), new Shape(2, 3));
        assertSame(watched.getManager(), manager);
        assertEquals(watched.getNDArrayInternal().getArray().size(), 6);
        watched.setName("x");
        watched.close();
        assertTrue(seen.isEmpty(), names().toString());
    }

    @Test
    void arraysAmongTheArgumentsOfAnIndexAndInListsAreUnwrapped() {
        NDArray plain = manager.create(new float[] {5, 6, 7});
        NDArray watched = watch(plain);
        NDArray positions = watched.gt(5.5f);
        assertEquals(watched.get(positions).toFloatArray(), new float[] {6, 7});
        assertEquals(watched.get("{}", positions).toFloatArray(), new float[] {6, 7});
        assertEquals(watched.get(new NDIndex("1:")).toFloatArray(), new float[] {6, 7});
        NDList parts = watched.split(3);
        assertEquals(NDArrays.stack(parts).getShape(), new Shape(3, 1));
        assertEquals(watched, plain);
        assertEquals(watched.hashCode(), plain.hashCode());
    }

    @Test
    void anErrorOfTheEngineComesThroughAsItIs() {
        NDArray watched = watch(manager.ones(new Shape(2, 3)));
        expectThrows(EngineException.class, () -> watched.matMul(watched));
    }

    @Test
    void whatFollowsAPlainReceiverIsNotSeen() {
        NDArray watched = watch(manager.create(new float[] {1, 2}));
        NDArray escaped = manager.create(2f).mul(watched);
        assertEquals(escaped.toFloatArray(), new float[] {2, 4});
        escaped.neg();
        assertTrue(seen.isEmpty(), names().toString());
    }

    @Test
    void aWholeNetIsSeenInTheOrderOfThePass() {
        Block net =
                new SequentialBlock()
                        .add(Linear.builder().setUnits(3).build())
                        .add(Activation::relu)
                        .add(Linear.builder().setUnits(2).build());
        net.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
        OperatorWatch watch = new OperatorWatch(seen::add);
        NDList input = new NDList(manager.ones(new Shape(1, 4)));
        ParameterStore store = watch.over(new ParameterStore(manager, false));
        net.forward(store, watch.over(input), false);
        assertEquals(names(), List.of("linear", "relu", "linear"));
        Object last = seen.get(2).arguments().get(1);
        assertSame(
                watch.parameterOf((NDArray) last).orElseThrow(),
                net.getParameters().get(2).getValue());
        assertTrue(watch.parameterOf(input.head()).isEmpty());
    }

    @Test
    void whatStartsFromAParameterIsSeen() {
        IdEmbedding embedding =
                new IdEmbedding.Builder().setDictionarySize(5).setEmbeddingSize(3).build();
        embedding.initialize(manager, DataType.FLOAT32, new Shape(2, 4));
        OperatorWatch watch = new OperatorWatch(seen::add);
        NDList ids = new NDList(manager.create(new long[][] {{1, 2}, {4, 0}}));
        ParameterStore store = new ParameterStore(manager, false);
        NDArray rows =
                embedding.forward(watch.over(store), watch.over(ids), false).singletonOrThrow();
        assertEquals(
                rows.toFloatArray(),
                embedding.forward(store, ids, false).singletonOrThrow().toFloatArray());
        seen.clear();
        rows.neg();
        assertEquals(names(), List.of("neg"));
    }
}
