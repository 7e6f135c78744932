package dev.bonsai.trace;

import static org.testng.Assert.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.transformer.BertBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.bonsai.FunctionBlock;
import dev.bonsai.core.ExecutionOrder;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.examples.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.testng.annotations.Test;

/** The first and the last weights are those of the pass, not those of the registration. */
public class WeightOrderTest extends ManagerTestBase {

    private Optional<ExecutionOrder> order(Block block, NDList inputs) {
        if (!block.isInitialized()) {
            block.initialize(manager, DataType.FLOAT32, inputs.getShapes());
        }
        return WeightOrder.of(block, new ParameterStore(manager, false), inputs);
    }

    private static Set<String> paths(Set<TargetWeight> weights) {
        return weights.stream().map(TargetWeight::path).collect(Collectors.toSet());
    }

    private void assertOrder(Block block, NDList inputs, Set<String> first, Set<String> last) {
        ExecutionOrder order = order(block, inputs).orElseThrow();
        assertEquals(paths(order.first()), first, "first");
        assertEquals(paths(order.last()), last, "last");
    }

    private static Block linear(int units) {
        return Linear.builder().setUnits(units).build();
    }

    private static Block convolution(int filters) {
        return Conv2d.builder()
                .setKernelShape(new Shape(3, 3))
                .optPadding(new Shape(1, 1))
                .setFilters(filters)
                .build();
    }

    private NDList image() {
        return new NDList(manager.ones(new Shape(2, 1, 28, 28)));
    }

