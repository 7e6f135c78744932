package dev.bonsai.page;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Draws weights, a pixel for each cell. */
final class Pictures {

    /** What a screen and a file can bear in each direction. */
    private static final int MOST_CELLS = 200;

    private static final Color NEGATIVE = new Color(0x0072B2);
    private static final Color POSITIVE = new Color(0xD55E00);
    private static final Color KEPT = new Color(0x0072B2);
    private static final int OPAQUE = 255;
    private static final int ALPHA = 24;
    private static final int FILTERS_IN_A_ROW = 16;

    private Pictures() {}

    /**
     * Draws which elements of a matrix are kept: the more of them in a cell, the darker it is.
     *
     * @param values the matrix, row by row
     * @param columns the length of a row
     */
    static Picture mask(float[] values, int columns) {
        int rows = values.length / columns;
        int across = inACell(columns);
        int down = inACell(rows);
        int width = (columns + across - 1) / across;
        int height = (rows + down - 1) / down;
        int[] kept = new int[width * height];
        int[] all = new int[width * height];
        for (int i = 0; i < rows * columns; ++i) {
            int cell = i / columns / down * width + i % columns / across;
            ++all[cell];
            kept[cell] += values[i] == 0 ? 0 : 1;
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int cell = 0; cell < all.length; ++cell) {
            double share = (double) kept[cell] / all[cell];
            image.setRGB(cell % width, cell / width, shade(KEPT, Math.sqrt(share)));
        }
        return picture(image);
    }

    /** Returns the elements of a cell of a mask, down and across, as people read it. */
    static String cell(int rows, int columns) {
        return inACell(rows) + " x " + inACell(columns);
    }

    private static int inACell(int elements) {
        return Math.max(1, (elements + MOST_CELLS - 1) / MOST_CELLS);
    }

    /**
     * Draws the kernels of a convolution beside each other: blue below zero, orange above.
     *
     * @param values the kernels of the first input channel and of the others, filter by filter
     * @param filters the number of filters
     * @param height the height of a kernel
     * @param width its width
     * @param most the value that has the full colour
     */
    static Picture filters(float[] values, int filters, int height, int width, double most) {
        int across = Math.min(FILTERS_IN_A_ROW, filters);
        int down = (filters + across - 1) / across;
        BufferedImage image =
                new BufferedImage(
                        across * (width + 1) - 1,
                        down * (height + 1) - 1,
                        BufferedImage.TYPE_INT_ARGB);
        int stride = values.length / filters; // of several input channels the first is shown
        for (int filter = 0; filter < filters; ++filter) {
            for (int i = 0; i < height * width; ++i) {
                float value = values[filter * stride + i];
                int x = filter % across * (width + 1) + i % width;
                int y = filter / across * (height + 1) + i / width;
                double share = most == 0 ? 0 : Math.min(1, Math.abs(value) / most);
                image.setRGB(x, y, shade(value < 0 ? NEGATIVE : POSITIVE, share));
            }
        }
        return picture(image);
    }

    /** A cell of nothing is still seen, on a light page and on a dark one. */
    private static int shade(Color colour, double share) {
        if (share == 0 || Double.isNaN(share)) {
            return (ALPHA << 24) | 0x808080;
        }
        int alpha = (int) Math.round(ALPHA + (OPAQUE - ALPHA) * share);
        return (alpha << 24) | (colour.getRGB() & 0xffffff);
    }

    static Picture picture(BufferedImage image) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a write to memory
        }
        return new Picture(image.getWidth(), image.getHeight(), png.toByteArray());
    }
}
