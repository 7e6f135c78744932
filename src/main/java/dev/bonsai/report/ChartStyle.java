package dev.bonsai.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.markers.Marker;

/**
 * The one look that all charts of Bonsai have: thin lines and clear colours on no background, with
 * text that can be read on a light page and on a dark one.
 */
public final class ChartStyle {

    static final BasicStroke LINE = new BasicStroke(2f);
    static final BasicStroke THIN = new BasicStroke(1f);
    static final BasicStroke DASHED =
            new BasicStroke(
                    1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {6, 4}, 0);

    /** The characters of the longest label that is shown as it is. */
    private static final int LONGEST = 26;

    private static final String TICKS = "ticks at round values";

    private ChartStyle() {}

    /**
     * Gives a chart this look. Call it before series are added, and change afterwards what is to be
     * different; the legend is hidden.
     *
     * @param chart a chart with axes
     * @param <C> the type of the chart
     * @return the chart
     */
    public static <C extends Chart<? extends AxesChartStyler, ?>> C apply(C chart) {
        AxesChartStyler styler = chart.getStyler();
        Font text = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        styler.setBaseFont(text);
        styler.setChartTitleFont(text.deriveFont(Font.BOLD, 13f));
        styler.setAxisTitleFont(text);
        styler.setAxisTickLabelsFont(text.deriveFont(11f));
        styler.setLegendFont(text.deriveFont(11f));
        styler.setChartFontColor(Palette.INK);
        styler.setXAxisTickLabelsColor(Palette.INK);
        styler.setYAxisTickLabelsColor(Palette.INK);
        styler.setChartBackgroundColor(Palette.CLEAR);
        styler.setChartTitleBoxVisible(false);
        styler.setPlotBackgroundColor(Palette.CLEAR);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(Palette.LIGHT);
        styler.setPlotGridLinesStroke(THIN);
        styler.setAxisTickMarksColor(Palette.GREY);
        styler.setYAxisLeftWidthHint(76);
        styler.setYAxisTickMarkSpacingHint(30);
        styler.setLegendVisible(false);
        styler.setLegendBorderColor(Palette.CLEAR);
        styler.setLegendBackgroundColor(Palette.CLEAR);
        styler.setSeriesColors(Palette.SERIES.toArray(Color[]::new));
        styler.setSeriesLines(new BasicStroke[] {LINE});
        styler.setMarkerSize(8);
        styler.setLocale(Locale.ROOT);
        return chart;
    }

    static XYChart lines(String title, String xTitle, String yTitle, int width, int height) {
        return apply(
                new XYChartBuilder()
                        .width(width)
                        .height(height)
                        .title(title)
                        .xAxisTitle(xTitle)
                        .yAxisTitle(yTitle)
                        .build());
    }

    static CategoryChart bars(String title, String yTitle, int width, int height) {
        CategoryChart chart =
                apply(
                        new CategoryChartBuilder()
                                .width(width)
                                .height(height)
                                .title(title)
                                .yAxisTitle(yTitle)
                                .build());
        chart.getStyler().setPlotGridVerticalLinesVisible(false);
        chart.getStyler().setAvailableSpaceFill(0.6);
        return chart;
    }

    /**
     * Has a chart put its ticks at round values. Where the values of the series lie at even
     * distances, XChart takes some of them for ticks, and rounds only the labels. A series that is
     * not shown, and whose values don't, keeps it from doing so. Call it once the series are there.
     */
    static void roundTicks(XYChart chart) {
        if (!chart.getSeriesMap().containsKey(TICKS)) {
            double[] uneven = {0, 1, 1e6};
            chart.addSeries(TICKS, uneven, uneven).setEnabled(false);
        }
    }

    /**
     * Has charts of one width that stand one above the other begin at the same place, whatever the
     * width of their labels is. Call it once the series are there, with the same smallest x.
     */
    static void align(List<XYChart> charts, double x) {
        // twice: a hint is in whole pixels, and moves a chart by a little less
        for (int pass = 0; pass < 2; ++pass) {
            double[] starts = charts.stream().mapToDouble(chart -> start(chart, x)).toArray();
            double start = Arrays.stream(starts).max().orElse(0);
            for (int i = 0; i < starts.length; ++i) {
                hint(charts.get(i), (int) Math.round(start - starts[i]));
            }
        }
    }

    private static void hint(XYChart chart, int more) {
        AxesChartStyler styler = chart.getStyler();
        styler.setYAxisLeftWidthHint(styler.getYAxisLeftWidthHint() + more);
    }

    /** Returns where the value x is drawn. */
    private static double start(XYChart chart, double x) {
        roundTicks(chart);
        Graphics2D nowhere = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB).createGraphics();
        chart.paint(nowhere, chart.getWidth(), chart.getHeight());
        nowhere.dispose();
        return chart.getScreenXFromChart(x);
    }

    /**
     * Returns a path that leaves room for the chart beside it: of a long one its end. Paths of
     * which others have the same end stay as they are.
     */
    static String label(String path, Collection<String> all) {
        String end = end(path);
        boolean isOnly = all.stream().filter(other -> end(other).equals(end)).count() <= 1;
        return isOnly ? end : path;
    }

    private static String end(String path) {
        int from = path.length() - LONGEST + 1;
        return from <= 1 ? path : "…" + path.substring(from);
    }

    static void series(XYSeries series, Color colour, Marker marker) {
        series.setLineColor(colour);
        series.setLineStyle(LINE);
        series.setMarkerColor(colour);
        series.setMarker(marker);
    }
}
