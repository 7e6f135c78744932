package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.RotatingNoise;

/**
 * Rounds up with a probability of the distance to the step below: {@code floor(x + u)}, u uniform
 * in (0, 1), which is {@code x + u - 1/2} rounded to the nearest.
 *
 * <p>The noise takes {@code 2^(20 - bits)} values: it keeps away from 0 and 1 by more than the
 * error of {@code value / scale}, so that what is on the grid stays there. The mean is thus off by
 * at most {@code 2^(bits - 21)} steps.
 */
final class Stochastic extends Rounding {

    private final long seed;

    Stochastic(long seed) {
        super("stochastic", seed);
        this.seed = seed;
    }

    @Override
    Rounder start(RotatingNoise.State stood, int bits, Shape shape, NDManager state) {
        return new Noise(
                RotatingNoise.of(seed, stood, 1 << (20 - bits), shape, state),
                AffineQuantizer.rounder(AffineQuantizer.type(bits), state));
    }

    private record Noise(RotatingNoise uniform, NDArray rounder) implements Rounder {

        @Override
        public long rotations() {
            return uniform.getState().rotations();
        }

        @Override
        public void round(NDArray steps, Mode mode) {
            NDArray noise = uniform.next(mode, steps.getManager()).subi(0.5f);
            steps.addi(noise).addi(rounder).subi(rounder);
        }
    }
}
