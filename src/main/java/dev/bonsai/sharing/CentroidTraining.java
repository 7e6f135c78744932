package dev.bonsai.sharing;

/** How the elements that share a value move while the model trains. */
public enum CentroidTraining {

    /**
     * Each element gets the sum of the gradients of all elements that share its value, so that they
     * move together, and with plain SGD the value moves by the learning rate times that sum: the
     * gradient of the loss with respect to the shared value.
     *
     * <p>The sum grows with the number of elements. Adam and its like do not mind; with SGD take a
     * learning rate that is smaller by far.
     *
     * <p>Han, Mao, Dally: "Deep Compression: Compressing Deep Neural Networks with Pruning, Trained
     * Quantization and Huffman Coding", <a
     * href="https://arxiv.org/abs/1510.00149">arXiv:1510.00149</a>.
     */
    SUMMED_GRADIENT,

    /**
     * Each element keeps its own gradient: the elements drift apart, the shared value follows their
     * mean, and an element changes to another value when the elements are grouped anew.
     */
    STRAIGHT_THROUGH
}
