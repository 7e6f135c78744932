package dev.bonsai.examples.network;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import dev.bonsai.examples.data.ImageFormat;
import dev.bonsai.text.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A network of the literature on compression and small machines, from images of one format, of
 * shape (N, C, H, W), to the logits of ten classes, of shape (N, 10).
 */
public enum Network {
    /** LeNet-5-Caffe: two convolutions of 5x5 and two linear layers; 431,080 parameters. */
    LENET5("lenet5", ImageFormat.MNIST, 431_080),
    /** LeNet-300-100: three linear layers; 266,610 parameters. */
    LENET300("lenet300", ImageFormat.MNIST, 266_610),
    /** One convolution of 3x3 and one linear layer; 20,410 parameters. */
    TINY("tiny", ImageFormat.MNIST, 20_410),
    /** Fewer than 1,000 weights in ten layers; 997 parameters. */
    NANO("nano", ImageFormat.MNIST, 997),
    /**
     * ResNet-8 of MLPerf Tiny: three residual blocks; 78,666 parameters, 480 of which are running
     * means and variances.
     */
    RESNET8("resnet8", ImageFormat.CIFAR, 78_666);

    /** The classes that each network tells apart. */
    private static final int CLASSES = 10;

    private final String id;
    private final ImageFormat input;
    private final long parameters;

    Network(String id, ImageFormat input, long parameters) {
        this.id = id;
        this.input = input;
        this.parameters = parameters;
    }

    /**
     * Finds the network that a user names.
     *
     * @param id the name, in upper or lower case
     * @return the network
     * @throws IllegalArgumentException if there is no such network; the message lists all
     */
    public static Network parse(String id) {
        return Names.find("network", Network.class, id);
    }

    /**
     * Returns the networks for images of a format.
     *
     * @param format what the images are made of
     * @return the networks; empty if there is none
     */
    public static List<Network> of(ImageFormat format) {
        return Arrays.stream(values()).filter(network -> network.input.equals(format)).toList();
    }

    /**
     * Returns the name that {@link #parse} takes.
     *
     * @return the name, in lower case
     */
    public String id() {
        return id;
    }

    /**
     * Returns what the images have to be made of.
     *
     * @return the format of an image
     */
    public ImageFormat input() {
        return input;
    }

    /**
     * Returns how many numbers the network learns.
     *
     * @return the number of weights and biases, and of the means and variances that batch norms
     *     keep
     */
    public long parameters() {
        return parameters;
    }

    /**
     * Makes a new network.
     *
     * @return a block that is not initialized yet
     */
    public Block newBlock() {
        return switch (this) {
            case LENET5 -> lenet5();
            case LENET300 -> lenet300();
            case TINY -> tiny();
            case NANO -> Nano.newBlock(CLASSES, false);
            case RESNET8 -> ResNet8.newBlock(CLASSES);
        };
    }

    /**
     * Makes a new network with the batch norms that it is trained with, and that {@link
     * FoldedNorms} takes into the convolutions afterwards.
     *
     * @return a block that is not initialized yet; empty where that of {@link #newBlock} is trained
     */
    public Optional<Block> newBlockWithNorms() {
        return this == NANO ? Optional.of(Nano.newBlock(CLASSES, true)) : Optional.empty();
    }

    @Override
    public String toString() {
        return id;
    }

    private static Block lenet5() {
        return new SequentialBlock()
                .add(convolution(20, 5))
                .add(pool())
                .add(convolution(50, 5))
                .add(pool())
                .add(Blocks.batchFlattenBlock())
                .add(linear(500))
                .add(Activation.reluBlock())
                .add(linear(CLASSES));
    }

    private static Block lenet300() {
        return new SequentialBlock()
                .add(Blocks.batchFlattenBlock())
                .add(linear(300))
                .add(Activation.reluBlock())
                .add(linear(100))
                .add(Activation.reluBlock())
                .add(linear(CLASSES));
    }

    private static Block tiny() {
        return new SequentialBlock()
                .add(convolution(12, 3))
                .add(Activation.reluBlock())
                .add(pool())
                .add(Blocks.batchFlattenBlock())
                .add(linear(CLASSES));
    }

    private static Block convolution(int filters, int kernel) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(kernel, kernel))
                .build();
    }

    private static Block pool() {
        return Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2));
    }

    private static Block linear(int units) {
        return Linear.builder().setUnits(units).build();
    }
}
