package dev.bonsai.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the values of a weight. Needs XChart, an optional dependency of Bonsai's. */
public final class WeightCharts {

    private static final Color NEGATIVE = new Color(0x4A90C8);
    private static final Color POSITIVE = new Color(0xEBA937);
    private static final int CELL = 46;
    private static final double[] ROUND_STEPS = {1, 2, 5, 10};

    private WeightCharts() {}

    /**
     * Draws how values are distributed.
     *
     * @param title what is shown
     * @param bins how many bars there are, at least 1; about so many, for the bars to have round
     *     edges
     * @param values the values, of which at least two differ
     * @return the chart
     * @throws IllegalArgumentException if there is nothing to draw
     */
    public static XYChart histogram(String title, int bins, float... values) {
        double low = IntStream.range(0, values.length).mapToDouble(i -> values[i]).min().orElse(0);
        double high = IntStream.range(0, values.length).mapToDouble(i -> values[i]).max().orElse(0);
        if (bins < 1 || !(low < high)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A histogram needs at least 1 bin and two different values, but got %d"
                                    + " bins and %d values from %s to %s",
                            bins,
                            values.length,
                            low,
                            high));
        }
        double width = roundStep((high - low) / bins);
        double from = Math.floor(low / width);
        int[] counts = new int[(int) (Math.floor(high / width) - from) + 1];
        for (float value : values) {
            ++counts[(int) (Math.floor(value / width) - from)];
        }
        double[] x = new double[2 * counts.length];
        double[] y = new double[2 * counts.length];
        for (int i = 0; i < x.length; ++i) {
            int edge = (i + 1) / 2; // a bar is two points, its upper corners
            x[i] = (from + edge) * width;
            y[i] = counts[i / 2];
        }
        XYChart chart = ChartStyle.lines(title, "value", "elements", 480, 280);
        chart.getStyler().setXAxisDecimalPattern("0.###");
        XYSeries series = chart.addSeries("elements", x, y);
        ChartStyle.series(series, Palette.BLUE, SeriesMarkers.NONE);
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Area);
        series.setFillColor(new Color(0, 114, 178, 90));
        series.setLineStyle(ChartStyle.THIN);
        return chart;
    }

    /** The nearest of 1, 2, 5 and 10 times a power of ten. */
    private static double roundStep(double step) {
        double power = Math.pow(10, Math.floor(Math.log10(step)));
        return Arrays.stream(ROUND_STEPS)
                .map(round -> round * power)
                .reduce((a, b) -> Math.abs(a - step) <= Math.abs(b - step) ? a : b)
                .orElseThrow();
    }

    /**
     * Draws a matrix as coloured cells with their values: blue where they are negative, white at
     * zero, orange where they are positive.
     *
     * @param title what is shown
     * @param columns the cells in a row
     * @param decimals the decimal places that are shown, from 0 to 6
     * @param values the matrix, row by row, the first row on top
     * @return the chart
     * @throws IllegalArgumentException if the values do not fill whole rows
     */
    public static HeatMapChart heatMap(String title, int columns, int decimals, float... values) {
        if (columns < 1 || values.length == 0 || values.length % columns != 0) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A heat map has whole rows of at least 1 cell, but got %d values in %d"
                                    + " columns",
                            values.length,
                            columns));
        }
        int rows = values.length / columns;
        HeatMapChart chart =
                ChartStyle.apply(
                        new HeatMapChartBuilder()
                                .width(CELL * columns + 20)
                                .height(CELL * rows + 40)
                                .title(title)
                                .build());
        List<Number[]> cells = new ArrayList<>();
        double most = Float.MIN_NORMAL; // a matrix of zeros is white
        for (int i = 0; i < values.length; ++i) {
            double shown = rounded(values[i], decimals);
            cells.add(new Number[] {i % columns, rows - 1 - i / columns, shown});
            most = Math.max(most, Math.abs(values[i]));
        }
        chart.addSeries(title, upTo(columns), upTo(rows), cells);
        chart.getStyler()
                .setRangeColors(new Color[] {NEGATIVE, Color.WHITE, POSITIVE})
                .setMin(-most)
                .setMax(most)
                .setShowValue(true)
                .setValueFontColor(Color.BLACK);
        chart.getStyler().setAxisTicksVisible(false);
        chart.getStyler().setPlotGridLinesVisible(false);
        chart.getStyler().setPlotContentSize(1);
        chart.getStyler().setYAxisLeftWidthHint(0);
        return chart;
    }

    private static List<Integer> upTo(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    /** XChart shows every digit of a cell that it is given, whatever the formatter. */
    private static double rounded(float value, int decimals) {
        double unit = Math.pow(10, decimals);
        return Math.rint(value * unit) / unit + 0.0; // -0 + 0 = 0
    }
}
