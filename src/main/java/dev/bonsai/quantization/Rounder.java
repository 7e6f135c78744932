package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass;
import java.util.SplittableRandom;

/** A {@link Rounding} at work on one matrix. */
sealed interface Rounder {

    /** Rounds to whole numbers; the result belongs to the manager of the input. */
    NDArray round(NDArray scaled, ForwardPass.Mode mode);

    /** Whether no number moves by more than half. */
    boolean isNearest();

    static Rounder nearest() {
        return new Nearest();
    }

    /** A rounder whose draws depend on a seed and belong to a manager. */
    static Rounder stochastic(long seed, Shape shape, NDManager manager) {
        return new Random(seed, shape, manager);
    }

    /** To the nearest, a tie to the even one. */
    record Nearest() implements Rounder {
        @Override
        public NDArray round(NDArray scaled, ForwardPass.Mode mode) {
            return scaled.round();
        }

        @Override
        public boolean isNearest() {
            return true;
        }
    }

    /**
     * {@code floor(x + u)}. The uniform numbers are drawn once; each training pass rotates all of
     * them by one further draw, {@code u' = frac(u + r)}, which leaves each of them uniform
     * (Cranley and Patterson 1976) and costs no new noise.
     */
    final class Random implements Rounder {

        /** A number this close to a whole one, relative to its size, is that one, divided badly. */
        private static final float ON_GRID = 1e-6f;

        private final SplittableRandom random;
        private final NDArray noise;

        private Random(long seed, Shape shape, NDManager manager) {
            random = new SplittableRandom(seed);
            float[] draws = new float[Math.toIntExact(shape.size())];
            for (int i = 0; i < draws.length; ++i) {
                draws[i] = (random.nextInt() >>> 8) * 0x1p-24f;
            }
            noise = manager.create(draws, shape);
        }

        @Override
        public NDArray round(NDArray scaled, ForwardPass.Mode mode) {
            NDArray nearest = scaled.round();
            NDArray rest = scaled.sub(nearest);
            NDArray off = rest.abs().gt(nearest.abs().maximum(1f).muli(ON_GRID));
            rest.muli(off.toType(rest.getDataType(), false));
            float rotation =
                    mode == ForwardPass.Mode.TRAINING ? (random.nextInt() >>> 8) * 0x1p-24f : 0;
            NDArray draw = scaled.zerosLike().addi(noise).addi(rotation);
            draw.subi(draw.floor());
            return nearest.addi(rest.addi(draw).floor());
        }

        @Override
        public boolean isNearest() {
            return false;
        }
    }
}
