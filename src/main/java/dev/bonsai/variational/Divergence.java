package dev.bonsai.variational;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;

/**
 * The Kullback-Leibler divergence of a weight's normal distribution from the log-uniform prior, up
 * to a constant, in the approximation {@code -k1 sigmoid(k2 + k3 log alpha) + log(1 + 1 / alpha) /
 * 2} with {@code alpha = sigma^2 / w^2}.
 */
final class Divergence {

    private static final double K1 = 0.63576;
    private static final double K2 = 1.87320;
    private static final double K3 = 1.48695;

    /** Keeps the logarithm of an exact zero finite; far below the square of any trained weight. */
    private static final float TINY = 1e-30f;

    private Divergence() {}

    /**
     * Adds the gradients of the divergence to those of the loss.
     *
     * <p>With {@code f} the fall of the divergence with {@code log alpha}, the gradient is {@code
     * -f} towards {@code log sigma^2} and {@code 2 f / w} towards w. Nothing need be clipped:
     * {@code f / w^2} is finite at 0.
     *
     * @param weight the weight, whose manager is short-lived
     * @param logVariance {@code log sigma^2}, whose manager is short-lived
     * @param towards the gradients to be changed
     * @param scale the weight of the divergence
     * @param rate the derivative of {@code log sigma^2} by the parameter that is trained
     */
    static void addGradients(
            NDArray weight, NDArray logVariance, Gradients towards, double scale, double rate) {
        NDArray square = weight.mul(weight).addi(TINY);
        NDArray total = logVariance.exp().addi(square);
        NDArray logAlpha = logVariance.subi(square.log());
        NDArray sigmoid = Activation.sigmoid(logAlpha.muli(K3).addi(K2));
        NDArray fall = sigmoid.mul(sigmoid).subi(sigmoid).muli(-K1 * K3);
        fall.addi(square.div(total).muli(0.5));
        towards.parameter().subi(fall.mul(scale * rate));
        towards.weight().addi(fall.divi(square).muli(weight).muli(2 * scale));
    }

    /**
     * Gradients of the loss.
     *
     * @param weight towards the weight
     * @param parameter towards the parameter that is trained in place of {@code log sigma^2}
     */
    record Gradients(NDArray weight, NDArray parameter) {}
}
