package dev.bonsai.file;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.transformer.BertBlock;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Schema;
import dev.bonsai.graph.type.Dim;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A graph comes back from a file as it was, up to the names of intermediate values. */
public class GraphSectionTest {

    @DataProvider
    public static Object[][] samples() {
        return GraphSamples.all().entrySet().stream()
                .map(each -> new Object[] {each.getKey(), each.getValue()})
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "samples")
    public void aGraphComesBackWithCanonicalNames(String name, BonsaiModel model)
            throws IOException {
        byte[] bytes = BonsaiFile.encode(model);
        BonsaiModel read = BonsaiFile.decode(bytes);
        assertEquals(read.graph(), model.graph().map(Graph::canonical));
        Samples.assertSame(read, model.withGraph(read.graph()));
        assertEquals(BonsaiFile.encode(read), bytes, "the same model gives the same bytes");
    }

    @Test(dataProvider = "samples")
    public void canonicalNamesKeepWhatIsPublic(String name, BonsaiModel model) {
        Graph graph = model.graph().orElseThrow();
        Graph canonical = graph.canonical();
        assertEquals(canonical.inputs(), graph.inputs());
        assertEquals(canonical.weights(), graph.weights());
        assertEquals(canonical.outputs(), graph.outputs());
        assertEquals(
                List.copyOf(canonical.values().values()), List.copyOf(graph.values().values()));
        assertEquals(canonical.canonical(), canonical);
    }

    @Test(dataProvider = "samples")
    public void theGraphHasItsPlaceInTheLedger(String name, BonsaiModel model) throws IOException {
        byte[] packed = BonsaiFile.encode(model, FileForm.PACKED);
        ByteLedger ledger = ModelReader.read(packed).ledger();
        assertEquals(ledger.total(), packed.length);
        byte[] section =
                GraphWriter.write(
                        model.graph().orElseThrow(),
                        model.weights(),
                        new PackedWriter(),
                        MemoryBudget.ofWriter());
        assertEquals((long) ledger.bytes().get(Section.GRAPH), section.length);
        ByteLedger without = BonsaiFile.ledger(model.withGraph(Optional.empty()));
        assertEquals((long) without.bytes().get(Section.GRAPH), 0);
        ByteLedger coded = BonsaiFile.ledger(model);
        assertEquals(coded.total(), BonsaiFile.encode(model).length);
        assertTrue(coded.bytes().get(Section.GRAPH) > 0);
        assertTrue(without.total() < coded.total());
    }

    @Test
    public void leNetTakesFewBytes() {
        BonsaiModel model = GraphSamples.leNet();
        int with = BonsaiFile.encode(model).length;
        int without = BonsaiFile.encode(model.withGraph(Optional.empty())).length;
        assertTrue(with - without <= 73, "takes " + (with - without));
    }

    @Test
    public void theVersionSaysWhatAFileHolds() throws IOException {
        BonsaiModel model = GraphSamples.leNet();
        assertEquals(BonsaiFile.encode(model)[4], 3);
        assertEquals(BonsaiFile.encode(model, FileForm.PACKED)[4], 2);
        BonsaiModel weights = model.withGraph(Optional.empty());
        byte[] without = BonsaiFile.encode(weights, FileForm.PACKED);
        assertEquals(without[4], 1);
        assertEquals(BonsaiFile.encode(weights)[4], 3);
        assertEquals(BonsaiFile.decode(without).graph(), Optional.empty());
    }

    @Test
    public void inputShapesOfTheirOwnAreKept() throws IOException {
        BonsaiModel model = GraphSamples.smallest();
        assertEquals(model.inputShapes().get(0), new int[] {-1, 2});
        List<int[]> own = List.of(new int[] {32, 2});
        BonsaiModel other = new BonsaiModel(model.weights(), own, model.graph(), List.of());
        BonsaiModel read = BonsaiFile.decode(BonsaiFile.encode(other));
        assertEquals(read.inputShapes().get(0), own.get(0));
    }

    /** Whatever attributes an operator has, and whether or not it would take the values. */
    @Test
    public void attributesOfEveryOperatorComeBack() throws IOException {
        Random random = new Random(3);
        for (Schema schema : Operators.all()) {
            for (int i = 0; i < 20; ++i) {
                Map<String, Object> values = new TreeMap<>();
                for (Schema.Attribute attribute : schema.attributes()) {
                    if (random.nextBoolean()) {
                        values.put(attribute.name(), value(attribute.kind(), random));
                    }
                }
                Attributes attributes = Attributes.of(values);
                ByteSink sink = new ByteSink();
                attributes().write(schema, attributes, sink);
                ByteSource source = new ByteSource(sink.toByteArray(), "attributes");
                assertEquals(attributes().read(schema, source), attributes, schema.name());
                assertEquals(source.left(), 0);
            }
        }
    }

