/**
 * Puts weights on a grid of few values: a {@link dev.bonsai.quantization.RangeEstimator} finds what
 * the grid spans, a {@link dev.bonsai.quantization.Granularity} says which weights share one, a
 * {@link dev.bonsai.quantization.Rounding} picks the grid point, {@link
 * dev.bonsai.quantization.AffineQuantizer} is the arithmetic, and {@link
 * dev.bonsai.quantization.Quantization} puts these together. {@link
 * dev.bonsai.quantization.ReducedFloats} has no grid: it rounds to 16-bit floats.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.quantization;

import org.jspecify.annotations.NullMarked;
