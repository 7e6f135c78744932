package dev.bonsai.report;

/**
 * How large a model was and is. Each size is the length of a file.
 *
 * @param before the bytes of the block's parameters as DJL's {@code Block.saveParameters} writes
 *     them; 0 if that is not known
 * @param after the bytes of the {@code .bonsai} file of the compressed model; 0 if no such file can
 *     be written
 */
public record ModelSize(long before, long after) {

    /** The size of a model that could not be written. */
    public static final ModelSize UNKNOWN = new ModelSize(0, 0);

    /** Checks the sizes. */
    public ModelSize {
        if (before < 0 || after < 0) {
            throw new IllegalArgumentException(
                    "The length of a file is 0 or more, but got " + before + " and " + after);
        }
    }

    /**
     * Tells whether both sizes are known.
     *
     * @return whether there is a ratio
     */
    public boolean isKnown() {
        return before > 0 && after > 0;
    }

    /**
     * Returns how many times smaller the model has become.
     *
     * @return the ratio of the sizes; NaN if one is not known
     */
    public double ratio() {
        return isKnown() ? (double) before / after : Double.NaN;
    }
}
