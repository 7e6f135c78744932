package dev.bonsai.runtime.arithmetic;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions over arrays with the Vector API, with the polynomials of {@link Scalar}. Each but
 * the exponential function is some loops, before, of and behind the exponentials. A loop of them
 * all is more than the JIT compiler puts into one method, and vectors passed between methods become
 * objects. As the loops are called through one interface, the compiler does not join them either.
 */
final class VectorFunctions {

    private static final VectorSpecies<Float> SPECIES = VectorProduct.SPECIES;
    private static final int LENGTH = VectorProduct.LENGTH;

    /** The numbers between two loops, which stay in the first-level cache. */
    private static final int CHUNK = 64 * LENGTH;

    /** A loop over some numbers. */
    private interface Stage {

        /**
         * Computes from x and e either e or y.
         *
         * @param x the arguments of the function
         * @param from where they start
         * @param e what the stages hand on
         * @param y the results of the function
         * @param to where they start
         * @param length how many there are
         */
        void run(float[] x, int from, float[] e, float[] y, int to, int length);
    }

    private static final Stage EXP = (x, from, e, y, to, n) -> exp(e, 0, 0, e, 0, n);

    private static final Stage[] TANH = {
        (x, from, e, y, to, n) -> multiples(x, from, 2, e, n), EXP, VectorFunctions::tanh
    };

    private static final Stage[] SIGMOID = {
        (x, from, e, y, to, n) -> multiples(x, from, -1, e, n), EXP, VectorFunctions::sigmoid
    };

    private static final Stage[] ERF = {
        (x, from, e, y, to, n) -> squares(x, from, -1, Scalar.ERF_MAX, e, n),
        EXP,
        (x, from, e, y, to, n) -> erfc(x, from, 1, Scalar.ERF_MAX, e, n),
        VectorFunctions::erf
    };

    private static final Stage[] GELU = {
        (x, from, e, y, to, n) -> squares(x, from, -0.5f, Scalar.GELU_MAX, e, n),
        EXP,
        (x, from, e, y, to, n) -> erfc(x, from, Scalar.HALF_ROOT, Scalar.GELU_MAX, e, n),
        VectorFunctions::gelu
    };

    private VectorFunctions() {}

    /** Applies a function to numbers, as many as fill whole vectors. */
    static void apply(
            Function function, float[] x, int xOffset, float[] y, int yOffset, int length) {
        switch (function) {
            case EXP -> exp(x, xOffset, 0, y, yOffset, length);
            case TANH -> run(TANH, x, xOffset, y, yOffset, length);
            case SIGMOID -> run(SIGMOID, x, xOffset, y, yOffset, length);
            case ERF -> run(ERF, x, xOffset, y, yOffset, length);
            case GELU -> run(GELU, x, xOffset, y, yOffset, length);
        }
    }

    private static void run(
            Stage[] stages, float[] x, int xOffset, float[] y, int yOffset, int length) {
        float[] e = new float[Math.min(CHUNK, length)];
        for (int i = 0; i < length; i += CHUNK) {
            int n = Math.min(CHUNK, length - i);
            for (Stage stage : stages) {
                stage.run(x, xOffset + i, e, y, yOffset + i, n);
            }
        }
    }

