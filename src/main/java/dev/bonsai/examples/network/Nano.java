package dev.bonsai.examples.network;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;

/**
 * A network of fewer than 1,000 weights: a convolution of 3x3, the largest of each 2x2, four
 * separable convolutions of 3x3 without padding, the mean over each channel, and a linear layer.
 *
 * <p>A separable convolution goes over each channel by itself and then mixes the channels of each
 * pixel: see A. Howard et al., <a href="https://arxiv.org/abs/1704.04861">MobileNets</a> (2017).
 */
final class Nano {

    private static final int FIRST = 7;
    private static final int[] CHANNELS = {10, 10, 11, 12};

    /** What is left of a value below zero. */
    private static final float LEAK = 0.2f;

    private Nano() {}

    /**
     * Makes a new network.
     *
     * @param classes the number of logits
     * @param normalized whether a batch norm follows each convolution that mixes channels
     * @return a block that is not initialized yet, from (N, 1, 28, 28) to (N, classes)
     */
    static Block newBlock(int classes, boolean normalized) {
        SequentialBlock network = new SequentialBlock().add(mixing(FIRST, 3));
        finish(network, normalized);
        network.add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
        int channels = FIRST;
        for (int wider : CHANNELS) {
            network.add(perChannel(channels)).add(mixing(wider, 1));
            finish(network, normalized);
            channels = wider;
        }
        return network.add(Pool.globalAvgPool2dBlock())
                .add(Linear.builder().setUnits(classes).build());
    }

    private static void finish(SequentialBlock network, boolean normalized) {
        if (normalized) {
            network.add(BatchNorm.builder().build());
        }
        network.add(Activation.leakyReluBlock(LEAK));
    }

    private static Block mixing(int filters, int kernel) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(kernel, kernel))
                .build();
    }

    private static Block perChannel(int channels) {
        return Conv2d.builder()
                .setFilters(channels)
                .setKernelShape(new Shape(3, 3))
                .optGroups(channels)
                .optBias(false)
                .build();
    }
}
