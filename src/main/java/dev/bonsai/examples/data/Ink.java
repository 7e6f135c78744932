package dev.bonsai.examples.data;

import dev.bonsai.examples.data.Glyphs.Stroke;
import java.util.Random;

/**
 * A pen and the frame it draws in: a pixel is as dark as the distance to the nearest piece of a
 * stroke says, with soft edges.
 */
final class Ink {

    /** The width and the height of the frame, in pixels. */
    static final int SIDE = ImageFormat.MNIST.width();

    private final Random random;
    private final double[] frame = new double[SIDE * SIDE];
    private final double radius;
    private final double pressure;
    private final double softness;

    Ink(Random random) {
        this.random = random;
        this.radius = between(0.7, 1.6);
        this.pressure = between(0, 0.3);
        this.softness = between(0.9, 1.5);
    }

    /** Draws a stroke whose coordinates are pixels; the centre of a pixel is a whole number. */
    void draw(Stroke stroke) {
        double phase = between(0, 2 * StrictMath.PI);
        int pieces = stroke.x().length - 1;
        for (int i = 0; i < pieces; ++i) {
            double angle = phase + 2 * StrictMath.PI * i / pieces;
            double width = radius * (1 + pressure * StrictMath.sin(angle));
            drawPiece(stroke.x()[i], stroke.y()[i], stroke.x()[i + 1], stroke.y()[i + 1], width);
        }
    }

    private void drawPiece(double x0, double y0, double x1, double y1, double width) {
        double reach = width + softness;
        int top = (int) Math.max(0, Math.ceil(Math.min(y0, y1) - reach));
        int bottom = (int) Math.min(SIDE - 1, Math.floor(Math.max(y0, y1) + reach));
        int left = (int) Math.max(0, Math.ceil(Math.min(x0, x1) - reach));
        int right = (int) Math.min(SIDE - 1, Math.floor(Math.max(x0, x1) + reach));
        for (int y = top; y <= bottom; ++y) {
            for (int x = left; x <= right; ++x) {
                double distance = distance(x, y, x0, y0, x1, y1);
                double cover = 0.5 + (width - distance) / softness;
                int pixel = y * SIDE + x;
                frame[pixel] = Math.max(frame[pixel], Math.min(1, cover));
            }
        }
    }

    private static double distance(double x, double y, double x0, double y0, double x1, double y1) {
        double dx = x1 - x0;
        double dy = y1 - y0;
        double square = dx * dx + dy * dy;
        double along = square == 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / square;
        double t = Math.max(0, Math.min(1, along));
        double ex = x - x0 - t * dx;
        double ey = y - y0 - t * dy;
        return Math.sqrt(ex * ex + ey * ey);
    }

    /** Writes the frame as grey bytes; ink is a little uneven, paper is plain 0. */
    void develop(byte[] target, int offset) {
        for (int i = 0; i < frame.length; ++i) {
            if (frame[i] > 0) {
                double grey = 255 * Math.min(1, frame[i] * between(0.85, 1.15));
                target[offset + i] = (byte) Math.round(grey);
            }
        }
    }

    private double between(double low, double high) {
        return low + random.nextDouble() * (high - low);
    }
}
