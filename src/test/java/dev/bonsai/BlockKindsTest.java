package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
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
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.nn.transformer.IdEmbedding;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.djl.training.Trainer;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.WeightReport;
import java.util.List;
import java.util.function.Supplier;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Every kind of block that reads its weights through the store can be compressed. */
public class BlockKindsTest {

    private static final int TOKENS = 4;

    private static Block head(Block... body) {
        SequentialBlock net = new SequentialBlock();
        for (Block block : body) {
            net.add(block);
        }
        return net.add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    /** Makes tokens of the toy's coordinates, most of which lie between -1 and 2. */
    private static Block tokens() {
        return new LambdaBlock(
                x -> new NDList(x.head().add(1).clip(0, TOKENS - 1).toType(DataType.INT64, false)));
    }

    private static Block wordEmbedding() {
        List<String> words = List.of("a", "b", "c");
        return TrainableWordEmbedding.builder()
                .setVocabulary(DefaultVocabulary.builder().add(words).optUnknownToken().build())
                .optNumEmbeddings(TOKENS)
                .setEmbeddingSize(6)
                .build();
    }

    private static Block encoder() {
        return new TransformerEncoderBlock(4, 2, 8, 0, Activation::relu);
    }

    private static Block parallel() {
        return new ParallelBlock(
                        lists ->
                                new NDList(
                                        NDArrays.concat(
                                                new NDList(
                                                        lists.stream().map(NDList::head).toList()),
                                                1)))
                .add(Linear.builder().setUnits(16).build())
                .add(
                        new SequentialBlock()
                                .add(Linear.builder().setUnits(8).build())
                                .add(Activation::tanh)
                                .add(
                                        new SequentialBlock()
                                                .add(Linear.builder().setUnits(8).build())));
    }

    /** Transposed convolutions are missing: DJL's PyTorch engine has none. */
    @DataProvider
    public Object[][] kinds() {
        Shape sequence = new Shape(4, 2);
        Shape image = new Shape(2, 2, 2);
        return new Object[][] {
            kind("Linear", new Shape(8), () -> head(Linear.builder().setUnits(16).build())),
            kind("BatchNorm", new Shape(8), () -> head(Toy.mlp(), BatchNorm.builder().build())),
            kind("LayerNorm", new Shape(8), () -> head(Toy.mlp(), LayerNorm.builder().build())),
            kind("ParallelBlock", new Shape(8), () -> head(parallel())),
            kind(
                    "Conv1d",
                    new Shape(1, 8),
                    () ->
                            head(
                                    Conv1d.builder()
                                            .setKernelShape(new Shape(3))
                                            .setFilters(8)
                                            .build())),
            kind(
                    "Conv2d",
                    image,
                    () ->
                            head(
                                    Conv2d.builder()
                                            .setKernelShape(new Shape(2, 2))
                                            .optPadding(new Shape(1, 1))
                                            .setFilters(8)
                                            .build())),
            kind(
                    "LSTM",
                    sequence,
                    () -> head(LSTM.builder().setStateSize(8).setNumLayers(2).build())),
            kind(
                    "GRU",
                    sequence,
                    () -> head(GRU.builder().setStateSize(8).setNumLayers(1).build())),
            kind(
                    "RNN",
                    sequence,
                    () ->
                            head(
                                    RNN.builder()
                                            .setStateSize(8)
                                            .setNumLayers(1)
                                            .setActivation(RNN.Activation.TANH)
                                            .build())),
            kind("Embedding", new Shape(8), () -> head(tokens(), wordEmbedding())),
            kind(
                    "IdEmbedding",
                    new Shape(8),
                    () ->
                            head(
                                    tokens(),
                                    new IdEmbedding.Builder()
                                            .setDictionarySize(TOKENS)
                                            .setEmbeddingSize(6)
                                            .build())),
            kind("TransformerEncoderBlock", new Shape(2, 4), () -> head(encoder())),
        };
    }

    private static Object[] kind(String name, Shape sample, Supplier<Block> block) {
        return new Object[] {name, sample, block};
    }

    @Test(dataProvider = "kinds")
    public void everyKindOfBlockReachesTheTargetsAndPredictsTheSameWhenBaked(
            String name, Shape sample, Supplier<Block> kind) throws Exception {
        Block block = kind.get();
        ZeroCounter counter = new ZeroCounter(block);
        try (Toy toy = new Toy(sample);
                Model model = Toy.model(counter)) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(ToyTestBase.pruning(0.5f, 1))
                            .addTechnique(ToyTestBase.quantization(4))
                            .optGate(toy.gate().optMaxDrop(1).build())
                            .optWarmup(0)
                            .build();
            float[] wrapped;
            try (Trainer trainer = toy.trainer(model, listener)) {
                toy.fit(trainer, 5);
                wrapped = toy.outputs(model.getBlock());
            }
            CompressionReport report = listener.getReport();
            assertEquals(report.notes().size(), 1, report.toString());
            assertTrue(report.notes().get(0).contains("toFloatArray reads"), "of the counter");
            report.weights().forEach(w -> assertEquals(w.bits(), 4, report.toString()));
            assertTrue(report.weights().size() >= 2, report.toString());
            assertTrue(report.sparsity() >= 0.5, report.toString());
            // equal weights at other addresses: a product may be summed in another order
            assertEquals(toy.outputs(block), wrapped, 1e-5f, "baked");
            long half = report.weights().stream().mapToLong(WeightReport::size).sum() / 2;
            assertTrue(counter.inTraining().stream().allMatch(n -> n >= half), "" + counter);
            // a guess is 0.25; the smallest of these nets have some 60 weights left
            assertTrue(report.achieved() > 0.4, report.toString());
        }
    }
}
