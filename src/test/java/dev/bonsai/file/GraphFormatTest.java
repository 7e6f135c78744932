package dev.bonsai.file;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.testng.annotations.Test;

/** What docs/format.md says of graphs is so, and enough to read them. */
public class GraphFormatTest {

    private static final Path PAGE = Path.of("docs/format.md");

    @Test
    public void theTableOfThePageHasAllOperators() throws IOException {
        List<String> rows =
                Files.readString(PAGE)
                        .lines()
                        .dropWhile(line -> !line.startsWith("| number |"))
                        .takeWhile(line -> line.startsWith("|"))
                        .toList();
        assertEquals(rows, operatorTable());
    }

    static List<String> operatorTable() {
        List<String> rows = new ArrayList<>();
        rows.add("| number | operator | operands | results | attributes |");
        rows.add("|---|---|---|---|---|");
        Operators.all().stream()
                .sorted(Comparator.comparingInt(Schema::number))
                .forEach(schema -> rows.add(row(schema)));
        return rows;
    }

    private static String row(Schema schema) {
        String attributes =
                schema.attributes().stream()
                        .map(a -> "`" + a.name() + "` " + a.kind().name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "| %d | %s | %s | %s | %s |",
                schema.number(),
                schema.name(),
                arity(schema.operands()),
                arity(schema.results()),
                attributes);
    }

    private static String arity(Schema.Arity arity) {
        return arity.least() == arity.most()
                ? Integer.toString(arity.least())
                : arity.least() + " to " + arity.most();
    }

    @Test
    public void theWordsOfThePageAreThoseOfTheFormat() throws IOException {
        String page = Files.readString(PAGE);
        String words = FormatTest.fenced(page.substring(page.indexOf("begins with these words")));
        assertEquals(List.of(words.strip().split("\\s+")), NameTable.WORDS);
    }

    @Test
    public void theExampleOfThePageIsAFile() throws IOException {
        String digits = FormatTest.digits("## An example of version 2");
        byte[] bytes = BonsaiFile.encode(GraphSamples.smallest(), FileForm.PACKED);
        assertEquals(digits, FormatTest.hex(bytes));
    }

    @Test
    public void goldenFilesAreReadAsTheyWereMade() throws IOException {
        for (Map.Entry<String, BonsaiModel> each : GraphSamples.all().entrySet()) {
            byte[] bytes = Files.readAllBytes(FormatTest.file(each.getKey()));
            assertEquals(bytes[4], 2);
            BonsaiModel read = BonsaiFile.decode(bytes);
            BonsaiModel made = each.getValue();
            assertEquals(read.graph(), made.graph().map(Graph::canonical));
            Samples.assertSame(read, made.withGraph(read.graph()));
        }
    }

    @Test
    public void filesOfVersion1AreReadWithoutAGraph() throws IOException {
        for (String name : GoldenFiles.all().keySet()) {
            byte[] bytes = Files.readAllBytes(FormatTest.file(name));
            assertEquals(bytes[4], 1);
            assertEquals(BonsaiFile.decode(bytes).graph(), Optional.empty());
        }
    }

    @Test
    public void aReaderOfThePageAloneReadsTheSameGraphs() throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--graphs"));
        List<String> expected = new ArrayList<>();
        for (Map.Entry<String, BonsaiModel> each : GraphSamples.all().entrySet()) {
            arguments.add(FormatTest.file(each.getKey()).toString());
            expected.add(json(each.getValue().graph().orElseThrow().canonical()));
        }
        assertEquals(FormatTest.python(arguments), expected);
        assertTrue(expected.size() > 3);
    }

    private static String json(Graph graph) {
        String inputs =
                list(
                        graph.inputs(),
                        input ->
                                array(
                                        text(input.name()),
                                        text(input.type().name().toLowerCase(Locale.ROOT)),
                                        list(
                                                input.shape().dims(),
                                                dim ->
                                                        dim.isFixed()
                                                                ? dim.toString()
                                                                : text(dim.toString()))));
        String constants =
                list(
                        graph.constants().entrySet(),
                        each -> constant(each.getKey(), each.getValue()));
        return array(
                inputs,
                list(graph.weights(), weight -> text(weight.path())),
                constants,
                list(graph.nodes(), GraphFormatTest::node),
                list(graph.outputs(), GraphFormatTest::text));
    }

    private static String constant(String name, EncodedWeight value) {
        return array(
                text(name),
                Arrays.toString(value.shape()).replace(" ", ""),
                text(FormatTest.numbers(value)));
    }

    private static String node(Node node) {
        Schema schema = node.operator().schema();
        List<String> attributes = new ArrayList<>();
        for (Schema.Attribute attribute : schema.attributes()) {
            node.operator()
                    .attributes()
                    .get(attribute.name())
                    .ifPresent(value -> attributes.add(array(text(attribute.name()), of(value))));
        }
        return array(
                text(schema.name()),
                list(node.inputs(), GraphFormatTest::text),
                list(node.outputs(), GraphFormatTest::text),
                array(attributes.toArray(String[]::new)));
    }

    /** Floats as the bits that they have. */
    private static String of(Object value) {
        if (value instanceof List<?> values) {
            return list(values, GraphFormatTest::of);
        }
        return value instanceof Float number
                ? Integer.toString(Float.floatToRawIntBits(number))
                : value instanceof Long number ? number.toString() : text((String) value);
    }

    private static <T> String list(
            Iterable<T> values, java.util.function.Function<? super T, String> json) {
        List<String> all = new ArrayList<>();
        values.forEach(value -> all.add(json.apply(value)));
        return array(all.toArray(String[]::new));
    }

    private static String array(String... values) {
        return "[" + String.join(",", values) + "]";
    }

    private static String text(String value) {
        return "\"" + value + "\"";
    }
}
