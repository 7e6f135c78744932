package dev.bonsai.examples.data;

/** How training images are varied from epoch to epoch, so that the network sees more of them. */
public enum Augmentation {
    /** The images as they are. */
    NONE(0, false),
    /**
     * Each image is moved by -1, 0 or 1 pixel along each axis, anew in every epoch; what leaves the
     * frame is lost and what enters is background.
     */
    ONE_PIXEL_SHIFT(1, false),
    /**
     * Each image is mirrored left to right or not, and then moved by -4 to 4 pixels along each
     * axis, anew in every epoch; what leaves the frame is lost, and what enters is 0 for the
     * network: the mean of the channel.
     */
    MIRROR_AND_SHIFT(4, true);

    private final int reach;
    private final boolean mirrors;

    Augmentation(int reach, boolean mirrors) {
        this.reach = reach;
        this.mirrors = mirrors;
    }

    /** Returns how far an image moves along an axis, at most and in pixels. */
    int reach() {
        return reach;
    }

    /** Tells whether left and right of an image are exchanged in half of all cases. */
    boolean mirrors() {
        return mirrors;
    }
}
