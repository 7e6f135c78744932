package dev.bonsai.runtime.arithmetic;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The products of tiles of one vector of columns, for what is left of a matrix. */
final class VectorOne {

    private static final VectorSpecies<Float> SPECIES = VectorProduct.SPECIES;
    private static final int LENGTH = VectorProduct.LENGTH;
    private static final int WIDTH = LENGTH;

    private VectorOne() {}

    /**
     * Multiplies four rows with a panel of one vector of columns.
     *
     * @param a the values of the left operand
     * @param start where row 0 starts
     * @param stride the distance of its rows
     * @param last the last row that exists, 0 to 3; it stands for those after it
     * @param b what the panel lies in, row behind row
     * @param panel where it starts
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
            int k,
            float[] tile,
            int at,
            int step) {
        int a1 = start + Math.min(1, last) * stride;
        int a2 = start + Math.min(2, last) * stride;
        int a3 = start + Math.min(3, last) * stride;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s10 = s00;
        FloatVector s20 = s00;
        FloatVector s30 = s00;
        int l = 0;
        for (; l + 1 < k; l += 2) {
            int i = panel + l * WIDTH;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, i);
            FloatVector x = FloatVector.broadcast(SPECIES, a[start + l]);
            s00 = x.fma(b0, s00);
            x = FloatVector.broadcast(SPECIES, a[a1 + l]);
            s10 = x.fma(b0, s10);
            x = FloatVector.broadcast(SPECIES, a[a2 + l]);
            s20 = x.fma(b0, s20);
            x = FloatVector.broadcast(SPECIES, a[a3 + l]);
            s30 = x.fma(b0, s30);
            i += WIDTH;
            b0 = FloatVector.fromArray(SPECIES, b, i);
            x = FloatVector.broadcast(SPECIES, a[start + l + 1]);
            s00 = x.fma(b0, s00);
            x = FloatVector.broadcast(SPECIES, a[a1 + l + 1]);
            s10 = x.fma(b0, s10);
            x = FloatVector.broadcast(SPECIES, a[a2 + l + 1]);
            s20 = x.fma(b0, s20);
            x = FloatVector.broadcast(SPECIES, a[a3 + l + 1]);
            s30 = x.fma(b0, s30);
        }
        if (l < k) {
            int i = panel + l * WIDTH;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, i);
            FloatVector x = FloatVector.broadcast(SPECIES, a[start + l]);
            s00 = x.fma(b0, s00);
            x = FloatVector.broadcast(SPECIES, a[a1 + l]);
            s10 = x.fma(b0, s10);
            x = FloatVector.broadcast(SPECIES, a[a2 + l]);
            s20 = x.fma(b0, s20);
            x = FloatVector.broadcast(SPECIES, a[a3 + l]);
            s30 = x.fma(b0, s30);
        }
        FloatVector.fromArray(SPECIES, tile, at).add(s00).intoArray(tile, at);
        if (last < 1) {
            return;
        }
        FloatVector.fromArray(SPECIES, tile, at + step).add(s10).intoArray(tile, at + step);
        if (last < 2) {
            return;
        }
        FloatVector.fromArray(SPECIES, tile, at + 2 * step).add(s20).intoArray(tile, at + 2 * step);
        if (last < 3) {
            return;
        }
        FloatVector.fromArray(SPECIES, tile, at + 3 * step).add(s30).intoArray(tile, at + 3 * step);
    }

    /**
     * Multiplies one row with a panel of one vector of columns, in as many sums per column as the
     * wider panels have: equal columns give equal bits in whichever panel they lie.
     *
     * @param a the values of the left operand
     * @param start where the row starts
     * @param b what the panel lies in, row behind row
     * @param panel where it starts
     * @param k the inner size
     * @param sums what the product is added to: a row of the panel's width
     * @param at where it starts
     */
    static void multiplyRow(
            float[] a, int start, float[] b, int panel, int k, float[] sums, int at) {
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s10 = s00;
        FloatVector s20 = s00;
        FloatVector s30 = s00;
        int l = 0;
        for (; l + 3 < k; l += 4) {
            int i = panel + l * WIDTH;
            FloatVector x = FloatVector.broadcast(SPECIES, a[start + l]);
            s00 = x.fma(FloatVector.fromArray(SPECIES, b, i), s00);
            i += WIDTH;
            x = FloatVector.broadcast(SPECIES, a[start + l + 1]);
            s10 = x.fma(FloatVector.fromArray(SPECIES, b, i), s10);
            i += WIDTH;
            x = FloatVector.broadcast(SPECIES, a[start + l + 2]);
            s20 = x.fma(FloatVector.fromArray(SPECIES, b, i), s20);
            i += WIDTH;
            x = FloatVector.broadcast(SPECIES, a[start + l + 3]);
            s30 = x.fma(FloatVector.fromArray(SPECIES, b, i), s30);
        }
        for (; l < k; l++) {
            int i = panel + l * WIDTH;
            FloatVector x = FloatVector.broadcast(SPECIES, a[start + l]);
            s00 = x.fma(FloatVector.fromArray(SPECIES, b, i), s00);
        }
        FloatVector.fromArray(SPECIES, sums, at)
                .add(s00.add(s10).add(s20.add(s30)))
                .intoArray(sums, at);
    }
}
