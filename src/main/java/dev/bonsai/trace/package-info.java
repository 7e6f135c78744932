/**
 * Looks into a forward pass from the outside: which operators it applies, to what, whatever the
 * block hides.
 *
 * <p>Stability: may change with what DJL lets be seen.
 */
@NullMarked
package dev.bonsai.trace;

import org.jspecify.annotations.NullMarked;
