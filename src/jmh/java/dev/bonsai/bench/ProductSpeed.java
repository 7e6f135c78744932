package dev.bonsai.bench;

import dev.bonsai.runtime.arithmetic.Arithmetic;
import dev.bonsai.runtime.arithmetic.Function;
import dev.bonsai.runtime.arithmetic.Matrix;
import dev.bonsai.runtime.arithmetic.PackedMatrix;
import dev.bonsai.runtime.arithmetic.Write;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.Random;

/**
 * Prints how fast the arithmetic of the plain-Java runtime is on one thread: products in GFLOPS,
 * the right operand packed and not, and functions in millions of numbers a second. Run it with
 * {@code -Xbatch}, and with and without {@code --add-modules jdk.incubator.vector}.
 */
public final class ProductSpeed {

    /** m x k x n: a transformer's linear layers, attention, LeNet's convolutions and layers. */
    private static final int[][] SIZES = {
        {16, 384, 384},
        {16, 384, 1536},
        {16, 1536, 384},
        {16, 32, 16},
        {16, 16, 32},
        {128, 384, 384},
        {20, 25, 576},
        {50, 500, 64},
        {1, 800, 500},
        {1, 500, 10},
        {1, 384, 1536},
        {64, 576, 3136}
    };

    private static final float[] SHARES = {0.5f, 0.7f, 0.8f, 0.86f, 0.9f, 0.95f, 0.99f};
    private static final long ROUND_NANOS = 10_000_000;
    private static final int ROUNDS = 40;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int NUMBERS = 16 * 1536;

    private ProductSpeed() {}

    /**
     * Runs the benchmark.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        for (Arithmetic arithmetic : Arithmetic.all()) {
            System.out.println(arithmetic);
            for (int[] size : SIZES) {
                product(arithmetic, size[0], size[1], size[2]);
            }
            for (float zeros : SHARES) {
                sparse(arithmetic, 16, 384, 1536, zeros);
                sparse(arithmetic, 1, 800, 500, zeros);
            }
            for (Function function : Function.values()) {
                float[] x = random(NUMBERS);
                float[] y = new float[NUMBERS];
                double nanos =
                        nanos(() -> arithmetic.apply(function, x, 0, y, 0, NUMBERS)) / NUMBERS;
                print("  %-22s %7.0f M/s%n", function, 1e3 / nanos);
            }
            Matrix x = Matrix.of(random(NUMBERS), 64, 384);
            Matrix y = Matrix.of(new float[NUMBERS], 64, 384);
            float[] scale = random(384);
            double nanos = nanos(() -> arithmetic.normalize(x, 1e-5f, scale, scale, y));
            print("  %-22s %7.0f M/s%n", "normalize", 1e3 * NUMBERS / nanos);
            nanos = nanos(() -> arithmetic.softmax(x, y));
            print("  %-22s %7.0f M/s%n", "softmax", 1e3 * NUMBERS / nanos);
        }
    }

    private static void product(Arithmetic arithmetic, int m, int k, int n) {
        Matrix a = Matrix.of(random(m * k), m, k);
        Matrix b = Matrix.of(random(k * n), k, n);
        Matrix transposed = Matrix.of(b.values(), n, k);
        Matrix c = Matrix.of(new float[m * n], m, n);
        PackedMatrix packed = arithmetic.pack(b);
        double flops = 2.0 * m * k * n;
        print(
                "  %-16s packed %6.1f, not packed %6.1f, transposed %6.1f GFLOPS%n",
                m + "x" + k + "x" + n,
                flops / nanos(() -> arithmetic.multiply(a, packed, c, Write.REPLACE)),
                flops / nanos(() -> arithmetic.multiply(a, b, c, Write.REPLACE)),
                flops
                        / nanos(
                                () ->
                                        arithmetic.multiplyTransposed(
                                                a, transposed, c, Write.REPLACE)));
    }

    /** Prints the speed of a product with a sparse matrix, as if its zeros were multiplied too. */
    private static void sparse(Arithmetic arithmetic, int m, int k, int n, float zeros) {
        Random random = new Random(2);
        float[] b = random(k * n);
        for (int i = 0; i < b.length; i++) {
            b[i] = random.nextFloat() < zeros ? 0 : b[i];
        }
        Matrix a = Matrix.of(random(m * k), m, k);
        Matrix c = Matrix.of(new float[m * n], m, n);
        PackedMatrix packed = arithmetic.packTransposed(Matrix.of(b, n, k));
        double nanos = nanos(() -> arithmetic.multiply(a, packed, c, Write.REPLACE));
        print(
                "  %-16s %3.0f %% zeros %6.1f GFLOPS%n",
                m + "x" + k + "x" + n, 100 * zeros, 2.0 * m * k * n / nanos);
    }

    /**
     * Returns the nanoseconds of one run, in time of the processor: the best of some rounds, as
     * other work only adds time.
     */
    private static double nanos(Runnable run) {
        double best = Double.POSITIVE_INFINITY;
        int repeats = 1;
        for (int round = 0; round < ROUNDS; round++) {
            long start = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < repeats; i++) {
                run.run();
            }
            long nanos = THREADS.getCurrentThreadCpuTime() - start;
            best = Math.min(best, Math.max(nanos, 1) / (double) repeats);
            repeats = Math.min(2 * repeats, (int) Math.max(1, ROUND_NANOS / best));
        }
        return best;
    }

    private static float[] random(int length) {
        Random random = new Random(1);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void print(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format, arguments);
    }
}
