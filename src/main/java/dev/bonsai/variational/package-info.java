/**
 * Has every weight learn how much noise it bears, and removes those that bear any amount: {@link
 * dev.bonsai.variational.VariationalDropout}.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.variational;

import org.jspecify.annotations.NullMarked;
