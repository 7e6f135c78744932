package dev.bonsai.graph;

import static org.testng.Assert.assertEquals;

import dev.bonsai.block.GraphBlock;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Schema;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.onnx.OnnxExporter;
import dev.bonsai.onnx.OnnxImporter;
import dev.bonsai.onnx.OnnxImporter.Form;
import dev.bonsai.runtime.Kernels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.testng.annotations.Test;

/** {@code docs/operators.md} tells which part of the project knows which operator. */
public class OperatorTableTest {

    private static final Path PAGE = Path.of("docs", "operators.md");
    private static final Path TRACER = Path.of("src", "main", "java", "dev", "bonsai", "trace");
    private static final Map<String, List<OperatorCase>> CASES =
            OperatorCases.all().stream()
                    .collect(Collectors.groupingBy(made -> made.operator().onnxName()));

    @Test
    void thePageTellsWhichPartKnowsWhichOperator() throws IOException {
        String expected =
                Operators.all().stream()
                        .sorted(Comparator.comparing(Schema::number))
                        .map(OperatorTableTest::row)
                        .collect(Collectors.joining("\n"));
        String actual =
                Files.readString(PAGE)
                        .lines()
                        .filter(line -> line.matches("\\| [0-9].*"))
                        .collect(Collectors.joining("\n"));
        assertEquals(actual, expected, "Put these lines into " + PAGE + ":\n" + expected + "\n");
    }

    private static String row(Schema schema) {
        OperatorCase made = CASES.get(schema.name()).get(0);
        return Stream.of(
                        Integer.toString(schema.number()),
                        schema.name(),
                        mark(traced(schema.name())),
                        mark(inBlock(made)),
                        mark(Kernels.knows(made.operator())),
                        mark(writtenAndRead(schema.name())))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String mark(boolean known) {
        return known ? "yes" : "no";
    }

    /** Whether a source of the tracer names the operator: there is no list to ask. */
    private static boolean traced(String name) {
        String constant = name.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
        String last = constant.substring(constant.indexOf('_') + 1);
        List<String> marks =
                switch (name) {
                    case "Shape" -> List.of("new ShapeOf(");
                    case "LSTM" -> List.of("Kind.LSTM");
                    case "GRU" -> List.of("Kind.GRU");
                    case "GlobalAveragePool" -> List.of("GlobalPool.AVERAGE");
                    case "GlobalMaxPool" -> List.of("GlobalPool.MAX");
                    case "AveragePool" -> List.of("WindowPool.Kind.AVERAGE");
                    case "MaxPool" -> List.of("WindowPool.Kind.MAX");
                    case "PRelu", "MatMul" -> List.of("Plain." + name.toUpperCase(Locale.ROOT));
                    default ->
                            name.startsWith("Reduce")
                                    ? List.of("Kind." + last)
                                    : List.of(
                                            "new " + name + "(",
                                            name + "::new",
                                            "Operators.of(\"" + name + "\"",
                                            "Plain." + constant,
                                            "ParametricActivation.Kind." + constant,
                                            "Softmax.Kind." + constant,
                                            "Unary." + constant,
                                            "Binary." + constant,
                                            "Comparison." + constant,
                                            "Variadic." + constant);
                };
        return marks.stream().anyMatch(OperatorTableTest::mentions);
    }

    private static boolean mentions(String mark) {
        return SOURCES.stream().anyMatch(text -> containsWord(text, mark));
    }

    private static boolean containsWord(String text, String mark) {
        int at = text.indexOf(mark);
        while (at >= 0) {
            int end = at + mark.length();
            if (mark.endsWith("(") || !Character.isJavaIdentifierPart(text.charAt(end))) {
                return true;
            }
            at = text.indexOf(mark, end);
        }
        return false;
    }

    private static final Set<String> SOURCES = sources();

    private static Set<String> sources() {
        Set<String> texts = new HashSet<>();
        try (Stream<Path> files = Files.walk(TRACER)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    private static boolean inBlock(OperatorCase made) {
        try {
            return new GraphBlock(made.graph()).getParameters().isEmpty();
        } catch (GraphException e) {
            return false;
        }
    }

    /** Whether ONNX Runtime agrees on a file of one of the cases, and the file is read again. */
    private static boolean writtenAndRead(String name) {
        return CASES.get(name).stream().limit(40).anyMatch(OperatorTableTest::writtenAndRead);
    }

    private static boolean writtenAndRead(OperatorCase made) {
        Path file = null;
        try {
            file = Files.createTempFile("operator", ".onnx");
            Files.delete(file);
            OnnxExporter.write(file, new GraphModel(made.graph(), Map.of()));
            return !OnnxImporter.read(file, Form.LITERAL).graph().nodes().isEmpty();
        } catch (IOException | RuntimeException e) {
            return false;
        } finally {
            if (file != null) {
                file.toFile().delete();
            }
        }
    }
}
