package dev.bonsai;

import static org.testng.Assert.assertEquals;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Scope;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** The weights of a graph have the inputs of the blocks that it was traced from. */
public class GraphInputMagnitudeTest extends InputMagnitudeTestBase {

    /** Layers of rank 2, 3 and 4, with a bias and without. */
    private static Block layers() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(3).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(4).optBias(false).build())
                .add(new LambdaBlock(x -> new NDList(x.head().expandDims(1))))
                .add(convolution(2, 1))
                .add(Activation::tanh)
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    @Test
    public void aGraphTellsWhatTheBlocksTellThatItWasTracedFrom() throws Exception {
        Shape sample = new Shape(4, 2);
        Block blocks = layers();
        NDList input = new NDList(toy.manager().zeros(new Shape(2, 4, 2)));
        blocks.initialize(toy.manager(), DataType.FLOAT32, input.head().getShape());
        GraphBlock graph = GraphBlock.of(Tracer.trace(blocks, input));
        pass(sample, blocks);
        List<float[]> expected = List.copyOf(told);
        pass(sample, graph);
        assertEquals(told.size(), 4);
        for (int i = 0; i < expected.size(); ++i) {
            for (int j = 0; j < expected.get(i).length; ++j) {
                assertEquals(told.get(i)[j], expected.get(i)[j], ROUNDING, i + ", " + j);
            }
        }
    }

    /** The zeros of each parameter once the linear layers have been pruned by their inputs. */
    private List<boolean[]> zeros(Shape sample, Block block) throws Exception {
        Pruning pruning =
                Pruning.builder()
                        .setTargetSparsity(0.5f)
                        .optCriterion(Criterion.contribution())
                        .optScope(Scope.LOCAL) // so that each layer loses some
                        .optSchedule(SparsitySchedule.constant())
                        .optSelector(WeightSelector.builder().includeBlock("Linear").build())
                        .build();
        Optimizer still = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0)).build();
        try (Toy shaped = new Toy(sample);
                Model model = Toy.model(block)) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(pruning)
                            .optGate(shaped.gate().optMaxDrop(1).build())
                            .build();
            try (Trainer trainer = shaped.trainer(model, Toy.config(still, listener))) {
                shaped.fit(trainer, 3);
            }
            List<boolean[]> zeros = new ArrayList<>();
            for (float[] values : Toy.parameters(block).values()) {
                boolean[] of = new boolean[values.length];
                for (int i = 0; i < of.length; ++i) {
                    of[i] = values[i] == 0;
                }
                zeros.add(of);
            }
            return zeros;
        }
    }

    private static int count(boolean... zeros) {
        int count = 0;
        for (boolean zero : zeros) {
            count += zero ? 1 : 0;
        }
        return count;
    }

    @Test
    public void theSameWeightsOfAGraphArePruned() throws Exception {
        Shape sample = new Shape(4, 2);
        Block blocks = layers();
        NDList input = new NDList(toy.manager().zeros(new Shape(2, 4, 2)));
        blocks.initialize(toy.manager(), DataType.FLOAT32, input.head().getShape());
        GraphBlock graph = GraphBlock.of(Tracer.trace(blocks, input));
        List<boolean[]> expected = zeros(sample, blocks);
        List<boolean[]> actual = zeros(sample, graph);
        assertEquals(actual.size(), expected.size());
        for (int i = 0; i < actual.size(); ++i) {
            assertEquals(actual.get(i), expected.get(i), "parameter " + i);
        }
        assertEquals(count(actual.get(0)), 3, "half of a layer of rank 3");
        assertEquals(count(actual.get(2)), 6, "half of another");
        assertEquals(count(actual.get(3)), 0, "the convolution");
    }

    /** As ONNX files have them: (inputs, outputs). */
    @Test
    public void aMatrixWhoseInputsAreItsRowsHasThemAlongTheRows() throws Exception {
        dev.bonsai.graph.type.Shape shape = dev.bonsai.graph.type.Shape.of(2, 3);
        Input input =
                new Input(
                        "x",
                        ElementType.FLOAT32,
                        dev.bonsai.graph.type.Shape.of(Dim.free("batch"), Dim.of(4), Dim.of(2)));
        Graph graph =
                new Graph(
                        List.of(input),
                        List.of(new Weight("w", ElementType.FLOAT32, shape)),
                        Map.of(),
                        List.of(
                                Node.of(Plain.MATMUL, "p", "x", "w"),
                                Node.of(new Flatten(1), "y", "p")),
                        List.of("y"));
        pass(new Shape(4, 2), new GraphBlock(graph));
        double[] m = means(points());
        double[] folded = {(m[0] + m[2] + m[4] + m[6]) / 4, (m[1] + m[3] + m[5] + m[7]) / 4};
        assertEquals(told.get(0).length, 6);
        for (int i = 0; i < 6; ++i) {
            assertEquals(told.get(0)[i], folded[i / 3], ROUNDING, "element " + i);
        }
    }
}
