/** Reads and writes arrays as NumPy does, in {@code .npy} files, without NumPy or an engine. */
package dev.bonsai.npy;
