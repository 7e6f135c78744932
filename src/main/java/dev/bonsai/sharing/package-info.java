/**
 * Lets the elements of a weight share a few values: {@link dev.bonsai.sharing.WeightSharing} groups
 * them by k-means, an {@link dev.bonsai.sharing.Initialization} says where the groups begin, and a
 * {@link dev.bonsai.sharing.CentroidTraining} how the shared values are trained.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.sharing;

import org.jspecify.annotations.NullMarked;
