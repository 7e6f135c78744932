/**
 * Removes weights: a {@link dev.bonsai.pruning.Criterion} ranks them, a {@link
 * dev.bonsai.pruning.SparsitySchedule} says how many go and when, a {@link
 * dev.bonsai.pruning.Scope} and an {@link dev.bonsai.pruning.Allocation} say where, a {@link
 * dev.bonsai.pruning.SparsityPattern} says what goes together and a {@link
 * dev.bonsai.pruning.Regrowth} what comes back, and {@link dev.bonsai.pruning.Pruning} puts these
 * together. {@link dev.bonsai.pruning.Thinning} removes whole channels of the network, ranked by
 * the same criteria, as much as a {@link dev.bonsai.pruning.Saving} says.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.pruning;

import org.jspecify.annotations.NullMarked;
