package dev.bonsai.onnx;

import java.io.IOException;

/**
 * Says why a graph did not become an ONNX file: what can't be said in operator set 17, or where the
 * file computed something else than the model. No file is left.
 */
public final class OnnxExportException extends IOException {

    private static final long serialVersionUID = 1L;

    OnnxExportException(String message) {
        super(message);
    }

    OnnxExportException(String message, Throwable cause) {
        super(message, cause);
    }
}
