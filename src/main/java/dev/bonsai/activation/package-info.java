/**
 * Where activations are rounded so that integers can compute a network: decided in one place, the
 * {@link dev.bonsai.activation.ActivationPlan}, for the training and for the file in integers.
 *
 * <p>Stability: may change, as more operators are rounded.
 */
@NullMarked
package dev.bonsai.activation;

import org.jspecify.annotations.NullMarked;
