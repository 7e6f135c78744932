package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.GridWeight;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Seeded weights, and the shortest way to a transform and its results. */
final class Fixtures {

    static final List<Granularity> GRANULARITIES =
            List.of(Granularity.perTensor(), Granularity.perChannel(), Granularity.perGroup(4));

    /**
     * What may be set about the rounding: nothing, that it is by chance, that errors cancel out.
     */
    static final List<UnaryOperator<Quantization.Builder>> ROUNDINGS =
            List.of(
                    options -> options,
                    options -> options.optRounding(Rounding.stochastic(7)),
                    options -> options.optErrorCorrection(ErrorCorrection.MEAN));

    private Fixtures() {}

    static float[] normals(Shape shape, long seed) {
        Random random = new Random(seed);
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    static WeightTransform transform(
            Quantization quantization, NDManager state, Shape shape, float... values) {
        FakeProposal proposal = new FakeProposal(state);
        TargetWeight weight = proposal.add("weight", shape, values);
        return quantization.propose(quantization.getLevels().target(), proposal).get(weight);
    }

    static float[] apply(WeightTransform transform, Mode mode, Shape shape, float... values) {
        try (NDManager scratch = NDManager.newBaseManager()) {
            NDArray weight = scratch.create(values, shape);
            return transform.apply(weight, WeightTransformContract.pass(mode)).toFloatArray();
        }
    }

    /** What inference sees of a weight. */
    static float[] quantize(Quantization.Builder options, Shape shape, float... values) {
        try (NDManager state = NDManager.newBaseManager()) {
            return apply(
                    transform(options.build(), state, shape, values),
                    Mode.INFERENCE,
                    shape,
                    values);
        }
    }

    static GridWeight encode(Quantization.Builder options, Shape shape, float... values) {
        try (NDManager state = NDManager.newBaseManager();
                NDManager scratch = NDManager.newBaseManager()) {
            int[] dimensions = Arrays.stream(shape.getShape()).mapToInt(Math::toIntExact).toArray();
            return (GridWeight)
                    transform(options.build(), state, shape, values)
                            .encode(new DenseWeight(dimensions, values.clone()), scratch);
        }
    }

    static float greatest(float[] values) {
        float greatest = 0;
        for (float value : values) {
            greatest = Math.max(greatest, Math.abs(value));
        }
        return greatest;
    }
}
