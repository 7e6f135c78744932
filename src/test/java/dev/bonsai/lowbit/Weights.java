package dev.bonsai.lowbit;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import java.util.Arrays;
import java.util.Random;

/** Seeded weights, and the shortest way to a transform and its results. */
final class Weights {

    private Weights() {}

    static float[] normals(Shape shape, long seed) {
        Random random = new Random(seed);
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) (0.1 * random.nextGaussian());
        }
        return values;
    }

    static WeightTransform transform(
            Technique technique, double level, NDManager state, Shape shape, float... values) {
        FakeProposal proposal = new FakeProposal(state);
        TargetWeight weight = proposal.add("weight", shape, values);
        return technique.propose(level, proposal).get(weight);
    }

    static float[] apply(WeightTransform transform, Mode mode, Shape shape, float... values) {
        try (NDManager scratch = NDManager.newBaseManager()) {
            return transform
                    .apply(scratch.create(values, shape), WeightTransformContract.pass(mode))
                    .toFloatArray();
        }
    }

    /** What inference sees of a weight. */
    static float[] effective(Technique technique, Shape shape, float... values) {
        try (NDManager state = NDManager.newBaseManager()) {
            return apply(
                    transform(technique, 1, state, shape, values), Mode.INFERENCE, shape, values);
        }
    }

    static EncodedWeight encode(Technique technique, double level, Shape shape, float... values) {
        try (NDManager state = NDManager.newBaseManager();
                NDManager scratch = NDManager.newBaseManager()) {
            int[] dimensions = Arrays.stream(shape.getShape()).mapToInt(Math::toIntExact).toArray();
            return transform(technique, level, state, shape, values)
                    .encode(new DenseWeight(dimensions, values.clone()), scratch);
        }
    }
}
