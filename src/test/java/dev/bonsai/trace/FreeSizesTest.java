package dev.bonsai.trace;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Reshape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Numbers and arrays that a block makes of the sizes of its inputs follow any other sizes. */
public class FreeSizesTest extends ManagerTestBase {

    private static final int FEATURES = 4;

    private static Map<String, UnaryOperator<NDArray>> free() {
        Map<String, UnaryOperator<NDArray>> cases = new LinkedHashMap<>();
        cases.put("positions", x -> x.add(floats(x, x.size(1)).reshape(1, x.size(1), 1)));
        cases.put("spaced positions", x -> x.add(floats(x, x.size(1)).mul(3).add(2).expandDims(1)));
        cases.put("ones", x -> x.add(ones(x, x.size(0), x.size(1), 1)));
        cases.put("a table, repeated", x -> x.add(table(x).tile(new long[] {x.size(1), 1})));
        cases.put("divided by the length", x -> x.div(x.size(1)));
        cases.put("times the batch", x -> x.mul((float) x.size(0)));
        cases.put("times 1 / length", x -> x.mul(1f / x.size(1)));
        cases.put("all but the first", x -> x.get(":, 1:"));
        cases.put("all but the last", x -> x.get(":, 0:{}", x.size(1) - 1));
        cases.put("the last by its number", x -> x.get(":, {}", x.size(1) - 1));
        cases.put("folded", x -> x.reshape(x.size(0) * x.size(1), 2, 2).sum(new int[] {1}));
        cases.put("unfolded", x -> x.reshape(-1, 4).mul(2).reshape(x.size(0), x.size(1), 4));
        cases.put("heads", x -> x.reshape(x.size(0), x.size(1), 2, 2).transpose(0, 2, 1, 3));
        cases.put("turned", x -> x.transpose(1, 0, 2).reshape(x.size(1), x.size(0) * 4));
        cases.put("both in one", x -> x.transpose(2, 0, 1).reshape(2, 2, x.size(0), x.size(1)));
        cases.put("zeros in front", x -> zeros(x).concat(x, 1));
        cases.put("scores", x -> x.matMul(x.transpose(0, 2, 1)).softmax(-1).matMul(x));
        cases.put("broadcast", x -> x.mean(new int[] {1}, true).broadcast(x.getShape()));
        cases.put("split along the batch", x -> x.split(new long[] {1}, 0).get(1));
        cases.put("noise-free mask", x -> x.mul(x.onesLike().mul(2).sub(x.zerosLike())));
        return cases;
    }

    private static NDArray floats(NDArray x, long count) {
        return x.getManager().arange(0f, (float) count, 1f);
    }

    private static NDArray ones(NDArray x, long... shape) {
        return x.getManager().ones(new Shape(shape));
    }

    private static NDArray table(NDArray x) {
        return x.getManager().create(new float[] {1, 2, -3, 4}, new Shape(1, FEATURES));
    }

    /** Zeros of a shape that is read from the input, by an operator that is seen. */
    private static NDArray zeros(NDArray x) {
        return x.get(":, 0:1").zerosLike();
    }

    @DataProvider
    Object[][] cases() {
        return free().entrySet().stream()
                .map(one -> new Object[] {one.getKey(), one.getValue()})
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "cases")
    void batchAndLengthAreFree(String name, UnaryOperator<NDArray> function) {
        LambdaBlock block = new LambdaBlock(x -> new NDList(function.apply(x.head())));
        NDList inputs = Traces.random(manager, new Shape(2, 6, FEATURES));
        block.initialize(manager, DataType.FLOAT32, inputs.getShapes());
        GraphModel model = Tracer.trace(block, inputs);
        assertEquals(model.graph().inputs().get(0).shape().toString(), "(batch, length, 4)", name);
        for (long batch : new long[] {2, 9}) {
            for (long length : new long[] {2, 11}) {
                NDList other = Traces.random(manager, new Shape(batch, length, FEATURES));
                Traces.assertRuntimeAgrees(model, block, other);
            }
        }
    }

    @DataProvider
    Object[][] lengths() {
        return new Object[][] {{2}, {4}, {5}, {9}};
    }

    /** A table of positions of the block's own is as long as it is. */
    @Test(dataProvider = "lengths")
    void aLengthThatABlockNeedsStaysFixed(int length) {
        NDArray positions = manager.randomNormal(new Shape(length, FEATURES));
        LambdaBlock block = new LambdaBlock(x -> new NDList(x.head().add(positions)));
        NDList inputs = Traces.random(manager, new Shape(1, length, FEATURES));
        block.initialize(manager, DataType.FLOAT32, inputs.getShapes());
        GraphModel model = Tracer.trace(block, inputs);
        assertEquals(
                model.graph().inputs().get(0).shape().toString(), "(batch, " + length + ", 4)");
        assertEquals(model.graph().constants().size(), 1);
    }

    /** Adds the first rows of a parameter, as many as the input is long. */
    private static final class Positions extends AbstractBlock {

