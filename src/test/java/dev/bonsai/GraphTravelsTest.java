package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.Trainer;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.file.Section;
import dev.bonsai.graph.Graph;
import dev.bonsai.report.CompressionReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A compressed model works without the Java code of its network. */
public class GraphTravelsTest {

    /** As a part of the largest output: the graph adds in another order. */
    private static final double TOLERANCE = 1e-5;

    private static SequentialBlock of(Block... blocks) {
        SequentialBlock net = new SequentialBlock();
        for (Block block : blocks) {
            net.add(block);
        }
        return net.add(Linear.builder().setUnits(Toy.CLASSES).build());
    }

    private static Block images() {
        return of(
                Conv2d.builder().setKernelShape(new Shape(2, 2)).setFilters(6).build(),
                BatchNorm.builder().build(),
                Activation.reluBlock(),
                Pool.maxPool2dBlock(new Shape(1, 2), new Shape(1, 1)),
                Blocks.batchFlattenBlock(),
                Dropout.builder().optRate(0.2f).build());
    }

    private static Block sequences() {
        return of(
                LSTM.builder().setNumLayers(1).setStateSize(8).optReturnState(false).build(),
                Blocks.batchFlattenBlock());
    }

    private static Object[] kind(String name, Shape sample, Supplier<Block> block) {
        return new Object[] {name, sample, block};
    }

    @DataProvider
    public Object[][] kinds() {
        return new Object[][] {
            kind("linear", new Shape(8), Toy::mlp),
            kind("images", new Shape(1, 2, 4), GraphTravelsTest::images),
            kind("sequences", new Shape(4, 2), GraphTravelsTest::sequences),
        };
    }

    @Test(dataProvider = "kinds")
    public void aModelFromAFileWorksWithoutJavaCode(
            String name, Shape sample, Supplier<Block> block) throws Exception {
        try (Toy toy = new Toy(sample);
                Model model = Toy.model(block.get())) {
            CompressionListener listener = listener(toy).build();
            toy.train(model, 1, listener);
            CompressionReport report = listener.getReport();
            assertEquals(graphNotes(report), List.of());
            Path file = Files.createTempFile("bonsai", ".bonsai");
            ByteLedger ledger = listener.getCompressedModel().save(file);
            assertEquals(ledger.total(), report.size().after());
            assertTrue(ledger.bytes().get(Section.GRAPH) > 0);
            CompressedModel loaded = CompressedModel.load(file);
            assertEquals(
                    loaded.getGraph(),
                    listener.getCompressedModel().getGraph().map(Graph::canonical));
            float[] expected = toy.outputs(model.getBlock());
            try (Model working = loaded.toModel(name)) {
                assertClose(toy.outputs(working.getBlock()), expected);
                assertEquals(working.getName(), name);
            }
            Files.delete(file);
        }
    }

    @Test
    public void aModelFromAFileTrainsOn() throws Exception {
        try (Toy toy = new Toy();
                Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener = listener(toy).build();
            toy.train(model, 1, listener);
            try (Model working = listener.getCompressedModel().toModel("again")) {
                CompressionListener second = listener(toy).build();
                toy.train(working, 2, second);
                assertTrue(toy.accuracy(working.getBlock()) > 0.8);
                assertTrue(second.getReport().sparsity() >= 0.5);
                assertEquals(graphNotes(second.getReport()), List.of());
            }
        }
    }

    /** A branch on values: the graph would be that of one of both. */
    private static Block branching() {
        return of(
                new LambdaBlock(
                        x -> x.head().sum().getFloat() > 1e9 ? new NDList(x.head().neg()) : x));
    }

    @Test
    public void whatCannotBeTracedIsWrittenWithoutAGraphAndTheReportSaysWhy() throws Exception {
        try (Toy toy = new Toy();
                Model model = Toy.model(branching())) {
            CompressionListener listener = listener(toy).build();
            toy.train(model, 1, listener);
            List<String> notes = graphNotes(listener.getReport());
            assertEquals(notes.size(), 1, listener.getReport().toString());
            assertTrue(notes.get(0).contains("getFloat"), notes.get(0));
            CompressedModel compressed = listener.getCompressedModel();
            assertEquals(compressed.getGraph(), Optional.empty());
            Path file = Files.createTempFile("bonsai", ".bonsai");
            compressed.save(file);
            assertEquals(Files.readAllBytes(file)[4], 3, "the version");
            CompressedModel loaded = CompressedModel.load(file);
            IllegalStateException e =
                    expectThrows(IllegalStateException.class, () -> loaded.toModel("none"));
            assertTrue(e.getMessage().contains("applyTo"), e.getMessage());
            Block fresh = branching();
            loaded.applyTo(fresh, toy.manager());
            assertEquals(toy.outputs(fresh), toy.outputs(model.getBlock()));
            Files.delete(file);
        }
    }

