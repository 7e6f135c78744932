package dev.bonsai.qr;

import java.io.IOException;

/** Says that a file does not fit in a QR code, or that a picture shows none that can be read. */
public final class QrException extends IOException {

    private static final long serialVersionUID = 1L;

    QrException(String message) {
        super(message);
    }

    QrException(String message, Throwable cause) {
        super(message, cause);
    }
}
