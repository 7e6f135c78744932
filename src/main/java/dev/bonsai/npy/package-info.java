/**
 * Reads and writes arrays as NumPy does, in {@code .npy} files, without NumPy or an engine.
 *
 * <p>Stability: may change.
 */
@NullMarked
package dev.bonsai.npy;

import org.jspecify.annotations.NullMarked;
