/**
 * Weights of one sign and a common size: {@link dev.bonsai.lowbit.Binarization} leaves a bit of
 * each, {@link dev.bonsai.lowbit.Ternarization} a sign or zero. The scale of a channel or a weight
 * is taken from its elements at every pass, or trained.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.lowbit;

import org.jspecify.annotations.NullMarked;
