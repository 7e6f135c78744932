package dev.bonsai.runtime.arithmetic;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Loops over rows with the Vector API. */
final class VectorRows {

    private static final VectorSpecies<Float> SPECIES = VectorProduct.SPECIES;
    private static final int LENGTH = VectorProduct.LENGTH;

    private VectorRows() {}

    static float sum(float[] x, int offset, int length) {
        FloatVector sums = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i + LENGTH <= length; i += LENGTH) {
            sums = sums.add(FloatVector.fromArray(SPECIES, x, offset + i));
        }
        float sum = sums.reduceLanes(VectorOperators.ADD);
        for (; i < length; i++) {
            sum += x[offset + i];
        }
        return sum;
    }

    static float max(float[] x, int offset, int length) {
        FloatVector highest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i + LENGTH <= length; i += LENGTH) {
            highest = highest.max(FloatVector.fromArray(SPECIES, x, offset + i));
        }
        float max = highest.reduceLanes(VectorOperators.MAX);
        for (; i < length; i++) {
            max = Math.max(max, x[offset + i]);
        }
        return max;
    }

    /** Multiplies numbers by a factor in place. */
    static void scale(float[] x, int offset, float factor, int length) {
        int i = 0;
        for (; i + LENGTH <= length; i += LENGTH) {
            FloatVector.fromArray(SPECIES, x, offset + i).mul(factor).intoArray(x, offset + i);
        }
        for (; i < length; i++) {
            x[offset + i] *= factor;
        }
    }

    /** Returns the sum of the squared distances from the mean. */
    static float squares(float[] x, int offset, int length, float mean) {
        FloatVector sums = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i + LENGTH <= length; i += LENGTH) {
            FloatVector distance = FloatVector.fromArray(SPECIES, x, offset + i).sub(mean);
            sums = distance.fma(distance, sums);
        }
        float sum = sums.reduceLanes(VectorOperators.ADD);
        for (; i < length; i++) {
            float distance = x[offset + i] - mean;
            sum += distance * distance;
        }
        return sum;
    }

    /** Computes y = (x - mean) factor scale + bias for one row. */
    static void normalize(
            float[] x,
            int from,
            float mean,
            float factor,
            float[] scale,
            float[] bias,
            float[] y,
            int to) {
        int i = 0;
        for (; i + LENGTH <= scale.length; i += LENGTH) {
            FloatVector.fromArray(SPECIES, x, from + i)
                    .sub(mean)
                    .mul(factor)
                    .fma(
                            FloatVector.fromArray(SPECIES, scale, i),
                            FloatVector.fromArray(SPECIES, bias, i))
                    .intoArray(y, to + i);
        }
        for (; i < scale.length; i++) {
            y[to + i] = Math.fma((x[from + i] - mean) * factor, scale[i], bias[i]);
        }
    }
}
