package dev.bonsai.variational;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.CountedRandom;
import dev.bonsai.core.Tensors;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Standard normal numbers, drawn once for all weights of a state. A weight takes a window of them
 * at a random place, which costs nothing and touches no global random state.
 */
final class Noise {

    /** The places where a window can begin, and so the different noises of an element. */
    private static final int PLACES = 1 << 18;

    private final NDArray pool;

    /**
     * Draws the numbers.
     *
     * @param size the elements of the largest weight
     * @param state the owner of the numbers
     */
    Noise(int size, RandomGenerator random, NDManager state) {
        float[] numbers = new float[Math.addExact(size, PLACES)];
        for (int i = 0; i < numbers.length; ++i) {
            numbers[i] = (float) random.nextGaussian();
        }
        pool = Tensors.constant(state, numbers, new Shape(numbers.length));
    }

    /** Returns the places where the windows of a weight begin. */
    static CountedRandom places(SplittableRandom random) {
        return new CountedRandom(random, PLACES);
    }

    /** Returns numbers that must not be changed. */
    NDArray window(int place, Shape shape, NDManager owner) {
        return pool.get(owner, new NDIndex("{}:{}", place, place + shape.size())).reshape(shape);
    }
}
