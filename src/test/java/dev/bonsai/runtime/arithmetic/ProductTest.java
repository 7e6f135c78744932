package dev.bonsai.runtime.arithmetic;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;

import dev.bonsai.Cross;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Products of every arithmetic and every form of the right operand agree with sums in double. */
public class ProductTest {

    private static final int[] ROWS = {0, 1, 2, 3, 4, 5, 7, 16, 18};
    private static final int[] INNER = {0, 1, 3, 4, 6, 9, 33, 197};
    private static final int[] COLUMNS = {0, 1, 8, 15, 16, 19, 70};

    /** Relative to the sum of absolute products: far above rounding, far below any wrong index. */
    private static final double TOLERANCE = 1e-5;

    /** Lies round every result, and must stay. */
    private static final float GUARD = 12345;

    private enum Form {
        PACKED,
        PACKED_TRANSPOSED,
        PLAIN,
        TRANSPOSED
    }

    @DataProvider
    Object[][] products() {
        return Cross.of(
                Arithmetic.all().toArray(),
                Form.values(),
                Write.values(),
                new Object[] {0, 3},
                new Object[] {0f, 0.5f, 0.95f, 1f});
    }

    @Test(dataProvider = "products")
    void productIsThatOfDoubles(
            Arithmetic arithmetic, Form form, Write write, int gap, float zeros) {
        Random random = new Random(7);
        for (int m : ROWS) {
            for (int k : INNER) {
                for (int n : COLUMNS) {
                    Matrix a = random(random, m, k, gap, 0);
                    boolean transposed = form == Form.TRANSPOSED || form == Form.PACKED_TRANSPOSED;
                    Matrix b = random(random, transposed ? n : k, transposed ? k : n, gap, zeros);
                    check(arithmetic, form, write, a, b, random(random, m, n, gap, 0));
                }
            }
        }
    }

