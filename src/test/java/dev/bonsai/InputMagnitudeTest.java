package dev.bonsai;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
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
import ai.djl.nn.transformer.IdEmbedding;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.gate.Gate;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.trace.Tracer;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.testng.annotations.Test;

/** How large the inputs are that weights are multiplied with, against networks done by hand. */
public class InputMagnitudeTest extends ToyTestBase {

    /** Sums of up to 2,048 numbers of the size 1 in single precision. */
    private static final double ROUNDING = 1e-5;

    private final List<float[]> told = new ArrayList<>();

    /** Notes the signal of each weight, and changes nothing. */
    private FakeTechnique listening() {
        told.clear();
        return new FakeTechnique(
                "listening",
                Levels.single("on"),
                Set.of(Signal.INPUT_MAGNITUDE),
                (level, proposal) -> {
                    for (TargetWeight weight : proposal.weights()) {
                        NDArray signal = proposal.signal(weight, Signal.INPUT_MAGNITUDE);
                        assertEquals(signal.getShape(), weight.shape());
                        told.add(signal.toFloatArray());
                    }
                    return Map.of();
                });
    }

    private CompressionListener listener() {
        return listener(toy);
    }

    private CompressionListener listener(Toy data) {
        Gate open = data.gate().optMaxDrop(1).build();
        return CompressionListener.builder().addTechnique(listening()).optGate(open).build();
    }

