/**
 * Makes a graph smaller without changing what it computes: {@link dev.bonsai.rewrite.Simplifier}.
 *
 * <p>A rewrite is one small class that says in its Javadoc what it puts in the place of what.
 *
 * <p>Stability: may change, as more is made smaller.
 */
@NullMarked
package dev.bonsai.rewrite;

import org.jspecify.annotations.NullMarked;
