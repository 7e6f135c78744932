package dev.bonsai.kernel;

import java.util.regex.Pattern;

/**
 * What becomes of a block that keeps, from one pass to the next, an array that it computed from a
 * weight: effective weights, and what is computed from them, are freed when a pass ends.
 */
final class ReleasedArray {

    /** DJL has two spellings. */
    private static final Pattern DJL_SAYS = Pattern.compile("has been released? already");

    private ReleasedArray() {}

    /** Tells whether an error is DJL's about an array that is closed. */
    static boolean isMeant(Throwable error) {
        return error instanceof IllegalStateException
                && error.getMessage() != null
                && DJL_SAYS.matcher(error.getMessage()).find();
    }

    /** Says what happened and how to mend it. */
    static IllegalStateException explained(IllegalStateException cause) {
        return new IllegalStateException(
                "The block uses an array that was freed when an earlier forward pass ended. While a"
                        + " model is compressed its effective weights are computed anew for each"
                        + " pass, and what a block computed from them can't be kept for the next:"
                        + " compute it in every pass, or leave the weight out with a"
                        + " WeightSelector",
                cause);
    }
}
