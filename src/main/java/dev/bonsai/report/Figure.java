package dev.bonsai.report;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * Charts on one sheet, row by row: a row is as high as its highest chart, a column as wide as its
 * widest.
 *
 * <p>In a Jupyter notebook a figure shows itself when a cell ends with it; elsewhere {@link #save}
 * and {@link #toImage} serve.
 *
 * @param charts the charts, at least one
 * @param columns the charts in a row, at least 1
 */
public record Figure(List<? extends Chart<?, ?>> charts, int columns) {

    /** The pixels of an image for one pixel of a chart, so that fine screens show fine lines. */
    static final int SCALE = 2;

    /** Checks the numbers. */
    public Figure {
        charts = List.copyOf(charts);
        if (charts.isEmpty() || columns < 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A figure has at least 1 chart and 1 column, but got %d and %d",
                            charts.size(),
                            columns));
        }
    }

    /**
     * Puts charts side by side.
     *
     * @param charts the charts
     * @return a figure of one row
     */
    public static Figure row(Chart<?, ?>... charts) {
        return new Figure(List.of(charts), charts.length);
    }

    /**
     * Returns the width on the page.
     *
     * @return the width in pixels; an image has twice as many
     */
    public int width() {
        return Arrays.stream(widths()).sum();
    }

    /**
     * Returns the height on the page.
     *
     * @return the height in pixels; an image has twice as many
     */
    public int height() {
        return Arrays.stream(heights()).sum();
    }

    private int[] widths() {
        int[] widths = new int[Math.min(columns, charts.size())];
        for (int i = 0; i < charts.size(); ++i) {
            int column = i % columns;
            widths[column] = Math.max(widths[column], charts.get(i).getWidth());
        }
        return widths;
    }

    private int[] heights() {
        int[] heights = new int[(charts.size() + columns - 1) / columns];
        for (int i = 0; i < charts.size(); ++i) {
            int row = i / columns;
            heights[row] = Math.max(heights[row], charts.get(i).getHeight());
        }
        return heights;
    }

    /**
     * Draws the charts, which needs no display. There is no background: on a page, its own is seen.
     *
     * @return an image with two pixels in each direction for every pixel of a chart
     */
    public BufferedImage toImage() {
        BufferedImage image =
                new BufferedImage(SCALE * width(), SCALE * height(), BufferedImage.TYPE_INT_ARGB);
        Graphics2D sheet = image.createGraphics();
        sheet.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        sheet.scale(SCALE, SCALE);
        int[] widths = widths();
        int[] heights = heights();
        for (int i = 0; i < charts.size(); ++i) {
            int x = Arrays.stream(widths, 0, i % columns).sum();
            int y = Arrays.stream(heights, 0, i / columns).sum();
            paint(charts.get(i), sheet, x, y);
        }
        sheet.dispose();
        return image;
    }

    private static void paint(Chart<?, ?> chart, Graphics2D sheet, int x, int y) {
        if (chart instanceof XYChart lines) {
            ChartStyle.roundTicks(lines);
        }
        Graphics2D cell = (Graphics2D) sheet.create(x, y, chart.getWidth(), chart.getHeight());
        chart.paint(cell, chart.getWidth(), chart.getHeight());
        cell.dispose();
    }

    /**
     * Writes the figure as a PNG image.
     *
     * @param file the file; its folder is created
     * @throws IOException if it cannot be written
     */
    public void save(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Png.encode(toImage()));
    }
}
