package dev.bonsai.page;

import java.awt.image.BufferedImage;
import java.util.Optional;

/**
 * A sample on which the dense and the compressed model differ.
 *
 * @param sample what tells it from others, such as {@code image 247}
 * @param expected the answer that is right
 * @param dense what the dense model answers
 * @param compressed what the compressed model answers
 * @param image what the models were shown; empty if it is no image
 */
public record Difference(
        String sample,
        String expected,
        String dense,
        String compressed,
        Optional<BufferedImage> image) {

    /** Tells whether the compressed model is the one that is right. */
    boolean isGain() {
        return compressed.equals(expected);
    }

    Optional<Picture> picture() {
        return image.map(Pictures::picture);
    }
}
