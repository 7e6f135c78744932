package dev.bonsai.report;

import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import java.awt.Color;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws metric, sparsity and bits over the epochs of a training, one above the other. */
final class EpochCharts {

    /** Below this XChart's numbers run out of digits, and another unit is shown. */
    private static final double SMALL = 1e-3;

    private final CompressionReport report;
    private final double first;
    private final double last;

    private EpochCharts(CompressionReport report) {
        this.report = report;
        first = report.epochs().get(0).epoch();
        last = report.epochs().get(report.epochs().size() - 1).epoch();
    }

    /** Draws a report of at least one epoch. */
    static Figure of(CompressionReport report) {
        EpochCharts epochs = new EpochCharts(report);
        List<XYChart> charts = List.of(epochs.metric(), epochs.sparsity(), epochs.bits());
        ChartStyle.align(charts, epochs.first);
        return new Figure(charts, 1);
    }

    private XYChart sparsity() {
        String title = "Sparsity: the fraction of the weights that is removed";
        return track(title, EpochSummary::sparsity, report.sparsity(), 1, Palette.GREEN);
    }

    private XYChart bits() {
        double bits =
                report.weights().stream().mapToDouble(w -> w.bits() * (double) w.size()).sum()
                        / report.elements();
        String title = "Bits of a weight on average, without its scales";
        return track(title, EpochSummary::bits, bits, Float.SIZE, Palette.VERMILION);
    }

    private XYChart track(
            String title,
            ToDoubleFunction<EpochSummary> value,
            double end,
            double max,
            Color colour) {
        XYChart chart = overEpochs(title, 210);
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(max);
        ChartStyle.series(accepted(chart, value, end), colour, SeriesMarkers.CIRCLE);
        return chart;
    }

    private XYChart overEpochs(String title, int height) {
        XYChart chart = ChartStyle.lines(title, "epochs trained", "", ReportCharts.WIDTH, height);
        chart.getStyler().setXAxisMin(first - 0.5).setXAxisMax(last + 0.5);
        chart.getStyler().setXAxisDecimalPattern("0"); // there are no half epochs
        return chart;
    }

    /** Adds the value at each epoch's end, and the one that the closing of the trainer led to. */
    private XYSeries accepted(XYChart chart, ToDoubleFunction<EpochSummary> value, double end) {
        List<EpochSummary> epochs = report.epochs();
        DoubleStream x = epochs.stream().mapToDouble(EpochSummary::epoch);
        DoubleStream y = epochs.stream().mapToDouble(value);
        return chart.addSeries(
                "accepted state",
                DoubleStream.concat(x, DoubleStream.of(last)).toArray(),
                DoubleStream.concat(y, DoubleStream.of(end)).toArray());
    }

    private XYChart metric() {
        int power = power();
        double unit = Math.pow(10, power);
        String title = report.metric() + " of the accepted state, and of every trial";
        XYChart chart = overEpochs(power == 0 ? title : title + ", times 1e" + power, 300);
        chart.getStyler().setLegendVisible(true);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(LegendLayout.Horizontal);
        chart.getStyler().setErrorBarsColorSeriesColor(true); // black is not seen on a dark page
        tolerance(chart, unit);
        double[] ends = {first, last};
        double[] level = {report.baseline() / unit, report.baseline() / unit};
        XYSeries baseline = chart.addSeries("baseline", ends, level);
        ChartStyle.series(baseline, Palette.GREY, SeriesMarkers.NONE);
        baseline.setLineStyle(ChartStyle.DASHED);
        XYSeries accepted = accepted(chart, e -> e.metric() / unit, report.achieved() / unit);
        ChartStyle.series(accepted, Palette.BLUE, SeriesMarkers.NONE);
        trials(chart, unit, "step accepted", SeriesMarkers.CIRCLE, Set.of(Verdict.ACCEPTED));
        trials(chart, unit, "recovering", SeriesMarkers.DIAMOND, Set.of(Verdict.RECOVERING));
        trials(chart, unit, "undecided", SeriesMarkers.SQUARE, Set.of(Verdict.UNDECIDED));
        trials(
                chart,
                unit,
                "undone or refused",
                SeriesMarkers.CROSS,
                EnumSet.of(Verdict.ROLLED_BACK, Verdict.REFUSED));
        return chart;
    }

    /** Returns the power of ten of the unit that the metric is shown in: 0 for 1. */
    private int power() {
        double most = Math.abs(report.baseline());
        for (Trial trial : report.trials()) {
            most =
                    Double.isFinite(trial.metric())
                            ? Math.max(most, Math.abs(trial.metric()))
                            : most;
        }
        return most > 0 && most < SMALL ? (int) Math.floor(Math.log10(most)) : 0;
    }

    /** Fills what lies between the baseline and the worst metric that the gate accepts. */
    private void tolerance(XYChart chart, double unit) {
        double from = report.baseline() / unit;
        double to = report.bound() / unit;
        if (!Double.isFinite(to) || !Double.isFinite(from)) {
            return;
        }
        double left = first - 0.5;
        double right = last + 0.5;
        XYSeries band =
                chart.addSeries(
                        "tolerance",
                        new double[] {left, right, right, left},
                        new double[] {from, from, to, to});
        ChartStyle.series(band, Palette.LIGHT, SeriesMarkers.NONE);
        band.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
        band.setFillColor(Palette.LIGHT);
    }

    private void trials(
            XYChart chart, double unit, String name, Marker marker, Set<Verdict> verdicts) {
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
                        shown.stream().mapToDouble(t -> t.metric() / unit).toArray(),
                        errors(shown, unit));
        ChartStyle.series(series, Palette.mark(verdicts.iterator().next()), marker);
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    }

    /** The standard errors of the drops; null, which draws none, where no one is known. */
    private static double[] errors(List<Trial> shown, double unit) {
        double[] errors =
                shown.stream().mapToDouble(EpochCharts::error).map(e -> e / unit).toArray();
        return Arrays.stream(errors).anyMatch(error -> error > 0) ? errors : null;
    }

    private static double error(Trial trial) {
        return Double.isNaN(trial.standardError()) ? 0 : trial.standardError();
    }
}
