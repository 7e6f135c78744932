package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass.Mode;
import java.util.SplittableRandom;

/**
 * Rounds up with a probability of the distance to the step below: {@code floor(x + u)}, u uniform
 * in (0, 1), which is {@code x + u - 1/2} rounded to the nearest.
 *
 * <p>The noise of a weight is drawn once and rotated at each training step by one number, {@code
 * frac(u + r)}: each element's noise stays uniform over the steps (Cranley and Patterson:
 * "Randomization of Number Theoretic Methods for Multiple Integration", 1976).
 *
 * <p>The noise takes {@code 2^(20 - bits)} values, in the middle of as many intervals: it is exact
 * in floats, and it keeps away from 0 and 1 by more than the error of {@code value / scale}, so
 * that what is on the grid stays there. The mean is thus off by at most {@code 2^(bits - 21)}
 * steps.
 */
final class Stochastic extends Rounding {

    private final long seed;

    Stochastic(long seed) {
        this.seed = seed;
    }

    @Override
    Rounder start(int position, int bits, Shape shape, NDManager state) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < position; ++i) {
            random.split();
        }
        random = random.split();
        int intervals = 1 << (20 - bits);
        float[] noise = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < noise.length; ++i) {
            noise[i] = (random.nextInt(intervals) + 0.5f) / intervals;
        }
        return new Noise(
                state.create(noise, shape),
                AffineQuantizer.rounder(AffineQuantizer.type(bits), state),
                intervals,
                random);
    }

    @Override
    public String toString() {
        return "stochastic, seed " + seed;
    }

    private record Noise(NDArray uniform, NDArray rounder, int intervals, SplittableRandom random)
            implements Rounder {

        @Override
        public void round(NDArray steps, Mode mode) {
            float rotation =
                    mode == Mode.TRAINING ? (float) random.nextInt(intervals) / intervals : 0;
            // The state's array is the second operand, so that the sum is owned by the pass.
            NDArray noise = steps.getManager().create(rotation).add(uniform);
            noise.subi(noise.floor()).subi(0.5f);
            steps.addi(noise).addi(rounder).subi(rounder);
        }
    }
}
