package dev.bonsai.encoding;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/** Random weights of every kind, for laws. */
public final class WeightSamples {

    private static final double[] DENSITIES = {0, 0.01, 0.1, 0.5, 0.9, 1};

    private WeightSamples() {}

    /** Every kind at every density, and grids of every width, in many shapes. */
    public static List<EncodedWeight> all(long seed) {
        Random random = new Random(seed);
        List<EncodedWeight> all = new ArrayList<>();
        for (double density : DENSITIES) {
            for (int i = 0; i < 4; ++i) {
                all.add(dense(random, shape(random), density));
                all.add(codebook(random, shape(random), 1 + random.nextInt(70), density));
            }
            for (int bits = 2; bits <= 32; ++bits) {
                all.add(grid(random, shape(random), bits, random.nextBoolean(), density));
            }
        }
        for (double density : DENSITIES) {
            all.add(reduced(random, shape(random), FloatFormat.FLOAT16, density));
            all.add(reduced(random, shape(random), FloatFormat.BFLOAT16, density));
        }
        for (ElementType type : ElementType.EXACT) {
            for (double density : DENSITIES) {
                all.add(exact(random, shape(random), type, density));
            }
        }
        return all;
    }

    /** Any bits that the type can have, all of them 0 where the weight is not dense. */
    public static ExactWeight exact(Random random, int[] shape, ElementType type, double density) {
        byte[] data = new byte[Shapes.size(shape) * type.bytes()];
        for (int i = 0; i < data.length; ++i) {
            if (i % type.bytes() > 0 ? data[i - 1] != 0 : random.nextDouble() < density) {
                data[i] = (byte) (type == ElementType.BOOLEAN ? 1 : 1 + random.nextInt(255));
            }
        }
        return new ExactWeight(shape, type, data);
    }

    public static int[] shape(Random random) {
        return random.ints(random.nextInt(5), 1, 9).toArray();
    }

    public static DenseWeight dense(Random random, int[] shape, double density) {
        float[] values = new float[Shapes.size(shape)];
        for (int i = 0; i < values.length; ++i) {
            values[i] = random.nextDouble() < density ? (float) random.nextGaussian() : -0f;
        }
        return new DenseWeight(shape, values);
    }

    /** Short floats of every size that their format has, zeros where they are not dense. */
    public static DenseWeight reduced(
            Random random, int[] shape, FloatFormat format, double density) {
        float[] values = new float[Shapes.size(shape)];
        for (int i = 0; i < values.length; ++i) {
            float drawn = format.fromBits(random.nextInt(1 << 16));
            values[i] = random.nextDouble() < density ? format.round(drawn) : 0f;
        }
        return new DenseWeight(shape, values, format);
    }

    public static GridWeight grid(
            Random random, int[] shape, int bits, boolean symmetric, double density) {
        ScaleLayout layout = layout(random, Shapes.size(shape));
        int[] zeroPoints = symmetric ? new int[layout.groups()] : codes(random, layout, bits);
        float[] scales = new float[layout.groups()];
        for (int i = 0; i < scales.length; ++i) {
            scales[i] = 1e-3f + random.nextFloat();
        }
        int[] codes = new int[Shapes.size(shape)];
        for (int i = 0; i < codes.length; ++i) {
            boolean kept = random.nextDouble() < density;
            codes[i] = kept ? random.nextInt() >> (32 - bits) : zeroPoints[layout.groupOf(i)];
        }
        return new GridWeight(shape, bits, layout, codes, scales, zeroPoints);
    }

    /**
     * Zero stands at a random place of the codebook, except at full density, where it is missing.
     */
    public static CodebookWeight codebook(Random random, int[] shape, int size, double density) {
        float[] codebook = new float[size];
        for (int i = 0; i < size; ++i) {
            codebook[i] = i + 1 + random.nextFloat();
        }
        int zero = random.nextInt(size);
        if (density < 1) {
            codebook[zero] = 0;
        }
        int[] assignments = new int[Shapes.size(shape)];
        for (int i = 0; i < assignments.length; ++i) {
            assignments[i] = random.nextDouble() < density ? random.nextInt(size) : zero;
        }
        return new CodebookWeight(shape, codebook, assignments);
    }

    public static BitSet subset(Random random, int size) {
        BitSet subset = new BitSet();
        for (int i = 0; i < size; ++i) {
            subset.set(i, random.nextBoolean());
        }
        return subset;
    }

    private static ScaleLayout layout(Random random, int size) {
        int rows = 1 + random.nextInt(size);
        while (size % rows != 0) {
            --rows;
        }
        return new ScaleLayout(rows, size / rows, 1 + random.nextInt(size / rows));
    }

    private static int[] codes(Random random, ScaleLayout layout, int bits) {
        return random.ints(layout.groups()).map(i -> i >> (32 - bits)).toArray();
    }
}
