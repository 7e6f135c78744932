/**
 * The ground floor: a compressed weight as plain values, with no tensor library in sight.
 *
 * <p>Techniques produce {@link dev.bonsai.encoding.EncodedWeight}s; the file, and whatever reads a
 * model without DJL, consume them.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.encoding;

import org.jspecify.annotations.NullMarked;
