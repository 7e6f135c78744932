/**
 * Draws weights towards zero, or to codes that take few bits, while they train, so that fewer of
 * them matter when others are removed: {@link dev.bonsai.regularization.Regularization}.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.regularization;

import org.jspecify.annotations.NullMarked;
