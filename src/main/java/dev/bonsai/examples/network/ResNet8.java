package dev.bonsai.examples.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import java.util.List;

/**
 * The residual network of MLPerf Tiny's image classification: a convolution, three stages of one
 * residual block each with 16, 32 and 64 channels, the mean over each channel, and a linear layer.
 *
 * <p>See C. Banbury et al., <a href="https://arxiv.org/abs/2106.07597">MLPerf Tiny Benchmark</a>
 * (2021), and K. He et al., <a href="https://arxiv.org/abs/1512.03385">Deep Residual Learning for
 * Image Recognition</a> (2015).
 */
final class ResNet8 {

    private static final int[] CHANNELS = {16, 32, 64};

    private ResNet8() {}

    /**
     * Makes a new network.
     *
     * @param classes the number of logits
     * @return a block that is not initialized yet, from (N, C, H, W) to (N, classes)
     */
    static Block newBlock(int classes) {
        int channels = CHANNELS[0];
        SequentialBlock network =
                new SequentialBlock()
                        .add(convolution(channels, 3, 1))
                        .add(normalization())
                        .add(Activation.reluBlock());
        for (int wider : CHANNELS) {
            network.add(residual(wider, wider == channels ? 1 : 2)).add(Activation.reluBlock());
            channels = wider;
        }
        return network.add(Pool.globalAvgPool2dBlock())
                .add(Linear.builder().setUnits(classes).build());
    }

    /** Two convolutions beside the input, which goes through one of 1x1 where its shape changes. */
    private static Block residual(int channels, int stride) {
        Block convolutions =
                new SequentialBlock()
                        .add(convolution(channels, 3, stride))
                        .add(normalization())
                        .add(Activation.reluBlock())
                        .add(convolution(channels, 3, 1))
                        .add(normalization());
        Block shortcut = stride == 1 ? Blocks.identityBlock() : convolution(channels, 1, stride);
        return new ParallelBlock(ResNet8::sum, List.of(convolutions, shortcut));
    }

    private static NDList sum(List<NDList> branches) {
        NDArray one = branches.get(0).singletonOrThrow();
        return new NDList(one.add(branches.get(1).singletonOrThrow()));
    }

    private static Block convolution(int filters, int kernel, int stride) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(kernel, kernel))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(kernel / 2, kernel / 2))
                .build();
    }

    private static Block normalization() {
        return BatchNorm.builder().build();
    }
}
