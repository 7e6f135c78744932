package dev.bonsai.report;

import dev.bonsai.encoding.WeightError;

/**
 * What became of one weight.
 *
 * @param path the path from the root block
 * @param shape the shape, such as {@code (500, 800)}
 * @param size the number of elements
 * @param zeros the number of elements that are exactly zero
 * @param bits the bits that tell one value from another: 32 for floats, the width of a grid, the
 *     logarithm of the size of a codebook
 * @param bytes the bytes that it takes in the file of the model, scales and positions included; 0
 *     if no file can be written
 * @param scaleBytes those of them that are scales, zero points or a codebook
 * @param error how far the last technique that changed values moved the weight from what it was
 *     given (pruning counts as a change); no error at all if nothing was changed
 */
public record WeightReport(
        String path,
        String shape,
        int size,
        int zeros,
        int bits,
        long bytes,
        long scaleBytes,
        WeightError error) {

    /**
     * Returns the fraction of the elements that are exactly zero.
     *
     * @return the sparsity, in [0, 1]
     */
    public double sparsity() {
        return size == 0 ? 0 : (double) zeros / size;
    }
}
