package dev.bonsai.examples.data;

import ai.djl.ndarray.types.Shape;
import java.util.Locale;

/**
 * What an image is made of.
 *
 * @param channels the values of a pixel: 1 for grey, 3 for red, green and blue
 * @param height the rows, in pixels
 * @param width the pixels of a row
 */
public record ImageFormat(int channels, int height, int width) {

    /** Grey images of 28x28 pixels: MNIST's, and those of the sets that take its place. */
    public static final ImageFormat MNIST = new ImageFormat(1, 28, 28);

    /** Images of 32x32 pixels in red, green and blue: CIFAR-10's. */
    public static final ImageFormat CIFAR = new ImageFormat(3, 32, 32);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one of them is below 1
     */
    public ImageFormat {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "An image has at least 1 channel, 1 row and 1 column, but got %d, %d"
                                    + " and %d",
                            channels,
                            height,
                            width));
        }
    }

    /**
     * Returns how many values an image has.
     *
     * @return the values of all channels and pixels
     */
    public int size() {
        return channels * area();
    }

    /** Returns how many values a channel has. */
    int area() {
        return height * width;
    }

    /**
     * Returns the shape of images as networks take them.
     *
     * @param images the number of images
     * @return (images, channels, height, width)
     */
    public Shape shape(long images) {
        return new Shape(images, channels, height, width);
    }

    /** Returns the shape of images whose pixels lie one behind the other: (images, H, W, C). */
    Shape pixelShape(long images) {
        return new Shape(images, height, width, channels);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%dx%d pixels in %s",
                width,
                height,
                channels == 1 ? "1 channel" : channels + " channels");
    }
}
