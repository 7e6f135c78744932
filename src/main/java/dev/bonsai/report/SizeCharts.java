package dev.bonsai.report;

import dev.bonsai.file.ByteLedger;
import dev.bonsai.file.ByteLedger.WeightBytes;
import dev.bonsai.file.Section;
import java.awt.Color;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Draws the bytes of a file. */
final class SizeCharts {

    private SizeCharts() {}

    static Figure of(long before, ByteLedger after) {
        CategoryChart total =
                ChartStyle.bars(
                        String.format(
                                Locale.ROOT, "%.0f times smaller", (double) before / after.total()),
                        "kilobytes",
                        300,
                        320);
        total.addSeries(
                        "bytes",
                        List.of(
                                "before: " + kilobytes(before),
                                "after: " + kilobytes(after.total())),
                        List.of(before / 1000.0, after.total() / 1000.0))
                .setFillColor(Palette.BLUE);
        return Figure.row(total, parts(after));
    }

    private static String kilobytes(long bytes) {
        return String.format(Locale.ROOT, bytes < 100_000 ? "%.1f kB" : "%,.0f kB", bytes / 1000.0);
    }

    private static CategoryChart parts(ByteLedger ledger) {
        Map<String, Map<Section, Long>> rows = new LinkedHashMap<>();
        Map<Section, Long> others = new EnumMap<>(ledger.bytes());
        List<String> paths = ledger.weights().stream().map(WeightBytes::path).toList();
        for (WeightBytes weight : ledger.weights()) {
            if (weight.total() * 100 >= ledger.total()) {
                rows.put(ChartStyle.label(weight.path(), paths), weight.bytes());
                weight.bytes().forEach((section, n) -> others.merge(section, -n, Long::sum));
            }
        }
        rows.put("all else", others);
        CategoryChart chart = ChartStyle.bars("Where its bytes are", "kilobytes", 460, 320);
        chart.getStyler().setStacked(true);
        chart.getStyler().setLegendVisible(true);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setXAxisLabelRotation(20);
        List<String> names = new ArrayList<>(rows.keySet());
        Iterator<Color> colours = Palette.SERIES.iterator();
        for (Section section : Section.values()) {
            Color colour = colours.next(); // one per section, whichever of them are shown
            List<Double> values = rows.values().stream().map(r -> r.get(section) / 1000.0).toList();
            if (values.stream().anyMatch(v -> v > 0)) {
                chart.addSeries(section.toString(), names, values).setFillColor(colour);
            }
        }
        return chart;
    }
}
