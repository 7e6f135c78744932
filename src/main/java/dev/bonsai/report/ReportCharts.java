package dev.bonsai.report;

import dev.bonsai.CompressionReport;
import dev.bonsai.EpochSummary;
import dev.bonsai.artifact.ByteLedger;
import dev.bonsai.artifact.ByteLedger.Section;
import dev.bonsai.artifact.ByteLedger.WeightBytes;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws what a compression did. Needs XChart, an optional dependency of Bonsai's. */
public final class ReportCharts {

    private static final int WIDTH = 760;

    private ReportCharts() {}

    /**
     * Draws how far the compression had come at the end of each epoch: the metric, with every trial
     * of the gate; the sparsity; the bits of a weight. Three charts, one above the other, over the
     * same epochs.
     *
     * @param report the report of a training of at least one judged epoch
     * @return the figure
     * @throws IllegalArgumentException if the report has no epoch
     */
    public static Figure epochs(CompressionReport report) {
        if (report.epochs().isEmpty()) {
            throw new IllegalArgumentException(
                    "The report has no epoch to draw: nothing was compressed, see its notes");
        }
        return new Figure(
                List.of(
                        metric(report),
                        overEpochs(
                                report,
                                "Sparsity: fraction of weights removed",
                                EpochSummary::sparsity,
                                1,
                                Palette.GREEN),
                        overEpochs(
                                report,
                                "Bits of a weight, on average",
                                EpochSummary::bits,
                                Float.SIZE,
                                Palette.VERMILION)),
                1);
    }

    private static XYChart metric(CompressionReport report) {
        String title = report.metric() + ": of the accepted state, and of every trial";
        XYChart chart = Charts.lines(title, "epochs trained", "", WIDTH, 260);
        chart.getStyler().setLegendVisible(true);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        range(chart, report);
        List<EpochSummary> epochs = report.epochs();
        double[] ends = {first(report), last(report)};
        XYSeries baseline =
                chart.addSeries(
                        "baseline", ends, new double[] {report.baseline(), report.baseline()});
        Charts.style(baseline, Palette.GREY, SeriesMarkers.NONE);
        baseline.setLineStyle(Charts.DASHED);
        XYSeries accepted =
                chart.addSeries(
                        "accepted state",
                        epochs.stream().mapToDouble(EpochSummary::epoch).toArray(),
                        epochs.stream().mapToDouble(EpochSummary::metric).toArray());
        Charts.style(accepted, Palette.BLUE, SeriesMarkers.NONE);
        trials(chart, report, "step accepted", SeriesMarkers.CIRCLE, Set.of(Verdict.ACCEPTED));
        trials(chart, report, "recovering", SeriesMarkers.DIAMOND, Set.of(Verdict.RECOVERING));
        trials(
                chart,
                report,
                "undone or refused",
                SeriesMarkers.CROSS,
                EnumSet.of(Verdict.ROLLED_BACK, Verdict.REFUSED));
        return chart;
    }

    private static void trials(
            XYChart chart,
            CompressionReport report,
            String name,
            Marker marker,
            Set<Verdict> verdicts) {
        List<Trial> shown =
                report.trials().stream()
                        .filter(t -> verdicts.contains(t.verdict()))
                        .filter(t -> Double.isFinite(t.metric()))
                        .toList();
        if (shown.isEmpty()) {
            return;
        }
        XYSeries series =
                chart.addSeries(
                        name,
                        shown.stream().mapToDouble(Trial::epoch).toArray(),
                        shown.stream().mapToDouble(Trial::metric).toArray());
        Charts.style(series, Palette.of(verdicts.iterator().next()), marker);
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    }

    private static XYChart overEpochs(
            CompressionReport report,
            String title,
            ToDoubleFunction<EpochSummary> value,
            double max,
            Color colour) {
        XYChart chart = Charts.lines(title, "epochs trained", "", WIDTH, 210);
        range(chart, report);
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(max);
        List<EpochSummary> epochs = report.epochs();
        XYSeries series =
                chart.addSeries(
                        title,
                        epochs.stream().mapToDouble(EpochSummary::epoch).toArray(),
                        epochs.stream().mapToDouble(value).toArray());
        Charts.style(series, colour, SeriesMarkers.CIRCLE);
        return chart;
    }

