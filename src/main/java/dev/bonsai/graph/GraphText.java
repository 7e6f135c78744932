package dev.bonsai.graph;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes a graph for people: a line per input, weight, long constant and node, in columns, with the
 * shapes at the right. Short constants stand where they are used.
 */
final class GraphText {

    private static final int MOST_ELEMENTS = 8;

    /**
     * A column is as wide as its widest text, and no wider than this; what is longer sticks out.
     */
    private static final int[] WIDEST = {8, 40, 90};

    /** What a line begins with, a name, what it is, and its shape. */
    private record Line(String kind, String name, String text, String shape) {

        List<String> columns() {
            return List.of(kind, name, text);
        }
    }

    private final Graph graph;
    private final Map<String, ValueInfo> values;
    private final Set<String> inline;
    private final List<Line> lines = new ArrayList<>();

    private GraphText(Graph graph) {
        this.graph = graph;
        values = graph.values();
        Set<String> used =
                graph.nodes().stream()
                        .flatMap(node -> node.inputs().stream())
                        .collect(Collectors.toCollection(HashSet::new));
        graph.outputs().forEach(used::remove);
        inline =
                graph.constants().entrySet().stream()
                        .filter(entry -> entry.getValue().size() <= MOST_ELEMENTS)
                        .filter(entry -> entry.getValue().shape().length <= 1)
                        .map(Map.Entry::getKey)
                        .filter(used::contains)
                        .collect(Collectors.toSet());
    }

    static String of(Graph graph) {
        return new GraphText(graph).text();
    }

    private String text() {
        graph.inputs().forEach(i -> lines.add(new Line("input", i.name(), shape(i.name()), "")));
        graph.weights().forEach(w -> lines.add(new Line("weight", w.path(), shape(w.path()), "")));
        graph.constants().forEach(this::constant);
        graph.nodes().forEach(this::node);
        List<Integer> widths =
                IntStream.range(0, WIDEST.length)
                        .map(
                                i ->
                                        lines.stream()
                                                .mapToInt(line -> line.columns().get(i).length())
                                                .filter(width -> width <= WIDEST[i])
                                                .max()
                                                .orElse(0))
                        .boxed()
                        .toList();
        Stream<String> written = lines.stream().map(line -> written(line, widths));
        String output = padded("output", widths.get(0)) + "  " + String.join(", ", graph.outputs());
        return Stream.concat(written, Stream.of(output)).collect(Collectors.joining("\n"));
    }

    private static String written(Line line, List<Integer> widths) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.size(); ++i) {
            text.append(padded(line.columns().get(i), widths.get(i))).append("  ");
        }
        return text.append(line.shape()).toString().stripTrailing();
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private String shape(String value) {
        return value.equals(Node.ABSENT) ? "-" : values.get(value).toString();
    }

    private void constant(String name, EncodedWeight value) {
        if (!inline.contains(name)) {
            String text = value.size() <= MOST_ELEMENTS ? " = " + elements(value) : "";
            lines.add(new Line("constant", name, shape(name) + text, ""));
        }
    }

    private void node(Node node) {
        String attributes = node.operator().attributes().toString();
        String text =
                "= "
                        + node.operator().onnxName()
                        + node.inputs().stream()
                                .map(this::operand)
                                .collect(Collectors.joining(", ", "(", ""))
                        + (attributes.isEmpty() ? ")" : "; " + attributes + ")");
        String names =
                node.outputs().stream()
                        .map(name -> name.equals(Node.ABSENT) ? "-" : name)
                        .collect(Collectors.joining(", "));
        String shapes = node.outputs().stream().map(this::shape).collect(Collectors.joining(", "));
        lines.add(new Line("", names, text, shapes));
    }

    private String operand(String name) {
        if (name.equals(Node.ABSENT)) {
            return "-";
        }
        return inline.contains(name) ? elements(graph.constants().get(name)) : name;
    }

    /**
     * The elements of a small constant, as they are written in Java; without a scalar's brackets.
     */
    private static String elements(EncodedWeight value) {
        String list;
        if (Constants.isFloat(Constants.type(value))) {
            List<Float> floats = new ArrayList<>();
            for (float element : value.decode()) {
                floats.add(element);
            }
            list = floats.toString();
        } else {
            list = Constants.integers(value).toString();
        }
        return value.shape().length == 0 ? list.substring(1, list.length() - 1) : list;
    }
}
