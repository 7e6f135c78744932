package dev.bonsai.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws what each weight bears. */
final class SensitivityCharts {

    private SensitivityCharts() {}

    static Figure of(SensitivityReport report) {
        return new Figure(report.techniques().stream().map(t -> chart(report, t)).toList(), 1);
    }

    private static XYChart chart(SensitivityReport report, String technique) {
        List<SensitivityReport.Row> rows =
                report.of(technique).stream().filter(r -> Double.isFinite(r.metric())).toList();
        String title = report.metric() + " with " + technique + " of one weight alone";
        XYChart chart = ChartStyle.lines(title, "level", report.metric(), ReportCharts.WIDTH, 300);
        chart.getStyler().setLegendVisible(true);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        double[] ends =
                report.of(technique).stream().mapToDouble(r -> r.level()).sorted().toArray();
        XYSeries dense =
                chart.addSeries(
                        "dense",
                        new double[] {ends[0], ends[ends.length - 1]},
                        new double[] {report.baseline(), report.baseline()});
        ChartStyle.series(dense, Palette.GREY, SeriesMarkers.NONE);
        dense.setLineStyle(ChartStyle.DASHED);
        Map<String, List<SensitivityReport.Row>> lines = new LinkedHashMap<>();
        rows.forEach(r -> lines.computeIfAbsent(r.weight(), w -> new ArrayList<>()).add(r));
        int index = 0;
        for (Map.Entry<String, List<SensitivityReport.Row>> line : lines.entrySet()) {
            String name = ChartStyle.label(line.getKey(), lines.keySet());
            double[] x = line.getValue().stream().mapToDouble(r -> r.level()).toArray();
            double[] y = line.getValue().stream().mapToDouble(r -> r.metric()).toArray();
            Color colour = Palette.SERIES.get(index++ % Palette.SERIES.size());
            ChartStyle.series(chart.addSeries(name, x, y), colour, SeriesMarkers.CIRCLE);
        }
        return chart;
    }
}
