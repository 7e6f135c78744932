package dev.bonsai.bench;

import ai.djl.ndarray.NDArrays;
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
import java.util.function.Function;

/**
 * Networks for images as the literature has them. DJL's own ResNetV1 is none of these: its blocks
 * are bottlenecks at all depths.
 */
final class BenchNetworks {

    private BenchNetworks() {}

    /**
     * A VGG-like network for images of 32x32 (Simonyan and Zisserman 2015): seven convolutions of
     * 3x3 with batch normalisation, four pools, one linear layer.
     */
    static Block vgg(int classes) {
        SequentialBlock block = new SequentialBlock();
        for (int filters : new int[] {64, 64, 0, 128, 128, 0, 256, 256, 0, 512, 0}) {
            if (filters == 0) {
                block.add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
            } else {
                normalized(block, filters, 3, 1).add(Activation.reluBlock());
            }
        }
        return block.add(Blocks.batchFlattenBlock()).add(linear(classes));
    }

    /** ResNet-18 for images of 224x224 (He et al. 2016). */
    static Block resNet18(int classes) {
        SequentialBlock block = new SequentialBlock();
        normalized(block, 64, 7, 2).add(Activation.reluBlock());
        block.add(Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1)));
        for (int filters : new int[] {64, 128, 256, 512}) {
            block.add(residual(filters, filters == 64 ? 1 : 2)).add(residual(filters, 1));
        }
        return block.add(Pool.globalAvgPool2dBlock())
                .add(Blocks.batchFlattenBlock())
                .add(linear(classes));
    }

    /** Two convolutions of 3x3 beside the identity, or a projection where the size is halved. */
    private static Block residual(int filters, int stride) {
        SequentialBlock inner = new SequentialBlock();
        normalized(inner, filters, 3, stride).add(Activation.reluBlock());
        normalized(inner, filters, 3, 1);
        SequentialBlock outer =
                stride == 1
                        ? new SequentialBlock().add(Blocks.identityBlock())
                        : normalized(new SequentialBlock(), filters, 1, stride);
        Function<List<NDList>, NDList> sum =
                parts ->
                        new NDList(
                                NDArrays.add(
                                        parts.get(0).singletonOrThrow(),
                                        parts.get(1).singletonOrThrow()));
        return new SequentialBlock()
                .add(new ParallelBlock(sum, List.of(inner, outer)))
                .add(Activation.reluBlock());
    }

    private static SequentialBlock normalized(
            SequentialBlock block, int filters, int kernel, int stride) {
        return block.add(
                        Conv2d.builder()
                                .setFilters(filters)
                                .setKernelShape(new Shape(kernel, kernel))
                                .optPadding(new Shape(kernel / 2, kernel / 2))
                                .optStride(new Shape(stride, stride))
                                .optBias(false)
                                .build())
                .add(BatchNorm.builder().build());
    }

    private static Block linear(int units) {
        return Linear.builder().setUnits(units).build();
    }
}
