package dev.bonsai.gate;

/** Thrown when the data that a model is to be evaluated on can't be used; the message says why. */
public final class EvaluationDataException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    EvaluationDataException(String message) {
        super(message);
    }

    EvaluationDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
