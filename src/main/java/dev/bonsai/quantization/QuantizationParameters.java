package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * What ties codes to values, one pair a group: {@code value = (code - zeroPoint) * scale}.
 *
 * @param scale the distance of two neighbours on the grid, greater than 0; of the shape (groups,
 *     1), or of any other that broadcasts to the values
 * @param zeroPoint the code of zero, a whole number, of the shape of the scale; 0 on a symmetric
 *     grid
 */
public record QuantizationParameters(NDArray scale, NDArray zeroPoint) {

    QuantizationParameters reshape(Shape shape) {
        return shape.equals(scale.getShape())
                ? this
                : new QuantizationParameters(scale.reshape(shape), zeroPoint.reshape(shape));
    }
}
