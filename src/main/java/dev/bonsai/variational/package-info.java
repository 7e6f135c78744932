/**
 * Has every weight learn how much noise it bears, and removes those that bear any amount: {@link
 * dev.bonsai.variational.VariationalDropout}.
 */
package dev.bonsai.variational;
