package dev.bonsai.examples.data;

/** How training images are varied from epoch to epoch, so that the network sees more of them. */
public enum Augmentation {
    /** The images as they are. */
    NONE(0),
    /**
     * Each image is moved by -1, 0 or 1 pixel along each axis, anew in every epoch; what leaves the
     * frame is lost and what enters is background.
     */
    ONE_PIXEL_SHIFT(1);

    private final int reach;

    Augmentation(int reach) {
        this.reach = reach;
    }

    /** Returns how far an image moves along an axis, at most and in pixels. */
    int reach() {
        return reach;
    }
}
