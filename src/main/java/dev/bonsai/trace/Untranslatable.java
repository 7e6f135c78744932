package dev.bonsai.trace;

/** An operator, or the way in which one is used, that a graph has no words for. */
final class Untranslatable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param what what there are no words for
     */
    Untranslatable(String what) {
        super(what, null, false, false);
    }
}
