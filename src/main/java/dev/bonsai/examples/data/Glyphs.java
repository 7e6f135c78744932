package dev.bonsai.examples.data;

import java.util.Arrays;
import java.util.List;

/**
 * The skeletons of the ten digits, in the ways people write them: pen strokes given by a few points
 * that a curve runs through, in a box from (0, 0), top left, to (100, 100).
 *
 * <p>A point given twice in a row is a sharp corner.
 */
final class Glyphs {

    private static final List<List<Glyph>> DIGITS =
            List.of(
                    List.of(
                            glyph(
                                    stroke(
                                            54, 0, 20, 14, 6, 50, 20, 88, 50, 100, 80, 86, 94, 50,
                                            80, 13, 50, 1)),
                            glyph(
                                    stroke(
                                            72, 9, 42, 0, 16, 28, 12, 66, 36, 98, 66, 92, 87, 56,
                                            80, 18, 58, 3))),
                    List.of(
                            glyph(stroke(50, 0, 50, 34, 50, 67, 50, 100)),
                            glyph(stroke(27, 24, 52, 0, 52, 0, 52, 50, 52, 100)),
                            glyph(
                                    stroke(28, 22, 52, 0, 52, 0, 52, 50, 52, 100),
                                    stroke(24, 100, 52, 99, 80, 100))),
                    List.of(
                            glyph(
                                    stroke(
                                            12, 25, 26, 5, 56, 0, 82, 20, 72, 46, 42, 74, 10, 100,
                                            10, 100, 50, 98, 92, 98)),
                            glyph(
                                    stroke(
                                            10, 20, 32, 2, 66, 3, 80, 28, 62, 60, 28, 94, 8, 88, 22,
                                            76, 52, 92, 94, 94))),
                    List.of(
                            glyph(
                                    stroke(
                                            14, 12, 46, 0, 78, 15, 70, 39, 40, 47, 40, 47, 76, 57,
                                            87, 80, 52, 100, 10, 88)),
                            glyph(
                                    stroke(
                                            10, 2, 45, 1, 80, 0, 80, 0, 44, 40, 44, 40, 80, 56, 78,
                                            90, 42, 100, 8, 88))),
                    List.of(
                            glyph(
                                    stroke(24, 2, 21, 30, 12, 56, 12, 56, 50, 57, 92, 54),
                                    stroke(74, 4, 69, 50, 66, 100)),
                            glyph(
                                    stroke(66, 0, 38, 32, 8, 64, 8, 64, 50, 65, 94, 63),
                                    stroke(68, 0, 66, 50, 64, 100))),
                    List.of(
                            glyph(
                                    stroke(
                                            82, 0, 54, 1, 26, 0, 26, 0, 18, 43, 18, 43, 54, 36, 86,
                                            60, 70, 92, 36, 100, 8, 88)),
                            glyph(
                                    stroke(28, 4, 22, 44, 22, 44, 60, 42, 82, 68, 58, 98, 10, 91),
                                    stroke(28, 4, 58, 3, 88, 1))),
                    List.of(
                            glyph(
                                    stroke(
                                            76, 2, 40, 20, 14, 60, 24, 94, 58, 100, 84, 76, 62, 52,
                                            32, 60, 17, 80)),
                            glyph(
                                    stroke(
                                            52, 0, 26, 38, 15, 74, 40, 100, 76, 88, 72, 62, 42, 57,
                                            19, 76))),
                    List.of(
                            glyph(stroke(10, 3, 50, 2, 90, 0, 90, 0, 60, 46, 42, 100)),
                            glyph(
                                    stroke(12, 3, 50, 2, 88, 0, 88, 0, 60, 46, 40, 100),
                                    stroke(28, 51, 52, 50, 78, 48)),
                            glyph(
                                    stroke(
                                            10, 18, 11, 2, 11, 2, 50, 4, 88, 1, 88, 1, 64, 44, 50,
                                            100))),
                    List.of(
                            glyph(
                                    stroke(
                                            78, 15, 50, 0, 22, 18, 40, 42, 68, 60, 78, 84, 48, 100,
                                            18, 84, 30, 60, 62, 42, 80, 17)),
                            glyph(
                                    stroke(52, 0, 26, 10, 28, 38, 52, 47, 75, 36, 74, 10, 50, 0),
                                    stroke(
                                            52, 47, 20, 62, 20, 90, 50, 100, 82, 88, 80, 60, 52,
                                            47))),
                    List.of(
                            glyph(
                                    stroke(
                                            80, 18, 50, 0, 18, 22, 32, 50, 64, 46, 82, 16, 82, 16,
                                            80, 58, 74, 100)),
                            glyph(
                                    stroke(
                                            82, 20, 54, 1, 20, 20, 30, 48, 66, 46, 84, 18, 80, 60,
                                            60, 93, 24, 97))));

    private Glyphs() {}

    /**
     * Returns the ways to write a digit.
     *
     * @param digit from 0 to 9
     * @return one skeleton a way
     */
    static List<Glyph> of(int digit) {
        return DIGITS.get(digit);
    }

    private static Glyph glyph(Stroke... strokes) {
        return new Glyph(List.of(strokes));
    }

    private static Stroke stroke(int... coordinates) {
        double[] x = new double[coordinates.length / 2];
        double[] y = new double[x.length];
        Arrays.setAll(x, i -> coordinates[2 * i]);
        Arrays.setAll(y, i -> coordinates[2 * i + 1]);
        return new Stroke(x, y);
    }

    /** One way to write a digit. */
    record Glyph(List<Stroke> strokes) {}

    /** A movement of the pen on the paper, through points. */
    record Stroke(double[] x, double[] y) {}
}