    private static void check(
            Arithmetic arithmetic, Form form, Write write, Matrix a, Matrix b, Matrix c) {
        float[] before = c.values().clone();
        multiply(arithmetic, form, a, b, c, write);
        boolean transposed = form == Form.TRANSPOSED || form == Form.PACKED_TRANSPOSED;
        double[] expected = new double[before.length];
        double[] bound = new double[before.length];
        for (int i = 0; i < before.length; i++) {
            expected[i] = before[i];
        }
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.columns(); j++) {
                int at = c.start(i) + j;
                double sum = write == Write.ADD ? before[at] : 0;
                double size = Math.abs(sum);
                for (int l = 0; l < a.columns(); l++) {
                    double product =
                            (double) a.values()[a.start(i) + l]
                                    * b.values()[transposed ? b.start(j) + l : b.start(l) + j];
                    sum += product;
                    size += Math.abs(product);
                }
                expected[at] = sum;
                bound[at] = size * TOLERANCE;
            }
        }
        for (int i = 0; i < before.length; i++) {
            assertEquals(
                    c.values()[i],
                    expected[i],
                    bound[i],
                    a.size() + " and " + b.size() + ", element " + i);
        }
    }

    private static void multiply(
            Arithmetic arithmetic, Form form, Matrix a, Matrix b, Matrix c, Write write) {
        switch (form) {
            case PACKED -> arithmetic.multiply(a, arithmetic.pack(b), c, write);
            case PACKED_TRANSPOSED ->
                    arithmetic.multiply(a, arithmetic.packTransposed(b), c, write);
            case PLAIN -> arithmetic.multiply(a, b, c, write);
            case TRANSPOSED -> arithmetic.multiplyTransposed(a, b, c, write);
        }
    }

    /** Returns random numbers with guards round them. */
    private static Matrix random(Random random, int rows, int columns, int gap, float zeros) {
        float[] values = new float[gap + rows * (columns + gap) + gap];
        java.util.Arrays.fill(values, GUARD);
        Matrix matrix = new Matrix(values, gap, rows, columns, columns + gap);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                boolean zero = random.nextFloat() < zeros;
                values[matrix.start(i) + j] = zero ? 0 : (float) random.nextGaussian();
            }
        }
        return matrix;
    }

    @DataProvider
    Object[][] forms() {
        return Cross.of(Arithmetic.all().toArray(), Form.values(), new Object[] {1, 2, 3, 4, 5, 9});
    }

    /**
     * Equal columns give equal bits wherever they stand: a softmax over scores that are all the
     * same is not to depend on which of them lie in the last panel.
     */
    @Test(dataProvider = "forms")
    void equalColumnsGiveEqualBits(Arithmetic arithmetic, Form form, int m) {
        Random random = new Random(5);
        boolean transposed = form == Form.TRANSPOSED || form == Form.PACKED_TRANSPOSED;
        for (int k : new int[] {1, 7, 96, 97, 250}) {
            Matrix column = random(random, 1, k, 0, 0);
            for (int n : new int[] {2, 17, 33, 65, 71, 100, 200}) {
                float[] values = new float[k * n];
                for (int i = 0; i < values.length; i++) {
                    values[i] = column.values()[transposed ? i % k : i / n];
                }
                Matrix b = transposed ? Matrix.of(values, n, k) : Matrix.of(values, k, n);
                Matrix c = random(random, m, n, 0, 0);
                multiply(arithmetic, form, random(random, m, k, 0, 0), b, c, Write.REPLACE);
                for (int row = 0; row < m; row++) {
                    for (int j = 1; j < n; j++) {
                        assertEquals(
                                c.values()[c.start(row) + j],
                                c.values()[c.start(row)],
                                "k " + k + ", n " + n + ", row " + row + ", column " + j);
                    }
                }
            }
        }
    }

    @DataProvider
    Object[][] strangers() {
        return Cross.of(
                Arithmetic.all().toArray(),
                Form.values(),
                new Object[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY},
                new Object[] {1, 4, 18},
                new Object[] {1, 8, 37});
    }

    @Test(dataProvider = "strangers")
    void valueThatIsNotFiniteReachesItsRowOnly(
            Arithmetic arithmetic, Form form, float stranger, int m, int n) {
        int k = 11;
        Random random = new Random(3);
        boolean transposed = form == Form.TRANSPOSED || form == Form.PACKED_TRANSPOSED;
        for (int row = 0; row < m; row++) {
            Matrix a = random(random, m, k, 0, 0);
            Matrix b = transposed ? Matrix.of(ones(k * n), n, k) : Matrix.of(ones(k * n), k, n);
            a.values()[a.start(row) + row % k] = stranger;
            Matrix c = random(random, m, n, 0, 0);
            multiply(arithmetic, form, a, b, c, Write.REPLACE);
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    float value = c.values()[c.start(i) + j];
                    if (i == row) {
                        assertEquals(value, stranger);
                    } else {
                        assertTrue(Float.isFinite(value));
                    }
                }
            }
        }
    }

    private static float[] ones(int length) {
        float[] values = new float[length];
        java.util.Arrays.fill(values, 1);
        return values;
    }

    @DataProvider
    Object[][] arithmetics() {
        return Cross.of(Arithmetic.all().toArray());
    }

    @Test(dataProvider = "arithmetics")
    void sizesThatDoNotFitAreRefused(Arithmetic arithmetic) {
        PackedMatrix b = arithmetic.pack(Matrix.of(new float[6], 2, 3));
        Matrix a = Matrix.of(new float[8], 4, 2);
        arithmetic.multiply(a, b, Matrix.of(new float[12], 4, 3), Write.REPLACE);
        for (Matrix c :
                new Matrix[] {Matrix.of(new float[12], 3, 4), Matrix.of(new float[12], 4, 2)}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> arithmetic.multiply(a, b, c, Write.REPLACE));
        }
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        arithmetic.multiply(
                                Matrix.of(new float[8], 2, 4),
                                b,
                                Matrix.of(new float[6], 2, 3),
                                Write.REPLACE));
    }

    @Test
    void matrixThatDoesNotFitIntoItsArrayIsRefused() {
        float[] values = new float[10];
        assertEquals(new Matrix(values, 1, 3, 3, 3).start(2), 7);
        assertEquals(new Matrix(values, 0, 0, 20, 20).rows(), 0);
        int[][] wrong = {
            {2, 3, 3, 3}, {0, 3, 3, 4}, {0, 2, 3, 2}, {-1, 3, 3, 3}, {0, -1, 3, 3}, {0, 3, -1, 3}
        };
        for (int[] w : wrong) {
            // a stride of 4 makes the last element the eleventh
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Matrix(values, w[0], w[1], w[2], w[3]));
        }
        assertThrows(IllegalArgumentException.class, () -> new Matrix(values, 0, 65536, 1, 65536));
    }
}
