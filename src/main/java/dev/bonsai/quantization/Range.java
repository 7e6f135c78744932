package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;

/**
 * What a grid shall span, one range a group.
 *
 * @param low the least value of each group, of the shape (groups, 1)
 * @param high the greatest value of each group, of the same shape
 */
public record Range(NDArray low, NDArray high) {}
