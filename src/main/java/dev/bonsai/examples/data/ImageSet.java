package dev.bonsai.examples.data;

import java.util.Locale;

/**
 * Labelled grey images of 28x28 pixels, in plain bytes.
 *
 * <p>The arrays belong to the record and must not be changed.
 *
 * @param pixels the images one after the other, each row by row; unsigned, 0 is the background
 * @param labels the class of each image, from 0 to 9
 */
record ImageSet(byte[] pixels, byte[] labels) {

    /** The width and the height of an image, in pixels. */
    static final int SIDE = 28;

    /** The bytes of an image. */
    static final int AREA = SIDE * SIDE;

    static final int CLASSES = 10;

    ImageSet {
        if (pixels.length != (long) labels.length * AREA) {
            throw new DataException(
                    String.format(
                            Locale.ROOT,
                            "%d labels need %d pixels, but got %d",
                            labels.length,
                            (long) labels.length * AREA,
                            pixels.length));
        }
        for (int i = 0; i < labels.length; ++i) {
            int label = Byte.toUnsignedInt(labels[i]);
            if (label >= CLASSES) {
                throw new DataException(
                        String.format(
                                Locale.ROOT,
                                "A label lies from 0 to 9, but that of image %d is %d",
                                i,
                                label));
            }
        }
    }

    int size() {
        return labels.length;
    }
}
