package dev.bonsai.pruning;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.NamedValue;
import java.util.Locale;

/**
 * Which elements of a weight are removed together.
 *
 * <p>What is removed together is a group. Patterns see a weight as a matrix: its channels, which
 * are the first dimension and the outputs of linear layers and convolutions, by all the other
 * dimensions, which are the inputs of one output. The importance of a group is the mean of the
 * importances of its elements.
 *
 * <pre>{@code
 * Pruning.builder().optPattern(SparsityPattern.nm(2, 4)).build();
 * Pruning.builder().setTargetSparsity(0.5f).optPattern(SparsityPattern.channel()).build();
 * Pruning.builder().setTargetSparsity(0.9f).optPattern(SparsityPattern.block(4, 4)).build();
 * }</pre>
 */
public abstract sealed class SparsityPattern extends NamedValue permits GroupPattern, NofM {

    SparsityPattern(String factory, Object... arguments) {
        super(factory, arguments);
    }

    /**
     * Removes elements one by one: the most freedom, and so the highest sparsity at a given loss.
     *
     * @return the pattern of single elements
     */
    public static SparsityPattern unstructured() {
        return GroupPattern.ELEMENTS;
    }

    /**
     * Keeps n of every m consecutive elements of an output's inputs, as they lie in memory: along
     * the width of a kernel, then its height, then its input channels. Every kernel can be divided
     * so, also one of a first layer with 1 or 3 input channels. It makes a file smaller; for a
     * convolution no hardware multiplies it faster.
     *
     * <p>Of a shorter last group of length l, {@code l * n / m} rounded up are kept. The sparsity
     * follows: a target sparsity is left out. It is reached over m-1, m-2, ... of m.
     *
     * @param n the elements kept, from 1 to m - 1
     * @param m the elements of a group, at least 2
     * @return the pattern n:m
     */
    public static SparsityPattern nm(int n, int m) {
        return nm(n, m, Stretch.FLATTENED);
    }

    /**
     * Keeps n of every m consecutive input channels at each position of a kernel: what sparse
     * tensor cores multiply at twice the speed, with 2 of 4. For the matrix of a linear block it is
     * the same as {@link #nm}. A kernel with too few input channels to remove any is refused.
     *
     * <p>Mishra et al.: "Accelerating Sparse Deep Neural Networks", <a
     * href="https://arxiv.org/abs/2104.08378">arXiv:2104.08378</a>.
     *
     * @param n the elements kept, from 1 to m - 1
     * @param m the elements of a group, at least 2
     * @return the pattern n:m
     */
    public static SparsityPattern nmAlongInputChannels(int n, int m) {
        return nm(n, m, Stretch.INPUT_CHANNELS);
    }

    private static SparsityPattern nm(int n, int m, Stretch stretch) {
        if (n < 1 || m <= n) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "An N:M pattern keeps n of m elements with 1 <= n < m, but got %d:%d:"
                                    + " use nm(2, 4) for half of them",
                            n,
                            m));
        }
        return new NofM(n, m, stretch);
    }

    /**
     * Removes groups that are blocks of the matrix, which fast sparse kernels multiply as small
     * dense matrices. Blocks at the edges of the matrix may be smaller.
     *
     * <p>Narang, Undersander, Diamos: "Block-Sparse Recurrent Neural Networks", <a
     * href="https://arxiv.org/abs/1711.02782">arXiv:1711.02782</a>.
     *
     * @param channels the outputs that a block spans, at least 1
     * @param inputs the inputs of an output that a block spans, at least 1
     * @return the pattern of blocks
     */
    public static SparsityPattern block(int channels, int inputs) {
        if (channels < 1 || inputs < 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A block spans 1 or more channels and inputs, but got %d x %d: use block(4,"
                                    + " 4), for example",
                            channels,
                            inputs));
        }
        return new GroupPattern(channels, inputs, "block", channels, inputs);
    }

    /**
     * Removes all weights of an output at once: a filter, or a neuron.
     *
     * <p>Li, Kadav, Durdanovic, Samet, Graf: "Pruning Filters for Efficient ConvNets", <a
     * href="https://arxiv.org/abs/1608.08710">arXiv:1608.08710</a>.
     *
     * @return the pattern of channels
     */
    public static SparsityPattern channel() {
        return GroupPattern.CHANNELS;
    }

    /** Returns the groups of a weight that are ranked against one another. */
    abstract Groups groups(Shape shape);
}
