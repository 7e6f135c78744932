package dev.bonsai.report;

import dev.bonsai.Sensitivity;
import dev.bonsai.text.Numbers;
import dev.bonsai.text.TextTable;
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
                            Locale.ROOT,
                            "The report has no technique '%s': it has %s",
                            technique,
                            techniques()));
        }
        return found;
    }

    /** Returns a table of metrics for each technique: the weights down, the levels across. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        String end = System.lineSeparator();
        text.append(metric).append(' ').append(Numbers.metric(baseline)).append(" dense");
        for (String technique : techniques()) {
            text.append(end).append(end).append(technique).append(end).append(table(technique));
        }
        return text.append(end).toString();
    }

    private TextTable table(String technique) {
        List<Row> shown = of(technique);
        List<String> levels = distinct(shown, Row::asked);
        List<String> titles = new ArrayList<>(List.of(""));
        levels.forEach(level -> titles.add("#" + level));
        TextTable table = new TextTable(titles);
        for (String weight : distinct(shown, Row::weight)) {
            List<String> cells = new ArrayList<>(List.of(weight));
            levels.forEach(level -> cells.add(cell(shown, weight, level)));
            table.row(cells);
        }
        return table;
    }

    private static String cell(List<Row> rows, String weight, String level) {
        return rows.stream()
                .filter(row -> row.weight.equals(weight) && row.asked.equals(level))
                .findFirst()
                .map(row -> Numbers.metric(row.metric))
                .orElse("");
    }

    private static List<String> distinct(List<Row> rows, Function<Row, String> part) {
        Set<String> found = new LinkedHashSet<>();
        rows.forEach(row -> found.add(part.apply(row)));
        return new ArrayList<>(found);
    }
}
