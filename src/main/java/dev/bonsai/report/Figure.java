package dev.bonsai.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * Charts on one sheet, row by row, each cell as large as the largest chart.
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
                            "A figure has at least 1 chart and 1 column, but got %d and %d",
                            charts.size(), columns));
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
        return cellWidth() * Math.min(columns, charts.size());
    }

    /**
     * Returns the height on the page.
     *
     * @return the height in pixels; an image has twice as many
     */
    public int height() {
        return cellHeight() * ((charts.size() + columns - 1) / columns);
    }

    private int cellWidth() {
        return charts.stream().mapToInt(Chart::getWidth).max().orElseThrow();
    }

    private int cellHeight() {
        return charts.stream().mapToInt(Chart::getHeight).max().orElseThrow();
    }

    /**
     * Draws the charts, which needs no display.
     *
     * @return an image with two pixels in each direction for every pixel of a chart
     */
    public BufferedImage toImage() {
        BufferedImage image =
                new BufferedImage(SCALE * width(), SCALE * height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D sheet = image.createGraphics();
        sheet.setColor(Color.WHITE);
        sheet.fillRect(0, 0, image.getWidth(), image.getHeight());
        sheet.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        sheet.scale(SCALE, SCALE);
        for (int i = 0; i < charts.size(); ++i) {
            Chart<?, ?> chart = charts.get(i);
            Graphics2D cell =
                    (Graphics2D)
                            sheet.create(
                                    i % columns * cellWidth(),
                                    i / columns * cellHeight(),
                                    chart.getWidth(),
                                    chart.getHeight());
            chart.paint(cell, chart.getWidth(), chart.getHeight());
            cell.dispose();
        }
        sheet.dispose();
        return image;
    }

    /**
     * Writes the figure as a PNG image.
     *
     * @param file the file; its folder is created
     * @throws IOException if it cannot be written
     */
    public void save(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        ImageIO.write(toImage(), "png", file.toFile());
    }
}
