package dev.bonsai.examples.data;

import dev.bonsai.examples.data.Glyphs.Glyph;
import dev.bonsai.examples.data.Glyphs.Stroke;
import java.util.List;
import java.util.Random;

/**
 * The hand of one writer on one day: bends a skeleton as handwriting does and says where its curves
 * lie in the frame, in pixels.
 *
 * <p>In order: every point is missed a little, a curve is laid through the points, the paper is
 * stretched by slow waves (an elastic distortion), the digit is narrowed, sheared and turned, and
 * at last fitted into the frame. Only {@link StrictMath} is used, so that every machine draws the
 * same.
 */
final class Penmanship {

    /** How far a point is missed, in hundredths of the digit's box. */
    private static final double JITTER = 7;

    private static final int CURVE_STEPS = 8;

    private final Random random;
    private final double[] waves = new double[12];
    private final double aspect;
    private final double shear;
    private final double cosine;
    private final double sine;

    Penmanship(Random random) {
        this.random = random;
        for (int i = 0; i < waves.length; i += 3) {
            waves[i] = between(0, 5.5);
            waves[i + 1] = between(0.5, 1.6) * 2 * StrictMath.PI / 100;
            waves[i + 2] = between(0, 2 * StrictMath.PI);
        }
        this.aspect = between(0.5, 0.95);
        this.shear = between(-0.2, 0.5);
        double angle = between(-0.3, 0.3);
        this.cosine = StrictMath.cos(angle);
        this.sine = StrictMath.sin(angle);
    }

    /**
     * Writes a digit.
     *
     * @param glyph the skeleton
     * @return its strokes as finely stepped curves, in pixels
     */
    List<Stroke> write(Glyph glyph) {
        List<Stroke> curves = glyph.strokes().stream().map(s -> bend(curve(miss(s)))).toList();
        fit(curves);
        return curves;
    }

    private Stroke miss(Stroke stroke) {
        Stroke missed = new Stroke(stroke.x().clone(), stroke.y().clone());
        for (int i = 0; i < missed.x().length; ++i) {
            boolean corner =
                    i > 0
                            && stroke.x()[i] == stroke.x()[i - 1]
                            && stroke.y()[i] == stroke.y()[i - 1];
            missed.x()[i] = corner ? missed.x()[i - 1] : missed.x()[i] + between(-JITTER, JITTER);
            missed.y()[i] = corner ? missed.y()[i - 1] : missed.y()[i] + between(-JITTER, JITTER);
        }
        return missed;
    }

    private static Stroke curve(Stroke points) {
        int pieces = points.x().length - 1;
        Stroke curve =
                new Stroke(
                        new double[pieces * CURVE_STEPS + 1], new double[pieces * CURVE_STEPS + 1]);
        for (int i = 0; i < curve.x().length; ++i) {
            int piece = Math.min(i / CURVE_STEPS, pieces - 1);
            double t = (double) (i - piece * CURVE_STEPS) / CURVE_STEPS;
            curve.x()[i] = catmullRom(points.x(), piece, t);
            curve.y()[i] = catmullRom(points.y(), piece, t);
        }
        return curve;
    }

    private static double catmullRom(double[] p, int piece, double t) {
        double p0 = p[Math.max(piece - 1, 0)];
        double p1 = p[piece];
        double p2 = p[piece + 1];
        double p3 = p[Math.min(piece + 2, p.length - 1)];
        double cubic = 3 * (p1 - p2) + p3 - p0;
        double square = 2 * p0 - 5 * p1 + 4 * p2 - p3;
        return p1 + 0.5 * t * (p2 - p0 + t * (square + t * cubic));
    }

    private Stroke bend(Stroke curve) {
        for (int i = 0; i < curve.x().length; ++i) {
            double u = curve.x()[i] - 50;
            double v = curve.y()[i] - 50;
            double x = aspect * (u + wave(0, v) + wave(3, u)) - shear * v;
            double y = v + wave(6, u) + wave(9, v);
            curve.x()[i] = cosine * x - sine * y;
            curve.y()[i] = sine * x + cosine * y;
        }
        return curve;
    }

    private double wave(int i, double position) {
        return waves[i] * StrictMath.sin(waves[i + 1] * position + waves[i + 2]);
    }

    private void fit(List<Stroke> curves) {
        double[] rangeX = range(curves.stream().map(Stroke::x).toList());
        double[] rangeY = range(curves.stream().map(Stroke::y).toList());
        double extent = Math.max(rangeX[1] - rangeX[0], rangeY[1] - rangeY[0]);
        double scale = between(14, 19) / extent;
        double centreX = Ink.SIDE / 2.0 - 0.5 + between(-1.5, 1.5);
        double centreY = Ink.SIDE / 2.0 - 0.5 + between(-1.5, 1.5);
        for (Stroke curve : curves) {
            place(curve.x(), rangeX, scale, centreX);
            place(curve.y(), rangeY, scale, centreY);
        }
    }

    private static double[] range(List<double[]> coordinates) {
        double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (double[] values : coordinates) {
            for (double value : values) {
                range[0] = Math.min(range[0], value);
                range[1] = Math.max(range[1], value);
            }
        }
        return range;
    }

    private static void place(double[] values, double[] range, double scale, double centre) {
        double middle = (range[0] + range[1]) / 2;
        for (int i = 0; i < values.length; ++i) {
            values[i] = (values[i] - middle) * scale + centre;
        }
    }

    private double between(double low, double high) {
        return low + random.nextDouble() * (high - low);
    }
}