    /** Sends an epoch of data through a net that does not learn; returns its parameters. */
    private List<float[]> pass(Shape sample, Block block) throws Exception {
        Optimizer still = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0)).build();
        try (Toy shaped = new Toy(sample);
                Model model = Toy.model(block)) {
            try (Trainer trainer = shaped.trainer(model, Toy.config(still, listener(shaped)))) {
                shaped.fit(trainer, 1);
            }
            return new ArrayList<>(Toy.parameters(block).values());
        }
    }

    /** The 512 points that the toy is trained on: eight batches, all of which are looked at. */
    private float[][] points() {
        try (NDArray data = toy.data(1).getByRange(toy.manager(), 0, 512).getData().head()) {
            float[] flat = data.toFloatArray();
            float[][] points = new float[512][Toy.FEATURES];
            for (int i = 0; i < flat.length; ++i) {
                points[i / Toy.FEATURES][i % Toy.FEATURES] = flat[i];
            }
            return points;
        }
    }

    private static float[] linear(float[] x, float[] weight, float[] bias) {
        float[] y = bias.clone();
        for (int o = 0; o < y.length; ++o) {
            for (int i = 0; i < x.length; ++i) {
                y[o] += weight[o * x.length + i] * x[i];
            }
        }
        return y;
    }

    private static float[] relu(float[] x) {
        float[] y = x.clone();
        for (int i = 0; i < y.length; ++i) {
            y[i] = Math.max(0, y[i]);
        }
        return y;
    }

    private static float[] plus(float[] x, float[] other) {
        float[] y = x.clone();
        for (int i = 0; i < y.length; ++i) {
            y[i] += other[i];
        }
        return y;
    }

    /** Mean absolute values of each component. */
    private static double[] means(float[][] rows) {
        double[] means = new double[rows[0].length];
        for (float[] row : rows) {
            for (int i = 0; i < means.length; ++i) {
                means[i] += Math.abs(row[i]) / rows.length;
            }
        }
        return means;
    }

    private static float[][] map(float[][] rows, UnaryOperator<float[]> f) {
        float[][] mapped = new float[rows.length][];
        for (int i = 0; i < rows.length; ++i) {
            mapped[i] = f.apply(rows[i]);
        }
        return mapped;
    }

    /** Checks a weight of the shape (outputs, inputs). */
    private static void assertLinear(float[] signal, double[] means) {
        for (int i = 0; i < signal.length; ++i) {
            assertEquals(signal[i], means[i % means.length], ROUNDING, "element " + i);
        }
    }

    @Test
    public void aLinearWeightHasTheMeanOverTheSamples() throws Exception {
        List<float[]> p = pass(new Shape(8), Toy.mlp());
        float[][] x = points();
        assertLinear(told.get(0), means(x));
        assertLinear(told.get(1), means(map(x, v -> relu(linear(v, p.get(0), p.get(1))))));
    }

    @Test
    public void leadingDimensionsAreAveragedToo() throws Exception {
        pass(new Shape(4, 2), image(Linear.builder().setUnits(3).build()));
        double[] m = means(points());
        double[] folded = {(m[0] + m[2] + m[4] + m[6]) / 4, (m[1] + m[3] + m[5] + m[7]) / 4};
        assertLinear(told.get(0), folded);
    }

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
        assertTrue(count(actual.get(0)) > 0 && count(actual.get(2)) > 0, "layers of rank 3");
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

    private static Conv2d convolution(int filters, int groups) {
        return Conv2d.builder()
                .setKernelShape(new Shape(2, 2))
                .optPadding(new Shape(1, 1))
                .setFilters(filters)
                .optGroups(groups)
                .build();
    }

    private static Block image(Block... convolutions) {
        SequentialBlock net = new SequentialBlock();
        for (Block block : convolutions) {
            net.add(block);
        }
        return net.add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    @Test
    public void aConvolutionHasTheMeanOverSamplesAndPositions() throws Exception {
        pass(new Shape(2, 2, 2), image(convolution(3, 1)));
        double[] m = means(points());
        double[] channels = {(m[0] + m[1] + m[2] + m[3]) / 4, (m[4] + m[5] + m[6] + m[7]) / 4};
        float[] signal = told.get(0);
        assertEquals(signal.length, 3 * 2 * 4);
        for (int i = 0; i < signal.length; ++i) {
            assertEquals(signal[i], channels[i / 4 % 2], ROUNDING, "element " + i);
        }
    }

    @Test
    public void aFilterOfAGroupSeesTheChannelsOfItsGroup() throws Exception {
        pass(new Shape(4, 2, 1), image(convolution(6, 2)));
        double[] m = means(points());
        float[] signal = told.get(0);
        assertEquals(signal.length, 6 * 2 * 4);
        for (int i = 0; i < signal.length; ++i) {
            int group = i / 8 / 3; // three filters each
            int channel = 2 * group + i / 4 % 2;
            double mean = (m[2 * channel] + m[2 * channel + 1]) / 2;
            assertEquals(signal[i], mean, ROUNDING, "element " + i);
        }
    }

    @Test
    public void whatBranchesAndMeetsAgainIsFollowed() throws Exception {
        Block residual =
                new ParallelBlock(
                                lists ->
                                        new NDList(
                                                NDArrays.add(
                                                        lists.get(0).head(), lists.get(1).head())))
                        .add(Linear.builder().setUnits(Toy.FEATURES).build())
                        .add(Blocks.identityBlock());
        Block net =
                new SequentialBlock()
                        .add(residual)
                        .add(Linear.builder().setUnits(Toy.CLASSES).build());
        List<float[]> p = pass(new Shape(8), net);
        float[][] x = points();
        assertLinear(told.get(0), means(x));
        assertLinear(told.get(1), means(map(x, v -> plus(linear(v, p.get(0), p.get(1)), v))));
    }

    @Test
    public void aTiedWeightHasTheMeanOverBothPlaces() throws Exception {
        Linear twice = Linear.builder().setUnits(Toy.FEATURES).build();
        Block net =
                new SequentialBlock()
                        .add(twice)
                        .add(Activation::relu)
                        .add(twice)
                        .add(Linear.builder().setUnits(Toy.CLASSES).build());
        List<float[]> p = pass(new Shape(8), net);
        float[][] x = points();
        double[] first = means(x);
        double[] second = means(map(x, v -> relu(linear(v, p.get(0), p.get(1)))));
        double[] both = new double[first.length];
        Arrays.setAll(both, i -> (first[i] + second[i]) / 2);
        assertLinear(told.get(0), both);
    }

    @Test
    public void theEffectiveWeightsAreGoneThrough() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(FakeTechnique.single("wiping", FakeTransforms.wiping()))
                        .addTechnique(listening())
                        .optGate(open())
                        .build();
        Block withoutBias =
                new SequentialBlock()
                        .add(Linear.builder().setUnits(5).optBias(false).build())
                        .add(Linear.builder().setUnits(Toy.CLASSES).build());
        try (Model model = Toy.model(withoutBias)) {
            toy.train(model, 3, listener);
        }
        assertLinear(told.get(0), means(points()));
        assertEquals(told.get(1), new float[told.get(1).length], "nothing comes through zeros");
    }

    @Test
    public void theFirstEightBatchesOfTheEpochThatEndedAreLookedAt() throws Exception {
        List<NDList> seen = new ArrayList<>();
        Block spy =
                new LambdaBlock(
                        x -> {
                            if (Proxy.isProxyClass(x.head().getClass())) {
                                seen.add(x);
                            }
                            return x;
                        });
        float[] values = new float[20 * Toy.FEATURES];
        for (int i = 0; i < values.length; ++i) {
            values[i] = i / Toy.FEATURES + 1; // sample i is i + 1 everywhere
        }
        ArrayDataset data =
                new ArrayDataset.Builder()
                        .setData(toy.manager().create(values, new Shape(20, Toy.FEATURES)))
                        .optLabels(toy.manager().zeros(new Shape(20)))
                        .setSampling(2, false)
                        .build();
        Block net = new SequentialBlock().add(spy).add(Toy.mlp());
        try (Model model = Toy.model(net);
                Trainer trainer = toy.trainer(model, listener())) {
            EasyTrain.fit(trainer, 1, data, toy.data(3));
            assertEquals(seen.size(), 8);
            assertEquals(told.get(0)[0], 8.5f, "the mean of 1 to 16, which is exact");
            EasyTrain.fit(trainer, 1, data, toy.data(3));
            assertEquals(seen.size(), 16);
        }
    }

    @Test
    public void nothingIsRunThatWasNotAskedFor() throws Exception {
        Block spy =
                new LambdaBlock(
                        x -> {
                            assertTrue(AfterTraining.isPlainUntilThen(x.head()));
                            return x;
                        });
        try (Model model = Toy.model(new SequentialBlock().add(spy).add(Toy.mlp()))) {
            toy.train(model, 2, halvingTo4Bits());
        }
    }

    @Test
    public void lookingLeavesTheTrainingAsItIs() throws Exception {
        List<Map<String, float[]>> results = new ArrayList<>();
        for (boolean looking : new boolean[] {false, true}) {
            Block net =
                    new SequentialBlock()
                            .add(Linear.builder().setUnits(16).build())
                            .add(BatchNorm.builder().build())
                            .add(Dropout.builder().optRate(0.3f).build())
                            .add(Linear.builder().setUnits(Toy.CLASSES).build());
            try (Model model = Toy.model(net)) {
                results.add(
                        new LinkedHashMap<>(
                                looking ? toy.train(model, 2, listener()) : toy.train(model, 2)));
            }
        }
        assertEquals(told.size(), 2);
        assertSameBits(results.get(1), results.get(0));
    }

    private IllegalStateException refused(Block... blocks) throws Exception {
        try (Model model = Toy.model(image(blocks))) {
            CompressionListener listener = listener();
            return expectThrows(IllegalStateException.class, () -> toy.train(model, 1, listener));
        }
    }

    @Test
    public void anEmbeddingHasNoSuchInput() throws Exception {
        Block tokens =
                new LambdaBlock(x -> new NDList(x.head().clip(0, 1).toType(DataType.INT64, false)));
        Block embedding =
                new IdEmbedding.Builder().setDictionarySize(2).setEmbeddingSize(3).build();
        assertMessage(refused(tokens, embedding), "mbedding(2, 3)", "WeightSelector");
    }

    @Test
    public void anImportedBlockShowsNone() throws Exception {
        assertMessage(refused(new OpaqueDouble()), "OpaqueDouble_weight(4, 8)", "imported");
    }

    @Test
    public void anInputThatComesFromAConstantIsNotSeen() throws Exception {
        Block doubling =
                new LambdaBlock(x -> new NDList(x.head().getManager().create(2f).mul(x.head())));
        assertMessage(refused(doubling), "weight(4, 8)", "write x.mul(constant)");
    }

    @Test
    public void whyAPassFailedIsTold() throws Exception {
        Block picky =
                new LambdaBlock(
                        x -> {
                            if (Proxy.isProxyClass(x.head().getClass())) {
                                throw new ClassCastException("plain arrays only");
                            }
                            return x;
                        });
        IllegalStateException error = refused(picky);
        assertMessage(error, "weight(4, 8)", "plain arrays only");
        assertTrue(error.getCause() instanceof ClassCastException);
    }

    @Test
    public void aLoopThatKeepsTheBatchToItselfIsToldSo() throws Exception {
        CompressionListener listener = listener();
        try (Model model = Toy.model(Toy.mlp())) {
            Trainer trainer = toy.trainer(model, listener);
            for (Batch batch : trainer.iterateDataset(toy.data(1))) {
                try (batch;
                        var collector = trainer.newGradientCollector()) {
                    NDList predictions = trainer.forward(batch.getData(), batch.getLabels());
                    collector.backward(trainer.getLoss().evaluate(batch.getLabels(), predictions));
                }
                listener.onTrainingBatch(trainer, null);
                trainer.step();
            }
            IllegalStateException error =
                    expectThrows(IllegalStateException.class, () -> listener.onEpoch(trainer));
            assertMessage(error, "new BatchData(batch, labels, predictions)");
            expectThrows(IllegalStateException.class, trainer::close);
        }
    }
}