    private static FloatVector at(float[] x, int i) {
        return FloatVector.fromArray(SPECIES, x, i);
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    /** Computes y = exp(x - subtrahend) for whole vectors, and returns the sum. */
    static float exp(float[] x, int from, float subtrahend, float[] y, int to, int length) {
        FloatVector sums = all(0);
        for (int i = 0; i < length; i += LENGTH) {
            FloatVector b = at(x, from + i).sub(subtrahend);
            b = b.blend(Scalar.EXP_MAX, b.compare(VectorOperators.GT, Scalar.EXP_MAX));
            b = b.blend(Scalar.EXP_MIN, b.compare(VectorOperators.LT, Scalar.EXP_MIN));
            FloatVector rounded = b.fma(all(Scalar.LOG2_E), all(Scalar.ROUND));
            IntVector exponent = rounded.reinterpretAsInts().sub(Scalar.ROUND_BITS);
            FloatVector n = rounded.sub(Scalar.ROUND);
            FloatVector r = n.fma(all(-Scalar.LN2_HIGH), b);
            r = n.fma(all(-Scalar.LN2_LOW), r);
            FloatVector q = all(Scalar.E6).fma(r, all(Scalar.E5));
            q = q.fma(r, all(Scalar.E4)).fma(r, all(Scalar.E3)).fma(r, all(Scalar.E2));
            FloatVector p = r.mul(r).fma(q, r).add(1f);
            IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
            FloatVector result = p.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
            result.intoArray(y, to + i);
            sums = sums.add(result);
        }
        return sums.reduceLanes(VectorOperators.ADD);
    }

    private static FloatVector powerOfTwo(IntVector exponent) {
        return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    /** Computes e = factor |x|, or factor x if the factor is negative. */
    private static void multiples(float[] x, int from, float factor, float[] e, int length) {
        for (int i = 0; i < length; i += LENGTH) {
            FloatVector v = at(x, from + i);
            (factor < 0 ? v : v.abs()).mul(factor).intoArray(e, i);
        }
    }

    /** Computes e = factor x², with x no larger than a bound. */
    private static void squares(
            float[] x, int from, float factor, float bound, float[] e, int length) {
        for (int i = 0; i < length; i += LENGTH) {
            FloatVector size = at(x, from + i).abs();
            size = size.blend(bound, size.compare(VectorOperators.GT, bound));
            size.mul(factor).mul(size).intoArray(e, i);
        }
    }

    private static void sigmoid(float[] x, int from, float[] e, float[] y, int to, int length) {
        for (int i = 0; i < length; i += LENGTH) {
            all(1).div(at(e, i).add(1f)).intoArray(y, to + i);
        }
    }

    private static void tanh(float[] x, int from, float[] e, float[] y, int to, int length) {
        for (int i = 0; i < length; i += LENGTH) {
            FloatVector v = at(x, from + i);
            FloatVector z = v.mul(v);
            FloatVector p = all(Scalar.T5).fma(z, all(Scalar.T4)).fma(z, all(Scalar.T3));
            p = p.fma(z, all(Scalar.T2)).fma(z, all(Scalar.T1)).fma(z, all(1)).mul(v);
            FloatVector large = all(1).sub(all(2).div(at(e, i).add(1f)));
            large = large.blend(large.neg(), v.compare(VectorOperators.LT, 0f));
            large.blend(p, v.abs().compare(VectorOperators.LT, Scalar.TANH_SMALL))
                    .intoArray(y, to + i);
        }
    }

    /** Turns e = exp(-(factor x)²) into 1 - erf(|factor x|), with x no larger than a bound. */
    private static void erfc(
            float[] x, int from, float factor, float bound, float[] e, int length) {
        for (int i = 0; i < length; i += LENGTH) {
            FloatVector size = at(x, from + i).abs();
            size = size.blend(bound, size.compare(VectorOperators.GT, bound)).mul(factor);
            FloatVector t = all(1).div(size.fma(all(Scalar.C_SLOPE), all(1)));
            FloatVector p = all(Scalar.C8).fma(t, all(Scalar.C7)).fma(t, all(Scalar.C6));
            p = p.fma(t, all(Scalar.C5)).fma(t, all(Scalar.C4)).fma(t, all(Scalar.C3));
            p = p.fma(t, all(Scalar.C2)).fma(t, all(Scalar.C1)).fma(t, all(Scalar.C0));
            at(e, i).mul(t).mul(p).intoArray(e, i);
        }
    }

    private static void erf(float[] x, int from, float[] e, float[] y, int to, int length) {
        for (int i = 0; i < length; i += LENGTH) {
            FloatVector v = at(x, from + i);
            FloatVector z = v.mul(v);
            FloatVector p = all(Scalar.F5).fma(z, all(Scalar.F4)).fma(z, all(Scalar.F3));
            p = p.fma(z, all(Scalar.F2)).fma(z, all(Scalar.F1)).fma(z, all(Scalar.F0)).mul(v);
            FloatVector large = all(1).sub(at(e, i));
            large = large.blend(large.neg(), v.compare(VectorOperators.LT, 0f));
            large.blend(p, v.abs().compare(VectorOperators.LT, 1f)).intoArray(y, to + i);
        }
    }

    private static void gelu(float[] x, int from, float[] e, float[] y, int to, int length) {
        for (int i = 0; i < length; i += LENGTH) {
            FloatVector v = at(x, from + i);
            FloatVector size = v.abs();
            size = size.blend(Scalar.GELU_MAX, size.compare(VectorOperators.GT, Scalar.GELU_MAX));
            FloatVector tail = size.mul(0.5f).mul(at(e, i));
            v.sub(tail).blend(tail.neg(), v.compare(VectorOperators.LT, 0f)).intoArray(y, to + i);
        }
    }
}
