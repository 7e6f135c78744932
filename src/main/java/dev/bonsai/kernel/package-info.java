/**
 * Puts techniques to work on the model of a trainer; used by the root package alone, and no part of
 * what is promised to users.
 *
 * <p>A wrapper round the root block hands the blocks a view of the parameter store through which
 * they see effective weights; a session holds what is done to the weights now, and the accepted
 * state to fall back to, and is what the gate works on. Techniques are known by {@link
 * dev.bonsai.core.Technique} only.
 *
 * <p>Stability: internal; it is public because Java forces it.
 */
@NullMarked
package dev.bonsai.kernel;

import org.jspecify.annotations.NullMarked;
