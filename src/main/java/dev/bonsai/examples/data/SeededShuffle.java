package dev.bonsai.examples.data;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Visits an {@link ImageDataset} in an order that depends on a seed and the epoch only. DJL's own
 * random sampler draws from a generator that everything in the process shares.
 */
record SeededShuffle(long seed) implements Sampler.SubSampler {

    @Override
    public Iterator<Long> sample(RandomAccessDataset dataset) {
        int epoch = ((ImageDataset) dataset).epoch();
        int[] order = Seeds.permutation(Math.toIntExact(dataset.size()), Seeds.mix(seed, epoch));
        return Arrays.stream(order).asLongStream().boxed().iterator();
    }
}
