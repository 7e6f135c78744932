/**
 * A small {@code .bonsai} file as a QR code: a whole network in a picture.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.qr;

import org.jspecify.annotations.NullMarked;
