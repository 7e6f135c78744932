package dev.bonsai.pruning;

import ai.djl.ndarray.types.Shape;

/**
 * Which elements of a weight are removed together.
 *
 * <p>Patterns see a weight as a matrix: its first dimension, which counts the outputs of linear
 * layers and convolutions, by all the others, which are the inputs of one output. The importance of
 * a group is the mean of the importances of its elements.
 *
 * <pre>{@code
 * Pruning.builder().optPattern(SparsityPattern.nm(2, 4)).build();
 * Pruning.builder().setTargetSparsity(0.5f).optPattern(SparsityPattern.channel()).build();
 * Pruning.builder().setTargetSparsity(0.9f).optPattern(SparsityPattern.block(4, 4)).build();
 * }</pre>
 */
public abstract sealed class SparsityPattern permits Tiling, NofM {

    SparsityPattern() {}

    /**
     * Removes elements one by one: the most freedom, and so the highest sparsity at a given loss.
     *
     * @return the pattern of single elements
     */
    public static SparsityPattern unstructured() {
        return Tiling.ELEMENTS;
    }

    /**
     * Keeps n of every m consecutive elements of an output's inputs; of a shorter last group of
     * length l, {@code l * n / m} rounded up. The sparsity follows: a target sparsity is left out.
     * It is reached over m-1, m-2, ... of m.
     *
     * <p>2:4 is what sparse tensor cores multiply at twice the speed: Mishra et al., "Accelerating
     * Sparse Deep Neural Networks", <a
     * href="https://arxiv.org/abs/2104.08378">arXiv:2104.08378</a>.
     *
     * @param n the elements kept, from 1 to m - 1
     * @param m the elements of a group, at least 2
     * @return the pattern n:m
     */
    public static SparsityPattern nm(int n, int m) {
        if (n < 1 || m <= n) {
            throw new IllegalArgumentException(
                    String.format(
                            "An N:M pattern keeps n of m elements with 1 <= n < m, but got %d:%d:"
                                    + " use nm(2, 4) for half of them",
                            n, m));
        }
        return new NofM(n, m);
    }

    /**
     * Removes whole blocks of the matrix, which fast sparse kernels multiply as small dense
     * matrices. Blocks at the right and the lower edge may be smaller.
     *
     * <p>Narang, Undersander, Diamos: "Block-Sparse Recurrent Neural Networks", <a
     * href="https://arxiv.org/abs/1711.02782">arXiv:1711.02782</a>.
     *
     * @param rows the outputs that a block spans, at least 1
     * @param columns the inputs that a block spans, at least 1
     * @return the pattern of blocks
     */
    public static SparsityPattern block(int rows, int columns) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException(
                    String.format(
                            "A block has 1 or more rows and columns, but got %d x %d: use block(4,"
                                    + " 4), for example",
                            rows, columns));
        }
        return new Tiling("block " + rows + "x" + columns, rows, columns);
    }

    /**
     * Removes all weights of an output at once: a filter, or a neuron.
     *
     * <p>Li, Kadav, Durdanovic, Samet, Graf: "Pruning Filters for Efficient ConvNets", <a
     * href="https://arxiv.org/abs/1608.08710">arXiv:1608.08710</a>.
     *
     * @return the pattern of rows of the matrix
     */
    public static SparsityPattern channel() {
        return Tiling.ROWS;
    }

    /** Returns the groups of a weight that are ranked against one another. */
    abstract Tiles tiles(Shape shape);
}
