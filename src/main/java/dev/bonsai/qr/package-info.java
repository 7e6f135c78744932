/** A small {@code .bonsai} file as a QR code: a whole network in a picture. */
package dev.bonsai.qr;