        private final Parameter table =
                addParameter(
                        Parameter.builder()
                                .setName("table")
                                .setType(Parameter.Type.WEIGHT)
                                .optShape(new Shape(16, FEATURES))
                                .build());

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> params) {
            NDArray x = inputs.head();
            NDArray all = store.getValue(table, x.getDevice(), training);
            return new NDList(x.add(all.get("0:{}", x.size(1))));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return inputShapes;
        }
    }

    @Test
    void aTableThatIsAParameterIsCutToTheLength() {
        NDList inputs = Traces.random(manager, new Shape(2, 6, FEATURES));
        Block block = Traces.ready(new Positions(), manager, inputs);
        GraphModel model = Tracer.trace(block, inputs);
        Traces.assertRuntimeAgrees(
                model, block, Traces.random(manager, new Shape(3, 16, FEATURES)));
    }

    @Test
    void aLargeConstantIsAWeightOfItsOwn() {
        NDArray large = manager.randomNormal(new Shape(50, FEATURES * 10));
        LambdaBlock block = new LambdaBlock(x -> new NDList(x.head().matMul(large.transpose())));
        NDList inputs = Traces.random(manager, new Shape(2, FEATURES * 10));
        block.initialize(manager, DataType.FLOAT32, inputs.getShapes());
        GraphModel model = Tracer.trace(block, inputs);
        assertEquals(model.graph().constants(), Map.of());
        assertEquals(model.weights().size(), 1);
        assertEquals(model.weights().values().iterator().next().size(), large.size());
        Traces.assertRuntimeAgrees(model, block, inputs);
    }

    @Test
    void axesOfOnesChoiceAreFree() {
        Block block =
                new SequentialBlock()
                        .add(
                                Conv2d.builder()
                                        .setKernelShape(new Shape(3, 3))
                                        .setFilters(4)
                                        .optStride(new Shape(2, 2))
                                        .build())
                        .add(Activation.reluBlock())
                        .add(Pool.globalAvgPool2dBlock())
                        .add(Linear.builder().setUnits(3).build());
        NDList inputs = Traces.random(manager, new Shape(1, 2, 16, 20));
        Traces.ready(block, manager, inputs);
        List<FreeAxis> free =
                List.of(
                        new FreeAxis(0, 0, "images"),
                        new FreeAxis(0, 2, "height"),
                        new FreeAxis(0, 3, "width"));
        GraphModel model = Tracer.trace(block, inputs, free);
        assertEquals(
                model.graph().inputs().get(0).shape().toString(), "(images, 2, height, width)");
        Traces.assertRuntimeAgrees(model, block, Traces.random(manager, new Shape(3, 2, 25, 9)));
        Graph fixed = Tracer.trace(block, inputs, List.of()).graph();
        assertTrue(fixed.inputs().get(0).shape().isFixed());
    }

    @Test
    void anImageThatIsMadeLargerKeepsItsFreeBatch() {
        LambdaBlock block =
                new LambdaBlock(
                        inputs ->
                                new NDList(
                                        inputs.head()
                                                .getNDArrayInternal()
                                                .interpolation(new long[] {9, 11}, 1, false)));
        NDList inputs = Traces.random(manager, new Shape(2, 3, 5, 8));
        block.initialize(manager, DataType.FLOAT32, inputs.getShapes());
        Graph graph = Tracer.trace(block, inputs).graph();
        assertEquals(
                graph.values().get(graph.outputs().get(0)).toString(), "float32(batch, 3, 9, 11)");
    }

    @Test
    void aValueThatIsAnOutputTwiceHasTwoNames() {
        LambdaBlock block =
                new LambdaBlock(
                        inputs -> {
                            NDArray sum = inputs.head().add(1);
                            return new NDList(sum, sum, inputs.head());
                        });
        NDList inputs = Traces.random(manager, new Shape(2, FEATURES));
        block.initialize(manager, DataType.FLOAT32, inputs.getShapes());
        GraphModel model = Tracer.trace(block, inputs);
        assertEquals(model.graph().outputs(), List.of("output1", "output2", "data0"));
        assertEquals(model.graph().nodes().size(), 2);
        Traces.assertRuntimeAgrees(model, block, inputs);
    }

    @Test
    void severalInputsAndOutputsShareTheirBatch() {
        LambdaBlock block =
                new LambdaBlock(
                        x ->
                                new NDList(
                                        x.get(0).mul(x.get(1)),
                                        NDArrays.add(x.get(0), x.get(2)),
                                        x.get(1)));
        NDList inputs = Traces.random(manager, new Shape(4, 3), new Shape(4, 1), new Shape(1, 3));
        block.initialize(manager, DataType.FLOAT32, inputs.getShapes());
        Graph graph = Tracer.trace(block, inputs).graph();
        assertEquals(
                graph.inputs().stream().map(input -> input.shape().toString()).toList(),
                List.of("(batch, 3)", "(batch, 1)", "(1, 3)"));
        assertEquals(graph.outputs().get(2), graph.inputs().get(1).name());
    }

    @Test
    void aBatchFlattenIsOneFlatten() {
        LambdaBlock block =
                new LambdaBlock(x -> new NDList(x.head().reshape(x.head().size(0), -1)));
        NDList inputs = Traces.random(manager, new Shape(2, 3, 4, 5));
        block.initialize(manager, DataType.FLOAT32, inputs.getShapes());
        Graph graph = Tracer.trace(block, inputs).graph();
        assertEquals(graph.nodes().size(), 1);
        assertEquals(graph.nodes().get(0).operator(), new Flatten(1));
        assertTrue(graph.nodes().stream().noneMatch(n -> n.operator() instanceof Reshape));
    }
}
