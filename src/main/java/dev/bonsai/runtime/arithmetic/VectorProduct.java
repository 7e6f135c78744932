package dev.bonsai.runtime.arithmetic;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The products of tiles with the Vector API: rows of a times a panel of two vectors of columns. */
final class VectorProduct {

    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LENGTH = SPECIES.length();

    /** The columns of a panel. */
    static final int WIDTH = 2 * LENGTH;

    /** The rows of a tile: with two vectors each they keep eight sums in registers. */
    static final int ROWS = 4;

    private VectorProduct() {}

    /**
     * Multiplies four rows with a panel.
     *
     * @param a the values of the left operand
     * @param start where row 0 starts
     * @param stride the distance of its rows
     * @param last the last row that exists, 0 to 3; it stands for those after it
     * @param b what the panel lies in
     * @param panel where it starts
     * @param rowStep the distance of its rows
     * @param k the inner size
     * @param tile the sums, to which the product is added: four rows of the panel's width
     * @param at where they start
     * @param step the distance of their rows
     */
    static void multiplyRows(
            float[] a,
            int start,
            int stride,
            int last,
            float[] b,
            int panel,
            int rowStep,
            int k,
            float[] tile,
            int at,
            int step) {
        int a1 = start + Math.min(1, last) * stride;
        int a2 = start + Math.min(2, last) * stride;
        int a3 = start + Math.min(3, last) * stride;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        for (int l = 0; l < k; l++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, panel + l * rowStep);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, panel + l * rowStep + LENGTH);
            FloatVector x = FloatVector.broadcast(SPECIES, a[start + l]);
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            x = FloatVector.broadcast(SPECIES, a[a1 + l]);
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            x = FloatVector.broadcast(SPECIES, a[a2 + l]);
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            x = FloatVector.broadcast(SPECIES, a[a3 + l]);
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
        }
        store(s00, s01, tile, at);
        if (last >= 1) {
            store(s10, s11, tile, at + step);
        }
        if (last >= 2) {
            store(s20, s21, tile, at + 2 * step);
        }
        if (last >= 3) {
            store(s30, s31, tile, at + 3 * step);
        }
    }

    /**
     * Multiplies one row with a panel, in four sums per column, so that as many are under way.
     *
     * @param a the values of the left operand
     * @param start where the row starts
     * @param b what the panel lies in
     * @param panel where it starts
     * @param rowStep the distance of its rows
     * @param k the inner size
     * @param sums what the product is added to: a row of the panel's width
     * @param at where it starts
     */
    static void multiplyRow(
            float[] a, int start, float[] b, int panel, int rowStep, int k, float[] sums, int at) {
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        int l = 0;
        for (; l + 3 < k; l += 4) {
            int i = panel + l * rowStep;
            FloatVector x = FloatVector.broadcast(SPECIES, a[start + l]);
            s00 = x.fma(FloatVector.fromArray(SPECIES, b, i), s00);
            s01 = x.fma(FloatVector.fromArray(SPECIES, b, i + LENGTH), s01);
            i += rowStep;
            x = FloatVector.broadcast(SPECIES, a[start + l + 1]);
            s10 = x.fma(FloatVector.fromArray(SPECIES, b, i), s10);
            s11 = x.fma(FloatVector.fromArray(SPECIES, b, i + LENGTH), s11);
            i += rowStep;
            x = FloatVector.broadcast(SPECIES, a[start + l + 2]);
            s20 = x.fma(FloatVector.fromArray(SPECIES, b, i), s20);
            s21 = x.fma(FloatVector.fromArray(SPECIES, b, i + LENGTH), s21);
            i += rowStep;
            x = FloatVector.broadcast(SPECIES, a[start + l + 3]);
            s30 = x.fma(FloatVector.fromArray(SPECIES, b, i), s30);
            s31 = x.fma(FloatVector.fromArray(SPECIES, b, i + LENGTH), s31);
        }
        for (; l < k; l++) {
            int i = panel + l * rowStep;
            FloatVector x = FloatVector.broadcast(SPECIES, a[start + l]);
            s00 = x.fma(FloatVector.fromArray(SPECIES, b, i), s00);
            s01 = x.fma(FloatVector.fromArray(SPECIES, b, i + LENGTH), s01);
        }
        store(s00.add(s10).add(s20.add(s30)), s01.add(s11).add(s21.add(s31)), sums, at);
    }

    private static void store(FloatVector s0, FloatVector s1, float[] sums, int at) {
        FloatVector.fromArray(SPECIES, sums, at).add(s0).intoArray(sums, at);
        FloatVector.fromArray(SPECIES, sums, at + LENGTH).add(s1).intoArray(sums, at + LENGTH);
    }
}
