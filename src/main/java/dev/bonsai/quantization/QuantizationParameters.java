package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;

/**
 * The grid of a matrix with one group of weights a row: {@code real = (code - zeroPoint) * scale}.
 *
 * @param scale positive scales of shape (groups, 1)
 * @param zeroPoint the codes of zero, whole numbers of shape (groups, 1); null on a symmetric grid,
 *     where they are all 0
 */
public record QuantizationParameters(NDArray scale, NDArray zeroPoint) {}
