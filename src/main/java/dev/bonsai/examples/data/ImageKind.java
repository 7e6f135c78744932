package dev.bonsai.examples.data;

import java.nio.ByteBuffer;

/** Images that are alike: in their format, in how a network sees them, in how they may vary. */
public enum ImageKind {
    /** Digits, clothing and the like: a network sees [0, 1], and the background is 0. */
    MNIST(ImageFormat.MNIST, Augmentation.ONE_PIXEL_SHIFT, new float[] {0}, new float[] {1}),
    /**
     * Small photographs: a network sees each channel less its mean, divided by its standard
     * deviation, both those of the training images of CIFAR-10 in [0, 1].
     */
    CIFAR(
            ImageFormat.CIFAR,
            Augmentation.MIRROR_AND_SHIFT,
            new float[] {0.4914f, 0.4822f, 0.4465f},
            new float[] {0.2470f, 0.2435f, 0.2616f});

    private static final int LEVELS = 256;

    private final ImageFormat format;
    private final Augmentation augmentation;
    private final float[] means;
    private final float[] deviations;

    ImageKind(ImageFormat format, Augmentation augmentation, float[] means, float[] deviations) {
        this.format = format;
        this.augmentation = augmentation;
        this.means = means;
        this.deviations = deviations;
    }

    /**
     * Returns what an image is made of.
     *
     * @return the channels, the height and the width
     */
    public ImageFormat format() {
        return format;
    }

    /**
     * Returns how such images can be varied without becoming others.
     *
     * @return the usual augmentation
     */
    public Augmentation augmentation() {
        return augmentation;
    }

    /** Returns what a network sees of each byte: an array of 256 values for each channel. */
    float[][] seen() {
        float[][] seen = new float[format.channels()][LEVELS];
        for (int channel = 0; channel < seen.length; ++channel) {
            for (int level = 0; level < LEVELS; ++level) {
                float grey = level / 255f;
                seen[channel][level] = (grey - means[channel]) / deviations[channel];
            }
        }
        return seen;
    }

    /** Returns what sets the values that a network sees apart from those in [0, 1]. */
    byte[] signature() {
        if (this == MNIST) {
            return new byte[0];
        }
        ByteBuffer bytes = ByteBuffer.allocate(2 * Float.BYTES * format.channels());
        for (int channel = 0; channel < format.channels(); ++channel) {
            bytes.putFloat(means[channel]).putFloat(deviations[channel]);
        }
        return bytes.array();
    }
}
