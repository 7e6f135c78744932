package dev.bonsai.onnx;

/** Says why values can't tell the ranges of a model's activations: none, or not fit for it. */
public final class CalibrationException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    CalibrationException(String message) {
        super(message);
    }

    CalibrationException(String message, Throwable cause) {
        super(message, cause);
    }
}
