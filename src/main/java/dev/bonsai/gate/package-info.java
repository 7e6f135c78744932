/**
 * Accept or undo: the metric that judges each compression step, the tolerance, and the state
 * machine that tries, recovers, rolls back and makes steps smaller.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.gate;

import org.jspecify.annotations.NullMarked;
