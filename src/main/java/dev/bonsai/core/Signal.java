package dev.bonsai.core;

/**
 * What can be gathered about a weight while the model trains: from its gradients, by a {@link
 * GradientSignal}, or from the inputs that it is multiplied with, by an {@link InputSignal}. A
 * technique names its signals in {@link Technique#getSignals()}; one of the user's own is as good
 * as those that stand here.
 *
 * <p>Signals are told apart by {@code equals}: keep one in a constant, or make it a record. The
 * text of {@code toString} names it in messages.
 */
public sealed interface Signal permits GradientSignal, InputSignal {

    /** The sum over the steps of the gradient's absolute value. */
    Signal GRADIENT_MAGNITUDE =
            new Signals.Sum("GRADIENT_MAGNITUDE", (latent, gradient) -> gradient.abs());

    /** The sum over the steps of the square of the gradient. */
    Signal GRADIENT_SQUARED =
            new Signals.Sum("GRADIENT_SQUARED", (latent, gradient) -> gradient.square());

    /** The sum over the steps of weight times gradient. */
    Signal WEIGHT_TIMES_GRADIENT =
            new Signals.Sum("WEIGHT_TIMES_GRADIENT", (latent, gradient) -> gradient.mul(latent));

    /** The sum over the steps of the square of weight times gradient. */
    Signal WEIGHT_TIMES_GRADIENT_SQUARED =
            new Signals.Sum(
                    "WEIGHT_TIMES_GRADIENT_SQUARED",
                    (latent, gradient) -> gradient.mul(latent).square());

    /**
     * The mean absolute value of the input that each element of a weight is multiplied with, over
     * samples and positions in the first steps of an epoch; for linear and convolutional blocks.
     */
    Signal INPUT_MAGNITUDE = new Signals.Mean("INPUT_MAGNITUDE", input -> input.abs());

    /**
     * The mean square of the input that each element of a weight is multiplied with, as {@link
     * #INPUT_MAGNITUDE} is gathered: the diagonal of the Hessian of a layer's squared error.
     */
    Signal INPUT_SQUARE = new Signals.Mean("INPUT_SQUARE", input -> input.square());

    /**
     * Tells whether there is such a signal of a weight. A frozen weight gets no gradient: that is
     * not a gradient of zero, and its elements must not be ranked by one.
     *
     * @param weight the weight
     * @return whether the training tells anything
     */
    boolean isGatheredOf(TargetWeight weight);
}
