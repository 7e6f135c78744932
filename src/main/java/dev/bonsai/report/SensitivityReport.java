package dev.bonsai.report;

import dev.bonsai.Sensitivity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the metric falls when one weight alone is compressed: what {@link Sensitivity} found.
 *
 * @param metric the name of the metric
 * @param baseline the metric of the dense model
 * @param rows one for each technique, weight and level: the techniques in the order in which they
 *     were added, the weights in the order of the model, the levels from the mildest on
 */
public record SensitivityReport(String metric, double baseline, List<Row> rows) {

    /**
     * One evaluation.
     *
     * @param technique the name of the technique; a second one of a name has a number behind it
     * @param weight the path of the weight that it worked on
     * @param asked the level as text, such as {@code 4 bits}
     * @param level the level as a number
     * @param metric the metric of the model with this one weight changed
     * @param drop how much worse than the baseline that is, in the metric's unit
     */
    public record Row(
            String technique,
            String weight,
            String asked,
            double level,
            double metric,
            double drop) {}

    /** Copies the list. */
    public SensitivityReport {
        rows = List.copyOf(rows);
    }

    /**
     * Returns the names of the techniques.
     *
     * @return the names, in order
     */
    public List<String> techniques() {
        return distinct(rows, Row::technique);
    }

    /**
     * Returns the weights that a technique works on, the one that it hurts most first: by the mean
     * drop over the technique's levels. Weights with the same mean stand in the order of the model;
     * a metric that is not a number counts as worst.
     *
     * @param technique the name of the technique
     * @return the paths of the weights
     * @throws IllegalArgumentException if there is no such technique
     */
    public List<String> mostSensitive(String technique) {
        Map<String, Double> drops =
                of(technique).stream()
                        .collect(
                                Collectors.groupingBy(
                                        Row::weight, Collectors.averagingDouble(Row::drop)));
        List<String> weights = distinct(of(technique), Row::weight);
        // Double.compare takes NaN for the largest number
        weights.sort((a, b) -> Double.compare(drops.get(b), drops.get(a)));
        return weights;
    }

    /**
     * Returns the rows of one technique.
     *
     * @param technique the name of the technique
     * @return its rows, in order
     * @throws IllegalArgumentException if there is no such technique
     */
    public List<Row> of(String technique) {
        List<Row> found = rows.stream().filter(row -> row.technique.equals(technique)).toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    String.format(
                            "The report has no technique '%s': it has %s",
                            technique, techniques()));
        }
        return found;
    }

    /** Returns a table of metrics for each technique: the weights down, the levels across. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%s %.4f dense%n", metric, baseline));
        for (String technique : techniques()) {
            text.append(String.format("%n%s%n", technique));
            table(of(technique), text);
        }
        return text.toString();
    }

    private static void table(List<Row> rows, StringBuilder text) {
        int name = rows.stream().mapToInt(row -> row.weight.length()).max().orElse(0);
        List<String> levels = distinct(rows, Row::asked);
        text.append(" ".repeat(name));
        levels.forEach(level -> text.append("  ").append(padded(level, width(level))));
        for (String weight : distinct(rows, Row::weight)) {
            text.append(String.format("%n%-" + name + "s", weight));
            for (Row row : rows) {
                if (row.weight.equals(weight)) {
                    String metric = String.format(Locale.ROOT, "%.4f", row.metric);
                    text.append("  ").append(padded(metric, width(row.asked)));
                }
            }
        }
        text.append(System.lineSeparator());
    }

    /** The width of a column: that of its title, and of numbers such as -0.1234. */
    private static int width(String title) {
        return Math.max(7, title.length());
    }

    private static String padded(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private static List<String> distinct(List<Row> rows, Function<Row, String> part) {
        Set<String> found = new LinkedHashSet<>();
        rows.forEach(row -> found.add(part.apply(row)));
        return new ArrayList<>(found);
    }
}
