package dev.bonsai.page;

import java.util.Base64;

/**
 * A picture, one pixel for each cell of what is shown.
 *
 * @param width the width in pixels
 * @param height the height in pixels
 * @param png the picture as a PNG file; not to be changed
 */
record Picture(int width, int height, byte[] png) {

    /** Returns the picture as an address that needs no network. */
    String address() {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }
}
