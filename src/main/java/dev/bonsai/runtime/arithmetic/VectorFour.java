package dev.bonsai.runtime.arithmetic;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products of tiles of four vectors of columns: sixteen sums and what is multiplied need more
 * than sixteen registers.
 */
final class VectorFour {

    private static final VectorSpecies<Float> SPECIES = VectorProduct.SPECIES;
    private static final int LENGTH = VectorProduct.LENGTH;
    private static final int WIDTH = 4 * LENGTH;

    private VectorFour() {}

    /**
     * Multiplies four rows with a panel of four vectors of columns.
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
     * @param next where what is multiplied next starts: as much of it is read as the four rows take
     *     of the panel, so that it comes from memory meanwhile
     * @return the sum of what was read, which nobody needs
     */
    static float multiplyRows(
            float[] a,
            int start,
            int stride,
            int last,
            float[] b,
            int panel,
            int k,
            float[] tile,
            int at,
            int step,
            int next) {
        int a1 = start + Math.min(1, last) * stride;
        int a2 = start + Math.min(2, last) * stride;
        int a3 = start + Math.min(3, last) * stride;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s03 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s13 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        FloatVector s23 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s32 = s00;
        FloatVector s33 = s00;
        float read = 0;
        int l = 0;
        for (; l + 1 < k; l += 2) {
            int i = panel + l * WIDTH;
            read += b[next + l * LENGTH] + b[next + l * LENGTH + LENGTH];
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, i);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, i + LENGTH);
            FloatVector b2 = FloatVector.fromArray(SPECIES, b, i + 2 * LENGTH);
            FloatVector b3 = FloatVector.fromArray(SPECIES, b, i + 3 * LENGTH);
            FloatVector x = FloatVector.broadcast(SPECIES, a[start + l]);
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            s02 = x.fma(b2, s02);
            s03 = x.fma(b3, s03);
            x = FloatVector.broadcast(SPECIES, a[a1 + l]);
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            s12 = x.fma(b2, s12);
            s13 = x.fma(b3, s13);
            x = FloatVector.broadcast(SPECIES, a[a2 + l]);
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            s22 = x.fma(b2, s22);
            s23 = x.fma(b3, s23);
            x = FloatVector.broadcast(SPECIES, a[a3 + l]);
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
            s32 = x.fma(b2, s32);
            s33 = x.fma(b3, s33);
            i += WIDTH;
            b0 = FloatVector.fromArray(SPECIES, b, i);
            b1 = FloatVector.fromArray(SPECIES, b, i + LENGTH);
            b2 = FloatVector.fromArray(SPECIES, b, i + 2 * LENGTH);
            b3 = FloatVector.fromArray(SPECIES, b, i + 3 * LENGTH);
            x = FloatVector.broadcast(SPECIES, a[start + l + 1]);
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            s02 = x.fma(b2, s02);
            s03 = x.fma(b3, s03);
            x = FloatVector.broadcast(SPECIES, a[a1 + l + 1]);
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            s12 = x.fma(b2, s12);
            s13 = x.fma(b3, s13);
            x = FloatVector.broadcast(SPECIES, a[a2 + l + 1]);
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            s22 = x.fma(b2, s22);
            s23 = x.fma(b3, s23);
            x = FloatVector.broadcast(SPECIES, a[a3 + l + 1]);
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
            s32 = x.fma(b2, s32);
            s33 = x.fma(b3, s33);
        }
        if (l < k) {
            int i = panel + l * WIDTH;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, i);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, i + LENGTH);
            FloatVector b2 = FloatVector.fromArray(SPECIES, b, i + 2 * LENGTH);
            FloatVector b3 = FloatVector.fromArray(SPECIES, b, i + 3 * LENGTH);
            FloatVector x = FloatVector.broadcast(SPECIES, a[start + l]);
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            s02 = x.fma(b2, s02);
            s03 = x.fma(b3, s03);
            x = FloatVector.broadcast(SPECIES, a[a1 + l]);
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            s12 = x.fma(b2, s12);
            s13 = x.fma(b3, s13);
            x = FloatVector.broadcast(SPECIES, a[a2 + l]);
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            s22 = x.fma(b2, s22);
            s23 = x.fma(b3, s23);
            x = FloatVector.broadcast(SPECIES, a[a3 + l]);
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
            s32 = x.fma(b2, s32);
            s33 = x.fma(b3, s33);
        }
        FloatVector.fromArray(SPECIES, tile, at).add(s00).intoArray(tile, at);
        FloatVector.fromArray(SPECIES, tile, at + LENGTH).add(s01).intoArray(tile, at + LENGTH);
        FloatVector.fromArray(SPECIES, tile, at + 2 * LENGTH)
                .add(s02)
                .intoArray(tile, at + 2 * LENGTH);
        FloatVector.fromArray(SPECIES, tile, at + 3 * LENGTH)
                .add(s03)
                .intoArray(tile, at + 3 * LENGTH);
        if (last < 1) {
            return read;
        }
        FloatVector.fromArray(SPECIES, tile, at + step).add(s10).intoArray(tile, at + step);
        FloatVector.fromArray(SPECIES, tile, at + step + LENGTH)
                .add(s11)
                .intoArray(tile, at + step + LENGTH);
        FloatVector.fromArray(SPECIES, tile, at + step + 2 * LENGTH)
                .add(s12)
                .intoArray(tile, at + step + 2 * LENGTH);
        FloatVector.fromArray(SPECIES, tile, at + step + 3 * LENGTH)
                .add(s13)
                .intoArray(tile, at + step + 3 * LENGTH);
        if (last < 2) {
            return read;
        }
        FloatVector.fromArray(SPECIES, tile, at + 2 * step).add(s20).intoArray(tile, at + 2 * step);
        FloatVector.fromArray(SPECIES, tile, at + 2 * step + LENGTH)
                .add(s21)
                .intoArray(tile, at + 2 * step + LENGTH);
        FloatVector.fromArray(SPECIES, tile, at + 2 * step + 2 * LENGTH)
                .add(s22)
                .intoArray(tile, at + 2 * step + 2 * LENGTH);
        FloatVector.fromArray(SPECIES, tile, at + 2 * step + 3 * LENGTH)
                .add(s23)
                .intoArray(tile, at + 2 * step + 3 * LENGTH);
        if (last < 3) {
            return read;
        }
        FloatVector.fromArray(SPECIES, tile, at + 3 * step).add(s30).intoArray(tile, at + 3 * step);
        FloatVector.fromArray(SPECIES, tile, at + 3 * step + LENGTH)
                .add(s31)
                .intoArray(tile, at + 3 * step + LENGTH);
        FloatVector.fromArray(SPECIES, tile, at + 3 * step + 2 * LENGTH)
                .add(s32)
                .intoArray(tile, at + 3 * step + 2 * LENGTH);
        FloatVector.fromArray(SPECIES, tile, at + 3 * step + 3 * LENGTH)
                .add(s33)
                .intoArray(tile, at + 3 * step + 3 * LENGTH);
        return read;
    }

    /**
     * Multiplies one row with a panel of four vectors of columns, in several sums per column, so
     * that as many are under way.
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
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s03 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s13 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        FloatVector s23 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s32 = s00;
        FloatVector s33 = s00;
        int l = 0;
        for (; l + 3 < k; l += 4) {
            int i = panel + l * WIDTH;
            FloatVector x = FloatVector.broadcast(SPECIES, a[start + l]);
            s00 = x.fma(FloatVector.fromArray(SPECIES, b, i), s00);
            s01 = x.fma(FloatVector.fromArray(SPECIES, b, i + LENGTH), s01);
            s02 = x.fma(FloatVector.fromArray(SPECIES, b, i + 2 * LENGTH), s02);
            s03 = x.fma(FloatVector.fromArray(SPECIES, b, i + 3 * LENGTH), s03);
            i += WIDTH;
            x = FloatVector.broadcast(SPECIES, a[start + l + 1]);
            s10 = x.fma(FloatVector.fromArray(SPECIES, b, i), s10);
            s11 = x.fma(FloatVector.fromArray(SPECIES, b, i + LENGTH), s11);
            s12 = x.fma(FloatVector.fromArray(SPECIES, b, i + 2 * LENGTH), s12);
            s13 = x.fma(FloatVector.fromArray(SPECIES, b, i + 3 * LENGTH), s13);
            i += WIDTH;
            x = FloatVector.broadcast(SPECIES, a[start + l + 2]);
            s20 = x.fma(FloatVector.fromArray(SPECIES, b, i), s20);
            s21 = x.fma(FloatVector.fromArray(SPECIES, b, i + LENGTH), s21);
            s22 = x.fma(FloatVector.fromArray(SPECIES, b, i + 2 * LENGTH), s22);
            s23 = x.fma(FloatVector.fromArray(SPECIES, b, i + 3 * LENGTH), s23);
            i += WIDTH;
            x = FloatVector.broadcast(SPECIES, a[start + l + 3]);
            s30 = x.fma(FloatVector.fromArray(SPECIES, b, i), s30);
            s31 = x.fma(FloatVector.fromArray(SPECIES, b, i + LENGTH), s31);
            s32 = x.fma(FloatVector.fromArray(SPECIES, b, i + 2 * LENGTH), s32);
            s33 = x.fma(FloatVector.fromArray(SPECIES, b, i + 3 * LENGTH), s33);
        }
        for (; l < k; l++) {
            int i = panel + l * WIDTH;
            FloatVector x = FloatVector.broadcast(SPECIES, a[start + l]);
            s00 = x.fma(FloatVector.fromArray(SPECIES, b, i), s00);
            s01 = x.fma(FloatVector.fromArray(SPECIES, b, i + LENGTH), s01);
            s02 = x.fma(FloatVector.fromArray(SPECIES, b, i + 2 * LENGTH), s02);
            s03 = x.fma(FloatVector.fromArray(SPECIES, b, i + 3 * LENGTH), s03);
        }
        FloatVector.fromArray(SPECIES, sums, at)
                .add(s00.add(s10).add(s20.add(s30)))
                .intoArray(sums, at);
        FloatVector.fromArray(SPECIES, sums, at + LENGTH)
                .add(s01.add(s11).add(s21.add(s31)))
                .intoArray(sums, at + LENGTH);
        FloatVector.fromArray(SPECIES, sums, at + 2 * LENGTH)
                .add(s02.add(s12).add(s22.add(s32)))
                .intoArray(sums, at + 2 * LENGTH);
        FloatVector.fromArray(SPECIES, sums, at + 3 * LENGTH)
                .add(s03.add(s13).add(s23.add(s33)))
                .intoArray(sums, at + 3 * LENGTH);
    }
}
