/**
 * Runs a {@link dev.bonsai.graph.Graph} as an ordinary DJL block: what came from a file or from a
 * trace trains, saves, loads and compresses like a block of Java code.
 *
 * <p>One kernel per operator, in {@code Kernels}; integers that follow from shapes stay on Java's
 * side, see {@code HostKernels}.
 *
 * <p>Stability: may change, as more operators run in DJL.
 */
@NullMarked
package dev.bonsai.block;

import org.jspecify.annotations.NullMarked;
