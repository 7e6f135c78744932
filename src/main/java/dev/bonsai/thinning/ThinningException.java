package dev.bonsai.thinning;

/** Says that units can't be removed, what was expected, and what to do. */
public final class ThinningException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * @param what what is wrong
     * @param expected what was expected
     * @param remedy what to do
     */
    public ThinningException(String what, String expected, String remedy) {
        super(what + "; expected " + expected + ": " + remedy);
    }
}
