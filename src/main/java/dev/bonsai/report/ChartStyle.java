package dev.bonsai.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Locale;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.markers.Marker;

/** The one look that all charts of Bonsai have: white, with thin lines and clear colours. */
public final class ChartStyle {

    static final BasicStroke LINE = new BasicStroke(2f);
    static final BasicStroke THIN = new BasicStroke(1f);
    static final BasicStroke DASHED =
            new BasicStroke(
                    1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {6, 4}, 0);

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
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setChartTitleBoxVisible(false);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(Palette.LIGHT);
        styler.setPlotGridLinesStroke(THIN);
        styler.setAxisTickMarksColor(Palette.GREY);
        styler.setYAxisLeftWidthHint(60);
        styler.setYAxisTickMarkSpacingHint(30);
        styler.setLegendVisible(false);
        styler.setLegendBorderColor(Color.WHITE);
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

    static void series(XYSeries series, Color colour, Marker marker) {
        series.setLineColor(colour);
        series.setLineStyle(LINE);
        series.setMarkerColor(colour);
        series.setMarker(marker);
    }
}
