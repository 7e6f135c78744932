package dev.bonsai.runtime.arithmetic;

import java.util.List;

/**
 * Arithmetic on {@code float} arrays. NaN and infinity go the way that Java's operators let them
 * go. Sums are in an order of the implementation's own. Implementations have no state: any thread
 * may use them.
 *
 * <p>The arrays that are written must not overlap those that are read, unless stated.
 */
public interface Arithmetic {

    /**
     * Returns the fastest arithmetic that this JVM offers: with the Vector API where the JVM was
     * started with {@code --add-modules jdk.incubator.vector}, else in plain Java.
     *
     * @return the fastest arithmetic
     */
    static Arithmetic best() {
        return Available.ALL.get(0);
    }

    /**
     * Returns every arithmetic that this JVM offers.
     *
     * @return them, the fastest first
     */
    static List<Arithmetic> all() {
        return Available.ALL;
    }

    /**
     * Lays out a matrix for products with it on the right, c = a b. Worth while for a matrix that
     * is used more than once. One of mostly zeros is kept as what is not zero: then infinity and
     * NaN times its zeros count as 0.
     *
     * @param b the matrix, k x n
     * @return a copy in a layout of its own
     */
    PackedMatrix pack(Matrix b);

    /**
     * Lays out the transpose of a matrix for products with it on the right, c = a bᵀ. The weight of
     * a linear layer, outputs x inputs, is such a matrix. Zeros are as in {@link #pack}.
     *
     * @param b the matrix, n x k
     * @return a copy of its transpose in a layout of its own
     */
    PackedMatrix packTransposed(Matrix b);

    /**
     * Computes c = a b or c = c + a b.
     *
     * @param a the left operand, m x k
     * @param b the right operand, k x n, packed by this arithmetic
     * @param c the result, m x n
     * @param write whether the result replaces c or is added to it
     */
    void multiply(Matrix a, PackedMatrix b, Matrix c, Write write);

    /**
     * Computes c = a b or c = c + a b.
     *
     * @param a the left operand, m x k
     * @param b the right operand, k x n
     * @param c the result, m x n
     * @param write whether the result replaces c or is added to it
     */
    void multiply(Matrix a, Matrix b, Matrix c, Write write);

    /**
     * Computes c = a bᵀ or c = c + a bᵀ.
     *
     * @param a the left operand, m x k
     * @param b the right operand, n x k
     * @param c the result, m x n
     * @param write whether the result replaces c or is added to it
     */
    void multiplyTransposed(Matrix a, Matrix b, Matrix c, Write write);

    /**
     * Applies a function to each number: y = f(x). Both may be the same array with the same offset.
     *
     * @param function the function
     * @param x the arguments
     * @param xOffset where they start
     * @param y the array for the results
     * @param yOffset where they start
     * @param length how many there are
     */
    void apply(Function function, float[] x, int xOffset, float[] y, int yOffset, int length);

    /**
     * Computes y = y + factor x.
     *
     * @param factor the factor
     * @param x what is added
     * @param xOffset where it starts
     * @param y what it is added to
     * @param yOffset where that starts
     * @param length how many numbers there are
     */
    void addScaled(float factor, float[] x, int xOffset, float[] y, int yOffset, int length);

    /**
     * Returns the sum of numbers; 0 if there are none.
     *
     * @param x the numbers
     * @param offset where they start
     * @param length how many there are
     * @return the sum
     */
    float sum(float[] x, int offset, int length);

    /**
     * Returns the largest of numbers, as {@link Math#max} does; negative infinity if there are
     * none.
     *
     * @param x the numbers
     * @param offset where they start
     * @param length how many there are
     * @return the largest
     */
    float max(float[] x, int offset, int length);

    /**
     * Computes the softmax of each row. Both may be the same matrix.
     *
     * @param x the arguments
     * @param y the results, of the same size
     */
    void softmax(Matrix x, Matrix y);

    /**
     * Normalizes each row: y = (x - mean) / sqrt(variance + epsilon) * scale + bias. Both matrices
     * may be the same.
     *
     * @param x the arguments
     * @param epsilon what is added to the variance
     * @param scale a factor per column
     * @param bias a summand per column
     * @param y the results, of the same size
     */
    void normalize(Matrix x, float epsilon, float[] scale, float[] bias, Matrix y);
}
