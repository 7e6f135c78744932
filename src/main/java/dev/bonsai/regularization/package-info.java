/**
 * Draws weights towards zero, or to codes that take few bits, while they train, so that fewer of
 * them matter when others are removed: {@link dev.bonsai.regularization.Regularization}.
 */
package dev.bonsai.regularization;