    private static GraphAttributes attributes() {
        MemoryBudget budget = MemoryBudget.ofWriter();
        return new GraphAttributes(new NameTable(budget), budget);
    }

    private static Object value(Schema.Kind kind, Random random) {
        return switch (kind) {
            case INT -> (long) (random.nextBoolean() ? random.nextInt() : random.nextInt(4));
            case FLOAT -> random.nextFloat() - 0.5f;
            case STRING -> random.nextBoolean() ? "linear" : "own" + random.nextInt(3);
            case INTS -> list(Schema.Kind.INT, random);
            case FLOATS -> list(Schema.Kind.FLOAT, random);
            case STRINGS -> list(Schema.Kind.STRING, random);
        };
    }

    private static List<Object> list(Schema.Kind kind, Random random) {
        Object[] values = new Object[random.nextInt(5)];
        Object same = value(kind, random);
        boolean equal = random.nextBoolean();
        Arrays.setAll(values, i -> equal ? same : value(kind, random));
        return List.of(values);
    }

    @Test
    public void namesComeBack() throws IOException {
        ByteSink sink = new ByteSink();
        NameTable written = new NameTable(MemoryBudget.ofWriter());
        List<String> names = List.of("own", "batch", "", "own", "x", "枝", "枝", "batch");
        names.forEach(name -> written.write(name, sink));
        ByteSource source = new ByteSource(sink.toByteArray(), "names");
        NameTable read = new NameTable(MemoryBudget.ofWriter());
        for (String name : names) {
            assertEquals(read.read(source, "a name"), name);
        }
        assertEquals(source.left(), 0);
    }

    /** A traced graph calls its inputs as the block does. */
    @Test
    public void namesThatDjlGivesToInputsAreWords() {
        Map<Block, Shape[]> blocks = new LinkedHashMap<>();
        Shape row = new Shape(1, 4);
        blocks.put(new LambdaBlock(inputs -> inputs), new Shape[] {row, row, row});
        blocks.put(Linear.builder().setUnits(2).build(), new Shape[] {row});
        blocks.put(
                BertBlock.builder().nano().setTokenDictionarySize(7).build(),
                new Shape[] {row, row, row});
        Set<String> names = new TreeSet<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            blocks.forEach(
                    (block, shapes) -> {
                        block.initialize(manager, DataType.FLOAT32, shapes);
                        names.addAll(block.describeInput().keys());
                    });
        }
        assertEquals(names.size(), 7, names.toString());
        assertTrue(NameTable.WORDS.containsAll(names), names.toString());
    }

    @Test
    public void aGraphOfAnotherModelIsRefused() {
        Graph graph = GraphSamples.smallest().graph().orElseThrow();
        assertRefused(graph, "no value of that path", List.of());
        assertRefused(graph, "float32(2, 3)", List.of(dense("w", 2, 3)));
        Graph.Input large =
                new Graph.Input(
                        "x",
                        graph.inputs().get(0).type(),
                        shape(Dim.free("batch"), Dim.of(1L << 31)));
        Graph huge = new Graph(List.of(large), List.of(), Map.of(), List.of(), List.of("x"));
        assertRefused(huge, "at most 2147483647", List.of());
        Graph.Input half = new Graph.Input("\ud800", large.type(), shape());
        Graph unclear = new Graph(List.of(half), List.of(), Map.of(), List.of(), List.of("\ud800"));
        assertRefused(unclear, "surrogate", List.of());
        assertNotEquals(graph.canonical(), graph);
    }

    private static dev.bonsai.graph.type.Shape shape(Dim... dims) {
        return dev.bonsai.graph.type.Shape.of(dims);
    }

    private static NamedWeight dense(String path, int... shape) {
        int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return new NamedWeight(
                path, NamedWeight.Role.WEIGHT, new DenseWeight(shape, new float[size]));
    }

    private static void assertRefused(Graph graph, String message, List<NamedWeight> weights) {
        IllegalArgumentException e =
                expectThrows(
                        IllegalArgumentException.class,
                        () -> new BonsaiModel(weights, List.of()).withGraph(Optional.of(graph)));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
