package dev.bonsai.kernel;

/** A weight was to be compressed that no block asks the store for. */
final class UnaskedWeightException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    UnaskedWeightException(String message) {
        super(message);
    }
}
