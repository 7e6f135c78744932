/**
 * Rounding that knows the bits: {@link dev.bonsai.rounding.RateDistortionRounding} moves weights on
 * their grid to neighbours, or to zero, that a file takes fewer bits for.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.rounding;

import org.jspecify.annotations.NullMarked;
