package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.NamedValue;
import dev.bonsai.core.RotatingNoise;

/** Which of its two neighbours on the grid a weight becomes. */
public abstract sealed class Rounding extends NamedValue permits NearestEven, Stochastic {

    Rounding(String factory, Object... arguments) {
        super(factory, arguments);
    }

    /**
     * The nearest neighbour, and of two equally near ones that with the even number of steps from
     * zero.
     *
     * @return the rounding
     */
    public static Rounding nearestEven() {
        return NearestEven.INSTANCE;
    }

    /**
     * Either neighbour by chance, the nearer the likelier, so that the mean over many training
     * steps is the weight itself and small gradients are not lost. A value on the grid stays;
     * inference rounds the same way every time.
     *
     * <p>Gupta et al.: "Deep Learning with Limited Numerical Precision", <a
     * href="https://arxiv.org/abs/1502.02551">arXiv:1502.02551</a>.
     *
     * @param seed the seed of all random choices
     * @return the rounding
     */
    public static Rounding stochastic(long seed) {
        return new Stochastic(seed);
    }

    /** Returns what rounds one array, whose random numbers go on where others stood. */
    abstract Rounder start(RotatingNoise.State stood, int bits, Shape shape, NDManager state);

    /** Rounds to whole numbers in place. */
    @FunctionalInterface
    interface Rounder {
        void round(NDArray steps, Mode mode);

        /** Tells how often random numbers were drawn anew. */
        default long rotations() {
            return 0;
        }
    }
}