    private static void range(XYChart chart, CompressionReport report) {
        chart.getStyler().setXAxisMin(first(report) - 0.5).setXAxisMax(last(report) + 0.5);
    }

    private static double first(CompressionReport report) {
        return report.epochs().get(0).epoch();
    }

    private static double last(CompressionReport report) {
        return report.epochs().get(report.epochs().size() - 1).epoch();
    }

    /**
     * Draws the size before and after, and where the bytes that are left went: a bar a parameter,
     * stacked by section.
     *
     * @param before the bytes of the model as it was
     * @param after the ledger of the compressed file
     * @return the figure
     */
    public static Figure sizes(long before, ByteLedger after) {
        CategoryChart total =
                Charts.bars(
                        String.format(
                                Locale.ROOT, "%.0f times smaller", (double) before / after.total()),
                        "kilobytes",
                        280,
                        320);
        total.getStyler().setLabelsVisible(true);
        total.addSeries(
                        "bytes",
                        List.of("before", "after"),
                        List.of(before / 1000.0, after.total() / 1000.0))
                .setFillColor(Palette.BLUE);
        return Figure.row(total, parts(after));
    }

    private static CategoryChart parts(ByteLedger ledger) {
        Map<String, Map<Section, Long>> rows = new LinkedHashMap<>();
        Map<Section, Long> shared = new LinkedHashMap<>(ledger.bytes());
        for (WeightBytes weight : ledger.weights()) {
            rows.put(weight.path(), weight.bytes());
            weight.bytes().forEach((section, bytes) -> shared.merge(section, -bytes, Long::sum));
        }
        rows.put("(shared)", shared);
        CategoryChart chart = Charts.bars("Where the bytes of the file are", "kilobytes", 620, 320);
        chart.getStyler().setStacked(true);
        chart.getStyler().setLegendVisible(true);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setXAxisLabelRotation(30);
        List<String> names = new ArrayList<>(rows.keySet());
        Iterator<Color> colours = Palette.SERIES.iterator();
        for (Section section : Section.values()) {
            Color colour = colours.next(); // one a section, whichever of them are shown
            List<Double> values = rows.values().stream().map(r -> r.get(section) / 1000.0).toList();
            if (values.stream().anyMatch(v -> v > 0)) {
                chart.addSeries(section.toString(), names, values).setFillColor(colour);
            }
        }
        return chart;
    }

    /**
     * Draws how the values of a weight are distributed.
     *
     * @param title what is shown
     * @param values the values by name, in the order in which they are drawn over one another
     * @param bins the number of bars over the whole range, at least 1
     * @return the chart
     */
    public static XYChart histogram(String title, Map<String, float[]> values, int bins) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (float[] array : values.values()) {
            for (float value : array) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        if (bins < 1 || !(low < high)) {
            throw new IllegalArgumentException(
                    String.format(
                            "A histogram needs at least 1 bin and two different values, but got %d"
                                    + " bins from %s to %s",
                            bins, low, high));
        }
        XYChart chart = Charts.lines(title, "value", "elements", WIDTH, 300);
        chart.getStyler().setLegendVisible(values.size() > 1);
        int index = 0;
        for (Map.Entry<String, float[]> entry : values.entrySet()) {
            Color colour = Palette.SERIES.get(index % Palette.SERIES.size());
            XYSeries series = outline(chart, entry.getKey(), entry.getValue(), low, high, bins);
            Charts.style(series, colour, SeriesMarkers.NONE);
            series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Area);
            series.setFillColor(
                    new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 90));
            series.setLineStyle(new BasicStroke(1f));
            ++index;
        }
        return chart;
    }

    /** Adds the bars of one array as an area with upright sides. */
    private static XYSeries outline(
            XYChart chart, String name, float[] values, double low, double high, int bins) {
        int[] counts = new int[bins];
        for (float value : values) {
            ++counts[(int) Math.min(bins - 1, (value - low) / (high - low) * bins)];
        }
        double[] x = new double[2 * bins];
        double[] y = new double[2 * bins];
        for (int i = 0; i < bins; ++i) {
            x[2 * i] = low + (high - low) * i / bins;
            x[2 * i + 1] = low + (high - low) * (i + 1) / bins;
            y[2 * i] = counts[i];
            y[2 * i + 1] = counts[i];
        }
        return chart.addSeries(name, x, y);
    }
}