    @Test
    void aChainHasOneFirstAndOneLast() {
        for (Network network : Network.values()) {
            Block block = network.newBlock();
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 28, 28));
            ExecutionOrder expected = ExecutionOrder.ofRegistration(TargetWeight.allOf(block));
            assertEquals(order(block, image()).orElseThrow(), expected, network.toString());
        }
    }

    /** Four scales, each with a head for classes and one for boxes; heads are registered first. */
    private static final class Detector extends AbstractBlock {

        private final List<Block> classes = new ArrayList<>();
        private final List<Block> boxes = new ArrayList<>();
        private final List<Block> body = new ArrayList<>();

        Detector() {
            for (int i = 0; i < 4; ++i) {
                classes.add(addChildBlock("classes" + i, convolution(3)));
                boxes.add(addChildBlock("boxes" + i, convolution(4)));
            }
            for (int i = 0; i < 4; ++i) {
                body.add(addChildBlock("body" + i, convolution(2)));
            }
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> params) {
            NDList features = inputs;
            NDList allClasses = new NDList();
            NDList allBoxes = new NDList();
            for (int i = 0; i < body.size(); ++i) {
                features = body.get(i).forward(store, features, training);
                allClasses.add(flat(classes.get(i).forward(store, features, training)));
                allBoxes.add(flat(boxes.get(i).forward(store, features, training)));
            }
            NDArray anchors = features.singletonOrThrow().zerosLike();
            return new NDList(
                    anchors,
                    ai.djl.ndarray.NDArrays.concat(allClasses, 1),
                    ai.djl.ndarray.NDArrays.concat(allBoxes, 1));
        }

        private static NDArray flat(NDList head) {
            NDArray map = head.singletonOrThrow();
            return map.transpose(0, 2, 3, 1).reshape(map.getShape().get(0), -1);
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void initializeChildBlocks(
                NDManager manager, DataType dataType, Shape... shapes) {
            Shape[] now = shapes;
            for (int i = 0; i < body.size(); ++i) {
                body.get(i).initialize(manager, dataType, now);
                now = body.get(i).getOutputShapes(now);
                classes.get(i).initialize(manager, dataType, now);
                boxes.get(i).initialize(manager, dataType, now);
            }
        }
    }

    @Test
    void allHeadsOfADetectorAreLast() {
        Block detector = new Detector();
        NDList input = new NDList(manager.ones(new Shape(1, 3, 8, 8)));
        Set<String> body = Set.of("09body0_weight");
        Set<String> heads =
                Set.of(
                        "01classes0_weight",
                        "03classes1_weight",
                        "05classes2_weight",
                        "07classes3_weight",
                        "02boxes0_weight",
                        "04boxes1_weight",
                        "06boxes2_weight",
                        "08boxes3_weight");
        assertOrder(detector, input, body, heads);
        List<TargetWeight> parameters = TargetWeight.allOf(detector);
        WeightSelector selector = WeightSelector.builder().excludeFirstAndLast().build();
        assertEquals(
                selector.select(parameters, order(detector, input).orElseThrow()).stream()
                        .map(TargetWeight::path)
                        .toList(),
                List.of("10body1_weight", "11body2_weight", "12body3_weight"));
    }

    @Test
    void aTransformerBeginsWithItsTablesAndEndsWithWhatEachOutputEndsWith() {
        Block bert =
                BertBlock.builder()
                        .setTokenDictionarySize(11)
                        .optEmbeddingSize(8)
                        .optAttentionHeadCount(2)
                        .optTransformerBlockCount(2)
                        .optHiddenSize(16)
                        .optMaxSequenceLength(5)
                        .build();
        Shape shape = new Shape(2, 5);
        NDList input =
                new NDList(
                        manager.ones(shape, DataType.INT64),
                        manager.zeros(shape, DataType.INT64),
                        manager.ones(shape, DataType.INT64));
        bert.initialize(manager, DataType.FLOAT32, shape, shape, shape);
        ExecutionOrder order = order(bert, input).orElseThrow();
        List<String> all = TargetWeight.allOf(bert).stream().map(TargetWeight::path).toList();
        String position =
                all.stream()
                        .filter(p -> p.toLowerCase(java.util.Locale.ROOT).contains("position"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(order.first().size(), 2, order.first() + " of " + all);
        assertEquals(paths(order.first()).contains(position), false, "the table of positions");
        assertEquals(order.last().size(), 2, order.last() + " of " + all); // sequence and pooled
    }

    @Test
    void whatABranchAddsIsNeitherFirstNorLast() {
        Block residual =
                new ParallelBlock(
                        sums -> new NDList(sums.get(0).head().add(sums.get(1).head())),
                        List.of(
                                new SequentialBlock().add(linear(4)).add(linear(6)),
                                Blocks.identityBlock()));
        Block block = new SequentialBlock().add(linear(6)).add(residual).add(linear(2));
        assertOrder(
                block,
                new NDList(manager.ones(new Shape(3, 5))),
                Set.of("01Linear_weight"),
                Set.of("03Linear_weight"));
    }

    @Test
    void aTiedWeightIsFirstAndLast() {
        Linear tied = (Linear) linear(5);
        Block block = new SequentialBlock().add(tied).add(linear(5)).add(linear(5)).add(tied);
        NDList input = new NDList(manager.ones(new Shape(3, 5)));
        assertOrder(block, input, Set.of("01Linear_weight"), Set.of("01Linear_weight"));
    }

    @Test
    void theWeightsOfOneOperatorComeOneAfterTheOther() {
        Block block =
                new SequentialBlock()
                        .add(
                                LSTM.builder()
                                        .setStateSize(3)
                                        .setNumLayers(2)
                                        .optReturnState(false)
                                        .build())
                        .add(new LambdaBlock(list -> new NDList(list.head().mean(new int[] {1}))))
                        .add(linear(2));
        NDList input = new NDList(manager.ones(new Shape(2, 4, 5)));
        ExecutionOrder order = order(block, input).orElseThrow();
        assertEquals(order.first().size(), 1, order.toString());
        assertEquals(paths(order.last()), Set.of("03Linear_weight"));
    }

    @Test
    void statisticsAndNormalisationAreNoWeights() {
        Block block =
                new SequentialBlock()
                        .add(BatchNorm.builder().build())
                        .add(convolution(2))
                        .add(BatchNorm.builder().build())
                        .add(Activation.reluBlock())
                        .add(convolution(3))
                        .add(BatchNorm.builder().build());
        assertOrder(block, image(), Set.of("02Conv2d_weight"), Set.of("05Conv2d_weight"));
    }

    /** Multiplies by a constant that is the receiver, which hides all that comes of it. */
    private static Block hiding() {
        return new LambdaBlock(
                list -> {
                    NDArray x = list.head();
                    return new NDList(x.getManager().ones(x.getShape()).mul(x));
                });
    }

    @Test
    void whatCannotBeSeenIsNotGuessed() {
        NDList input = new NDList(manager.ones(new Shape(3, 5)));
        assertEquals(
                order(new SequentialBlock().add(linear(4)).add(hiding()), input), Optional.empty());
        assertEquals(
                order(new SequentialBlock().add(linear(4)).add(hiding()).add(linear(2)), input),
                Optional.empty());
        assertEquals(order(Activation.reluBlock(), input), Optional.empty());
    }

    /** A weight that is changed by operators of its own before it is applied. */
    @Test
    void aWeightIsAppliedWhereWhatWasMadeOfItMeetsTheInput() {
        assertOrder(
                new SequentialBlock()
                        .add(
                                new FunctionBlock(
                                                (x, values) ->
                                                        x.matMul(
                                                                values.apply("matrix")
                                                                        .mul(2)
                                                                        .transpose()))
                                        .add("matrix", 4, 5)
                                        .columns(4))
                        .add(linear(3))
                        .add(linear(3)),
                new NDList(manager.ones(new Shape(3, 5))),
                Set.of("01FunctionBlock_matrix"),
                Set.of("03Linear_weight"));
    }
}
