package dev.bonsai.rounding;

import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.ScaleLayout;
import dev.bonsai.entropy.CodeLayout;
import dev.bonsai.entropy.EntropyCoder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;

/** Weights on grids, as they look after pruning and training. */
final class Grids {

    static final float[] NO_IMPORTANCE = {};

    private Grids() {}

    /** Numbers of which some are zero and small ones are many. */
    static float[] latent(long seed, int size, double density) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; ++i) {
            double sign = random.nextBoolean() ? 1 : -1;
            double laplacian = -Math.log(1 - random.nextDouble()) * sign;
            values[i] = random.nextDouble() < density ? (float) laplacian : 0;
        }
        return values;
    }

    /** Rounds a weight to the nearest on a grid with a scale per row. */
    static SteppedWeight stepped(float[] latent, int bits, float[] importance, int... shape) {
        int rows = shape.length < 2 ? 1 : shape[0];
        ScaleLayout layout = new ScaleLayout(rows, latent.length / rows, latent.length / rows);
        float[] scales = new float[rows];
        int[] codes = new int[latent.length];
        int highest = ~GridWeight.lowestCode(bits);
        for (int row = 0; row < rows; ++row) {
            scales[row] = (4f + row % 3) / highest;
        }
        for (int i = 0; i < codes.length; ++i) {
            double code = Math.rint(latent[i] / scales[layout.groupOf(i)]);
            codes[i] = (int) Math.max(-highest, Math.min(highest, code));
        }
        GridWeight grid = new GridWeight(shape, bits, layout, codes, scales, new int[rows]);
        return new SteppedWeight(grid, FloatBuffer.wrap(latent), FloatBuffer.wrap(importance));
    }

    /** Returns the error of codes, in squared steps. */
    static double error(SteppedWeight weight, Codes codes) {
        double error = 0;
        for (int i = 0; i < codes.size(); ++i) {
            error += weight.error(i, codes.get(i));
        }
        return error;
    }

    /** Returns the bits that the codes of weights take one after the other. */
    static double bits(List<SteppedWeight> weights, List<Codes> codes) {
        EntropyCoder coder = EntropyCoder.counter();
        double bits = 0;
        for (int i = 0; i < codes.size(); ++i) {
            Codes own = codes.get(i);
            CodeLayout layout = CodeLayout.of(weights.get(i).grid().shape(), own.size());
            EntropyCoder shortest = null;
            for (boolean tied : new boolean[] {false, true}) {
                EntropyCoder trial = coder.trial();
                trial.choose(layout, tied, (at, prices) -> own.get(at));
                shortest = shortest == null || trial.bits() < shortest.bits() ? trial : shortest;
            }
            bits += shortest.bits();
            coder = shortest;
        }
        return bits;
    }
}
