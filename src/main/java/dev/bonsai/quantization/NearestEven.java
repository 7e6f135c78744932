package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.RotatingNoise;

/** Rounds to the nearest step, a tie to the even one. */
final class NearestEven extends Rounding {

    static final NearestEven INSTANCE = new NearestEven();

    private NearestEven() {
        super("nearestEven");
    }

    @Override
    Rounder start(RotatingNoise.State stood, int bits, Shape shape, NDManager state) {
        NDArray rounder = AffineQuantizer.rounder(AffineQuantizer.type(bits), state);
        return (steps, mode) -> steps.addi(rounder).subi(rounder);
    }
}