    @Test
    public void aTrainingThatLeavesTheGraphOutDoesNotTraceAndIsGivenThatOfAnother()
            throws Exception {
        AtomicInteger traced = new AtomicInteger();
        Block spy =
                new LambdaBlock(
                        x -> {
                            traced.addAndGet(AfterTraining.isTracing() ? 1 : 0);
                            return x;
                        });
        try (Toy toy = new Toy();
                Model model = Toy.model(of(spy))) {
            CompressionListener first = listener(toy).build();
            toy.train(model, 1, first);
            assertTrue(traced.getAndSet(0) >= 4, "each size is a pass");
            CompressionListener second = listener(toy).optGraph(false).build();
            toy.train(model, 1, second);
            assertEquals(traced.get(), 0);
            assertEquals(graphNotes(second.getReport()), List.of());
            CompressedModel without = second.getCompressedModel();
            assertEquals(without.getGraph(), Optional.empty());
            Path file = Files.createTempFile("bonsai", ".bonsai");
            assertEquals(without.save(file).total(), second.getReport().size().after());
            Graph graph = first.getCompressedModel().getGraph().orElseThrow();
            without.withGraph(graph).save(file);
            try (Model working = CompressedModel.load(file).toModel("later")) {
                assertClose(toy.outputs(working.getBlock()), toy.outputs(model.getBlock()));
            }
            Files.delete(file);
        }
    }

    @Test
    public void oneOfSeveralListenersThatWishesForTheGraphIsHeard() throws Exception {
        for (boolean wanted : new boolean[] {false, true}) {
            try (Toy toy = new Toy();
                    Model model = Toy.model(Toy.mlp())) {
                CompressionListener one =
                        CompressionListener.builder()
                                .addTechnique(ToyTestBase.pruning(0.5f, 1))
                                .optGate(toy.gate().optMaxDrop(1).build())
                                .optGraph(wanted)
                                .build();
                CompressionListener other =
                        CompressionListener.builder()
                                .addTechnique(ToyTestBase.quantization(4))
                                .optGate(toy.gate().optMaxDrop(1).build())
                                .optGraph(false)
                                .build();
                toy.train(model, 1, one, other);
                assertEquals(other.getCompressedModel().getGraph().isPresent(), wanted);
            }
        }
    }

    @Test
    public void anErrorOfABlockThatIsTracedCostsTheGraphAndNotTheReport() throws Exception {
        Block failing =
                new LambdaBlock(
                        x -> {
                            if (AfterTraining.isTracing()) {
                                throw new AssertionError("not when it is traced");
                            }
                            return x;
                        });
        try (Toy toy = new Toy();
                Model model = Toy.model(new SequentialBlock().add(failing).add(Toy.mlp()))) {
            CompressionListener listener = listener(toy).build();
            toy.train(model, 1, listener);
            assertEquals(listener.getCompressedModel().getGraph(), Optional.empty());
            String notes = listener.getReport().notes().toString();
            assertTrue(notes.contains("not when it is traced"), notes);
        }
    }

    @Test
    public void withoutItsGraphAModelIsShorterAndTheSame() throws Exception {
        try (Toy toy = new Toy();
                Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener = listener(toy).build();
            toy.train(model, 1, listener);
            CompressedModel with = listener.getCompressedModel();
            CompressedModel without = with.withoutGraph();
            assertEquals(without.getWeights(), with.getWeights());
            assertEquals(without.getGraph(), Optional.empty());
            Path file = Files.createTempFile("bonsai", ".bonsai");
            long shorter = without.save(file).total();
            long longer = with.save(file).total();
            assertTrue(longer - shorter < 60, longer + " and " + shorter);
            assertTrue(shorter < longer);
            assertTrue(without.saveForTraining(file).total() > shorter, "the run is kept");
            Block fresh = Toy.mlp();
            without.applyTo(fresh, toy.manager());
            assertEquals(toy.outputs(fresh), toy.outputs(model.getBlock()));
            Files.delete(file);
        }
    }

    @Test
    public void theBlockOfAGraphIsInitialisedByTheUser() throws Exception {
        try (Toy toy = new Toy();
                Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener = listener(toy).build();
            try (Trainer trainer = toy.trainer(model, listener)) {
                toy.fit(trainer, 1);
            }
            Block block = listener.getCompressedModel().toBlock();
            block.initialize(toy.manager(), DataType.FLOAT32, new Shape(3, Toy.FEATURES));
            assertClose(toy.outputs(block), toy.outputs(model.getBlock()));
        }
    }

    private static CompressionListener.Builder listener(Toy toy) {
        return CompressionListener.builder()
                .addTechnique(ToyTestBase.pruning(0.5f, 1))
                .addTechnique(ToyTestBase.quantization(4))
                .optGate(toy.gate().optMaxDrop(1).build())
                .optWarmup(0);
    }

    private static List<String> graphNotes(CompressionReport report) {
        return report.notes().stream().filter(note -> note.contains("has no graph")).toList();
    }

    private static void assertClose(float[] actual, float[] expected) {
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertEquals(actual, expected, (float) (TOLERANCE * largest));
    }
}
