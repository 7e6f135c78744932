/**
 * Few bits a weight: uniform grids, from the estimation of the range to the rounding and the
 * correction of its error. {@link dev.bonsai.quantization.Quantization} is what users configure.
 */
package dev.bonsai.quantization;
