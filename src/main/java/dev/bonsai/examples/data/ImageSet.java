package dev.bonsai.examples.data;

import java.io.Serializable;
import java.util.Locale;

/**
 * Labelled images, in plain bytes.
 *
 * <p>The arrays belong to the record and must not be changed.
 *
 * @param kind what the images have in common, the format first of all
 * @param pixels the images one after the other, each channel by channel and row by row; unsigned
 * @param labels the class of each image, from 0 to 9
 */
record ImageSet(ImageKind kind, byte[] pixels, byte[] labels) implements Serializable {

    static final int CLASSES = 10;

    ImageSet {
        long needed = (long) labels.length * kind.format().size();
        if (pixels.length != needed) {
            throw new DataException(
                    String.format(
                            Locale.ROOT,
                            "%d labels need %d bytes of images, but got %d",
                            labels.length,
                            needed,
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

    ImageFormat format() {
        return kind.format();
    }

    int size() {
        return labels.length;
    }
}
