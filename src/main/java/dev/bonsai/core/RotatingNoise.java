package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass.Mode;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Uniform noise for a transform that chooses by chance in training passes: drawn once, and rotated
 * at each pass by one number, {@code frac(u + r)}, so that each element's noise stays uniform over
 * the steps, no global random state is touched, and a pass costs no new noise.
 *
 * <p>The noise takes as many values as there are intervals between 0 and 1, in their middle: it is
 * exact in floats and never 0 or 1 (Cranley and Patterson: "Randomization of Number Theoretic
 * Methods for Multiple Integration", 1976).
 */
public final class RotatingNoise {

    private static final int MOST_POSITIONS = 1 << 24;

    private final NDArray uniform;
    private final int position;
    private final int intervals;
    private final CountedRandom rotations;

    /**
     * Where the noise of an array stands; the numbers themselves follow from the seed.
     *
     * @param position tells the numbers of one array from those of another
     * @param rotations how often it was rotated
     */
    public record State(int position, long rotations) {

        /**
         * Checks both.
         *
         * @throws IllegalArgumentException if one is out of its range
         */
        public State {
            CountedRandom.checkDraws(rotations);
            if (position < 0 || position >= MOST_POSITIONS) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "The position of an array lies in [0, %d), but got %d: use that of"
                                        + " its weight in the model",
                                MOST_POSITIONS,
                                position));
            }
        }
    }

    private RotatingNoise(NDArray uniform, int position, CountedRandom rotations, int intervals) {
        this.uniform = uniform;
        this.position = position;
        this.intervals = intervals;
        this.rotations = rotations;
    }

    /**
     * Draws the noise of one array.
     *
     * @param seed the seed of all random choices of a technique
     * @param position tells the numbers of one array from those of another
     * @param intervals the number of different values, a power of two of at most 2^22
     * @param shape the shape
     * @param state the owner of the noise
     * @return the noise
     */
    public static RotatingNoise of(
            long seed, int position, int intervals, Shape shape, NDManager state) {
        return of(seed, new State(position, 0), intervals, shape, state);
    }

    /**
     * Draws the noise of one array again, and rotates it to where it stood.
     *
     * @param seed the seed of all random choices of a technique
     * @param stood where it stood
     * @param intervals the number of different values, as at first
     * @param shape the shape, as at first
     * @param state the owner of the noise
     * @return the noise, whose further passes are those that would have followed
     */
    public static RotatingNoise of(
            long seed, State stood, int intervals, Shape shape, NDManager state) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < stood.position(); ++i) {
            random.split();
        }
        random = random.split();
        float[] noise = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < noise.length; ++i) {
            noise[i] = (random.nextInt(intervals) + 0.5f) / intervals;
        }
        CountedRandom rotations = new CountedRandom(random, intervals);
        rotations.skip(stood.rotations());
        return new RotatingNoise(
                Tensors.constant(state, noise, shape), stood.position(), rotations, intervals);
    }

    /**
     * Returns where the noise stands.
     *
     * @return the state, to be given to {@link #of(long, State, int, Shape, NDManager)}
     */
    public State getState() {
        return new State(position, rotations.draws());
    }

    /**
     * Returns the noise of a pass.
     *
     * @param mode what the pass is for; the noise of inference is the same every time
     * @param owner the owner of the result
     * @return a new array of numbers in (0, 1)
     */
    public NDArray next(Mode mode, NDManager owner) {
        float rotation = mode == Mode.TRAINING ? (float) rotations.next() / intervals : 0;
        // The state's array is the second operand, so that the sum is owned by the pass.
        NDArray noise = Tensors.constant(owner, rotation).add(uniform);
        return noise.subi(noise.floor());
    }
}
