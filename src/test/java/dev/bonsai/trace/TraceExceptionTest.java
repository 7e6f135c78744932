package dev.bonsai.trace;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.SymbolBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.SparseMax;
import ai.djl.nn.recurrent.RNN;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.graph.GraphModel;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What can't be traced is an error that says what, where, and what to do. */
public class TraceExceptionTest extends ManagerTestBase {

    private static final Shape SHAPE = new Shape(2, 3, 4);

    private String error(Block block, NDList inputs) {
        if (!block.isInitialized()) {
            block.initialize(manager, DataType.FLOAT32, inputs.getShapes());
        }
        int owned = manager.getManagedArrays().size();
        String message =
                expectThrows(TraceException.class, () -> Tracer.trace(block, inputs)).getMessage();
        assertEquals(manager.getManagedArrays().size(), owned, "No array is left behind");
        return message;
    }

    private String error(UnaryOperator<NDArray> function) {
        LambdaBlock block = new LambdaBlock(inputs -> new NDList(function.apply(inputs.head())));
        return error(block, new NDList(manager.zeros(SHAPE)));
    }

    private static void assertNames(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), part + " in: " + message);
        }
    }

    @DataProvider
    Object[][] plainReceivers() {
        return new Object[][] {
            {"mul", (UnaryOperator<NDArray>) x -> one(x).mul(x)},
            {"add", (UnaryOperator<NDArray>) x -> one(x).add(x.neg())},
            {"matmul", (UnaryOperator<NDArray>) x -> square(x).matMul(x.get("0").transpose())},
            {"concat", (UnaryOperator<NDArray>) x -> one(x).concat(x.get("0, 0"), 0)},
        };
    }

    private static NDArray one(NDArray x) {
        return x.getManager().create(new float[] {1, 2, 3, 4});
    }

    private static NDArray square(NDArray x) {
        return x.getManager().ones(new Shape(4, 4));
    }

    @Test(dataProvider = "plainReceivers")
    void aPlainArrayAsTheReceiverIsNamed(String operator, UnaryOperator<NDArray> function) {
        String message = error(function);
        assertTrue(message.toLowerCase(java.util.Locale.ROOT).startsWith(operator), message);
        assertNames(message, "LambdaBlock", "TraceExceptionTest.java", "the receiver");
    }

    @DataProvider
    Object[][] readers() {
        return new Object[][] {
            {"getFloat", (UnaryOperator<NDArray>) x -> x.getFloat(0, 0, 0) > 0 ? x : x.neg()},
            {"toFloatArray", (UnaryOperator<NDArray>) x -> x.mul(x.toFloatArray()[0])},
            {"getBoolean", (UnaryOperator<NDArray>) x -> x.gt(0).all().getBoolean() ? x : x.neg()},
            {"toArray", (UnaryOperator<NDArray>) x -> x.add(x.toArray()[0])},
        };
    }

    @Test(dataProvider = "readers")
    void aBranchOnValuesIsNamed(String method, UnaryOperator<NDArray> function) {
        assertNames(error(function), method, "LambdaBlock", "TraceExceptionTest.java", "where");
    }

    @Test
    void valuesThatFollowFromShapesMayBeRead() {
        LambdaBlock block =
                new LambdaBlock(
                        inputs -> {
                            NDArray x = inputs.head();
                            float count = x.onesLike().get("0").sum().getFloat();
                            return new NDList(x.div(count));
                        });
        block.initialize(manager, DataType.FLOAT32, SHAPE);
        GraphModel model = Tracer.trace(block, new NDList(manager.zeros(SHAPE)), batch());
        assertEquals(model.graph().nodes().size(), 1);
    }

    private static List<FreeAxis> batch() {
        return List.of(new FreeAxis(0, 0, FreeAxis.BATCH));
    }

    @Test
    void allOperatorsWithoutWordsAreCounted() {
        String message = error(x -> x.cumSum(1).cumSum(2).sort(1));
        assertNames(message, "cumSum, 2 times", "sort, 1 time", "TraceExceptionTest.java");
    }

    @Test
    void waysOfUsingAnOperatorWithoutWordsAreNamed() {
        assertNames(error(x -> x.norm(3, new int[] {1}, true)), "norm of order 3, 1 time");
        assertNames(error(x -> x.get(x.gt(0))), "get of a NDIndexBooleans");
        assertNames(error(x -> resized(x, 1, 1, 2)), "interpolation of a smaller size, 1 time");
        assertNames(error(x -> resized(x, 3, 3, 8)), "interpolation of mode 3, 1 time");
    }

    private static NDArray resized(NDArray x, int mode, long height, long width) {
        NDArray image = x.expandDims(1);
        return image.getNDArrayInternal().interpolation(new long[] {height, width}, mode, false);
    }

    @Test
    void blocksOfDjlThatHaveNoWordsAreNamed() {
        Block rnn =
                RNN.builder()
                        .setStateSize(2)
                        .setNumLayers(1)
                        .setActivation(RNN.Activation.RELU)
                        .build();
        assertNames(
                error(rnn, new NDList(manager.zeros(SHAPE))),
                "rnn of the activation RELU, 1 time (RNN, at ");
        assertNames(error(new SparseMax(), new NDList(manager.zeros(SHAPE))), "argSort", "oneHot");
    }

    /** Stands for an imported model. */
    private static final class Imported extends AbstractBlock implements SymbolBlock {

        @Override
        public void removeLastBlock() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return inputShapes;
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> params) {
            return inputs;
        }
    }

    @Test
    void anImportedModelIsRefusedWhereverItStands() {
        Block block = new SequentialBlock().add(Linear.builder().setUnits(3).build());
        block.initialize(manager, DataType.FLOAT32, SHAPE);
        ((SequentialBlock) block).add(new Imported());
        assertNames(error(block, new NDList(manager.zeros(SHAPE))), "Imported", "ONNX");
    }

    /** Applies an operator to its input and its parameter. */
    private static final class WithParameter extends AbstractBlock {

        private final Parameter parameter =
                addParameter(
                        Parameter.builder()
                                .setName("own")
                                .setType(Parameter.Type.GAMMA)
                                .optShape(new Shape(4))
                                .build());
        private final BinaryOperator<NDArray> function;

        WithParameter(BinaryOperator<NDArray> function) {
            this.function = function;
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> params) {
            NDArray value = store.getValue(parameter, inputs.head().getDevice(), training);
            return new NDList(function.apply(inputs.head(), value));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return inputShapes;
        }
    }

    @DataProvider
    Object[][] changes() {
        return new Object[][] {
            {"muli", (BinaryOperator<NDArray>) (x, own) -> x.add(own.muli(2))},
            {"addi", (BinaryOperator<NDArray>) (x, own) -> x.add(own.reshape(2, 2).addi(1).sum())},
            {"set", (BinaryOperator<NDArray>) TraceExceptionTest::set},
        };
    }

    private static NDArray set(NDArray x, NDArray own) {
        own.set(new NDIndex("0"), 3);
        return x.add(own);
    }

    @Test(dataProvider = "changes")
    void aChangedParameterIsNamedBeforeItIsChanged(
            String operator, BinaryOperator<NDArray> function) {
        Block block = new WithParameter(function);
        NDList inputs = new NDList(manager.zeros(SHAPE));
        block.initialize(manager, DataType.FLOAT32, SHAPE);
        float[] before = block.getParameters().valueAt(0).getArray().toFloatArray();
        assertNames(error(block, inputs), operator, "WithParameter", "parameter");
        assertEquals(block.getParameters().valueAt(0).getArray().toFloatArray(), before);
    }

    @Test
    void anArrayThatWasChangedThroughAViewIsNoLongerUsed() {
        String message =
                error(
                        x -> {
                            NDArray y = x.mul(2);
                            y.get("0").addi(1);
                            return y.add(1);
                        });
        assertNames(message, "view", "LambdaBlock", "add and not addi");
    }

    @Test
    void randomNumbersAreFound() {
        assertNames(error(x -> x.add(x.getManager().randomNormal(new Shape(4)))), "random");
    }

    @Test
    void anArrayThatNoOperatorMakesOfTheSizesIsNamed() {
        LambdaBlock block =
                new LambdaBlock(
                        inputs -> {
                            NDArray x = inputs.head();
                            NDArray squares =
                                    x.getManager().arange(0f, (float) x.size(0), 1f).square();
                            return new NDList(x.add(squares.reshape(x.size(0), 1, 1)));
                        });
        String message = error(block, new NDList(manager.zeros(SHAPE)));
        assertNames(message, "of the block's own making", "(3, 1, 1)", "(5, 1, 1)");
    }

    @Test
    void operatorsThatDependOnTheBatchAreFound() {
        assertNames(error(x -> x.size(0) > 3 ? x.neg() : x.exp()), "Exp", "Neg", "batch=5");
    }

    @Test
    void sizesThatOnlyTheComparisonReachesAreFound() {
        for (int batch : new int[] {2, 7}) {
            assertNames(error(x -> x.mul(x.size(0) == batch ? 1 : 2)), "differs", "batch=" + batch);
            assertNames(
                    error(x -> x.size(0) == batch ? x.sum(new int[] {1}, true) : x),
                    "has the shape (" + batch + ", 1, 4)",
                    "batch=" + batch);
        }
    }

    @Test
    void aFixedBatchIsNamed() {
        assertNames(error(x -> x.reshape(2, 12)), "can't be run", "batch=3", "free");
    }

    @Test
    void badSamplesAreNamed() {
        Block block = Linear.builder().setUnits(3).build();
        NDList inputs = new NDList(manager.zeros(SHAPE));
        String message =
                expectThrows(TraceException.class, () -> Tracer.trace(block, inputs)).getMessage();
        assertNames(message, "initialize");
        block.initialize(manager, DataType.FLOAT32, SHAPE);
        assertNames(error(block, new NDList()), "samples");
        List<FreeAxis> none = List.of(new FreeAxis(0, 3, "width"));
        message =
                expectThrows(TraceException.class, () -> Tracer.trace(block, inputs, none))
                        .getMessage();
        assertNames(message, "no axis 3", "(2, 3, 4)");
        List<FreeAxis> two = List.of(new FreeAxis(0, 0, "one"), new FreeAxis(0, 1, "one"));
        message =
                expectThrows(TraceException.class, () -> Tracer.trace(block, inputs, two))
                        .getMessage();
        assertNames(message, "one", "2 and 3");
    }
}
