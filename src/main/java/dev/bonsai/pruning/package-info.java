/**
 * Removes weights: a {@link dev.bonsai.pruning.Criterion} ranks them, a {@link
 * dev.bonsai.pruning.SparsitySchedule} says how many go and when, a {@link
 * dev.bonsai.pruning.Scope} and an {@link dev.bonsai.pruning.Allocation} say where, a {@link
 * dev.bonsai.pruning.SparsityPattern} says what goes together and a {@link
 * dev.bonsai.pruning.Regrowth} what comes back, and {@link dev.bonsai.pruning.Pruning} puts these
 * together.
 */
package dev.bonsai.pruning;
