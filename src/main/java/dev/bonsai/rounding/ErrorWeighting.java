package dev.bonsai.rounding;

/** What the squared error of an element counts when it is weighed against bits. */
public enum ErrorWeighting {
    /** The same for all elements. */
    EVEN,
    /**
     * The mean square of the input that the element is multiplied with, over the mean of all
     * elements of the weight: what it adds to the squared error of the layer's output where inputs
     * are not correlated. For linear and convolutional blocks; other targets with two or more
     * dimensions are to be excluded with a selector, and biases count the same.
     */
    INPUTS
}
